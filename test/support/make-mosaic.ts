import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeTiff, type TiffSpec } from './make-tiff.js'

export interface MosaicSpec {
  readonly columns: number
  readonly rows: number
  /** Pixels of a file's side, a multiple of 512. */
  readonly side?: number
  /** Metres of a pixel. */
  readonly pixel?: number
  /** Upper left corner in Lambert-93. */
  readonly corner?: readonly [x: number, y: number]
}

/** Stands for the corner in the template; no other double of it is the same. */
const [markX, markY] = [123456.0625, 6543210.0625]

/**
 * Writes files that lie side by side in Lambert-93, all tiles but those of the smallest overview sparse: a few hundred bytes each on a file
 * system with holes, quick to make by the ten thousand. Gives back the paths, row by row from the north west.
 */
export function makeMosaic(
  folder: string,
  { columns, rows, side = 2048, pixel = 0.2, corner = [600_000, 6_900_000] }: MosaicSpec,
): string[] {
  mkdirSync(folder, { recursive: true })
  const image = (width: number, isReduced: boolean): TiffSpec => ({
    width,
    height: width,
    tile: [256, 256],
    deflate: true,
    bands: [() => 90, () => 120, () => 60],
    ...(width > 256 && { missing: Array.from({ length: (width / 256) ** 2 }, (_, i) => i) }),
    ...(isReduced ? { subfile: 1 } : { place: [markX, markY, pixel, pixel] as const, epsg: 2154 }),
  })
  const sizes: number[] = []
  for (let width = side; width >= 256; width /= 2) sizes.push(width)
  const template = Buffer.from(makeTiff(sizes.map((width, i) => image(width, i > 0))))
  const at = (value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(value)
    return template.indexOf(bytes)
  }
  const [atX, atY] = [at(markX), at(markY)]
  const paths: string[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      template.writeDoubleLE(corner[0] + column * side * pixel, atX)
      template.writeDoubleLE(corner[1] - row * side * pixel, atY)
      const path = join(folder, `dalle-${String(row).padStart(4, '0')}-${String(column).padStart(4, '0')}.tif`)
      writeFileSync(path, template)
      paths.push(path)
    }
  return paths
}
