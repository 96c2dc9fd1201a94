import type { Finding } from '#core/atlas.js'
import type { Pyramid } from './pyramid.js'
import { listEntries } from './tiff-directory.js'

/**
 * What to say of a file whose last block would lie beyond its end, as of a copy that was broken off: its head is whole, so that nothing but a map of
 * that place would tell. One look at the two lists of blocks; a last block that was never written tells nothing.
 */
export async function cutOff({ name, parts, levels }: Pyramid): Promise<Finding | undefined> {
  const { part, layout } = levels[0].image
  const file = parts[part]
  const { columns, rows, planes, partsPerStrip, offsets, byteCounts } = layout
  const last = planes * (rows / partsPerStrip) * columns - 1
  const [offset = 0] = await listEntries(file, offsets, last)
  const [length = 0] = await listEntries(file, byteCounts, last)
  if (offset + length <= file.size || length === 0) return undefined
  return {
    severity: 'error',
    code: 'cut-off',
    message: `"${name}" is cut off: it has ${file.size} bytes, and its last block would end at ${offset + length}. Maps of what is missing are refused, a mosaic leaves the file out.`,
    cure: 'The file copied anew, whole.',
  }
}
