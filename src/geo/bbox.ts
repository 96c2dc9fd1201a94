/** An axis-aligned box `[minX, minY, maxX, maxY]`, always x (east, longitude) before y, in the units of the CRS that goes with it. */
export type Bbox = readonly [minX: number, minY: number, maxX: number, maxY: number]
