import { EwkbError, ewkbBbox, ewkbType, readEwkb } from '#geo/ewkb.js'

/** Tells the points that a geometry (EWKB) counts as: each of a MultiPoint, of all but points the middle of the box. Of broken and empty ones none. */
export function eachCloudPoint(ewkb: Uint8Array, use: (x: number, y: number) => void): void {
  try {
    const { kind } = ewkbType(ewkb)
    if (kind === 'MultiPoint') {
      const geometry = readEwkb(ewkb)
      if (geometry.kind === 'MultiPoint')
        for (const part of geometry.parts)
          if (part.kind === 'Point' && part.coordinates.length > 0) use(part.coordinates[0], part.coordinates[1])
      return
    }
    const box = ewkbBbox(ewkb)
    if (box) use((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
  } catch (error) {
    if (!(error instanceof EwkbError)) throw error
  }
}
