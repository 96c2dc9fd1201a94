import type { RasterFile } from './atlas.js'

/** Files of one pixel grid as the one raster they are parts of: read from it, what lies across their borders is whole. */
export interface JoinedFile extends RasterFile {
  /** In drawing order: the last is on top. */
  readonly members: readonly JoinedMember[]
}

export interface JoinedMember {
  readonly file: RasterFile
  /** Where its first pixel is in full resolution pixels of the whole. */
  readonly left: number
  readonly top: number
}

export const isJoined = (file: RasterFile): file is JoinedFile => 'members' in file

/** Share of a pixel that the corners of files of one grid may be off: digits that were written down. */
const hair = 0.01

/**
 * Joins files that follow each other in `files` (in drawing order) and share CRS, pixel size and grid; the others stay as they are. Levels that
 * the borders cut through the middle of a pixel of are left out of what is joined.
 */
export function joinFiles(files: readonly RasterFile[]): readonly RasterFile[] {
  if (files.length === 1) return files
  const runs: RasterFile[][] = []
  for (const file of files) {
    const run = runs.at(-1)
    if (run && isSameGrid(run[0], file)) run.push(file)
    else runs.push([file])
  }
  return runs.map(run => (run.length === 1 ? run[0] : joined(run)))
}

function isSameGrid(a: RasterFile, b: RasterFile): boolean {
  const [, dx, rx, , ry, dy] = a.transform
  const [, ex, sx, , sy, ey] = b.transform
  if (a.crs !== b.crs || rx !== 0 || ry !== 0 || sx !== 0 || sy !== 0) return false
  // over the whole file the two sizes of a pixel must not drift apart
  const drift = Math.max(Math.abs(dx / ex - 1) * b.width, Math.abs(dy / ey - 1) * b.height)
  return drift <= hair && offsetsOf(a, b).every(offset => Math.abs(offset - Math.round(offset)) <= hair)
}

const offsetsOf = (a: RasterFile, b: RasterFile): readonly [number, number] => [
  (b.transform[0] - a.transform[0]) / a.transform[1],
  (b.transform[3] - a.transform[3]) / a.transform[5],
]

function joined(files: readonly RasterFile[]): JoinedFile {
  const [first] = files
  const offsets = files.map(file => offsetsOf(first, file).map(Math.round))
  const [left, top] = [0, 1].map(axis => Math.min(...offsets.map(offset => offset[axis])))
  const members = files.map((file, i) => ({ file, left: offsets[i][0] - left, top: offsets[i][1] - top }))
  const width = Math.max(...members.map(member => member.left + member.file.width))
  const height = Math.max(...members.map(member => member.top + member.file.height))
  const [x, dx, , y, , dy] = first.transform
  const [x0, y0] = [x + left * dx, y + top * dy]
  const levels = first.levels.flatMap((level, k) => {
    const factor = first.width / level.width
    const isWhole = members.every(({ file, left, top }) => {
      const own = file.levels[k]
      const fits = own && own.width * factor === file.width && own.height * factor === file.height
      return fits && Number.isInteger(left / factor) && Number.isInteger(top / factor)
    })
    return isWhole ? [{ ...level, width: Math.ceil(width / factor), height: Math.ceil(height / factor) }] : []
  })
  return {
    path: first.path,
    version: files.map(({ version }) => version).join('+'),
    crs: first.crs,
    width,
    height,
    transform: [x0, dx, 0, y0, 0, dy],
    bbox: [Math.min(x0, x0 + width * dx), Math.min(y0, y0 + height * dy), Math.max(x0, x0 + width * dx), Math.max(y0, y0 + height * dy)],
    levels,
    members,
  }
}
