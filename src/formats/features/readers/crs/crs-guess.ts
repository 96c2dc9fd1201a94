import type { Bbox } from '#geo/bbox.js'

export interface CrsGuess {
  readonly crs: string
  readonly note: string
}

/**
 * A CRS for coordinates whose file names none, by where they lie; undefined when nothing fits. Only systems of metropolitan France and
 * degrees are guessed: elsewhere the ranges say nothing.
 */
export function guessCrs([minX, minY, maxX, maxY]: Bbox): CrsGuess | undefined {
  const isWithin = (x0: number, y0: number, x1: number, y1: number) => minX >= x0 && minY >= y0 && maxX <= x1 && maxY <= y1
  const guess = (crs: string, why: string) => ({
    crs,
    note: `The file names no coordinate reference system: taken as ${crs}, because ${why}. --crs says otherwise.`,
  })
  if (isWithin(-180, -90, 180, 90)) return guess('EPSG:4326', 'all coordinates are within ±180, ±90 degrees')
  if (isWithin(-360, -90, 360, 90)) return guess('EPSG:4326', 'all coordinates are degrees')
  if (isWithin(0, 6_000_000, 1_300_000, 7_200_000)) return guess('EPSG:2154', 'all coordinates lie where Lambert-93 has France')
  // conic conformal zone n: false northing 1,200,000 m at CC42, one million more for each zone; false easting 1,700,000 m
  for (let zone = 42; zone <= 50; zone++) {
    const northing = (zone - 41) * 1_000_000 + 200_000
    if (isWithin(1_100_000, northing - 200_000, 2_300_000, northing + 200_000))
      return guess(`EPSG:${3900 + zone}`, `all coordinates lie where CC${zone} has France`)
  }
  if (isWithin(0, 1_550_000, 1_250_000, 2_700_000)) return guess('EPSG:27572', 'all coordinates lie where Lambert II étendu has France')
  if (isWithin(-700_000, 5_000_000, 1_150_000, 6_700_000)) return guess('EPSG:3857', 'all coordinates lie where Web Mercator has France')
  return undefined
}
