import { Problem } from '#core/problem.js'
import type { ByteFile } from './byte-file.js'
import { fieldBytes, fieldNumbers, type TagName, tags } from './tiff-tags.js'

/** A TIFF file's images, as their headers describe them; nothing of the pixels is read. */
export interface TiffHead {
  readonly isLittle: boolean
  readonly directories: readonly TiffDirectory[]
}

/** One image file directory. Values are loaded, except the (possibly long) lists of block positions, which stay references. */
export interface TiffDirectory {
  readonly values: ReadonlyMap<TagName, readonly number[]>
  readonly texts: ReadonlyMap<TagName, string>
  readonly lists: ReadonlyMap<TagName, TiffList>
}

/** Where a list of numbers lies in the file; short ones are in memory. */
export interface TiffList {
  readonly type: number
  readonly count: number
  readonly position: number
  readonly numbers?: readonly number[]
}

/** Images beyond these are ignored: a pyramid of 2^32 pixels with its masks needs fewer. */
const maxDirectories = 256
const maxEntries = 4096
/** Longest value that is loaded: a colour map of 65536 entries, or metadata of 1 MB. */
const maxValueBytes = 1 << 20
/** Lists of block positions up to this length are kept in memory. */
const maxListInMemory = 1 << 14
/** Numbers kept in memory for one file, all images together. */
const maxNumbers = 1 << 20

const nameOfTag = new Map<number, TagName>(Object.entries(tags).map(([name, tag]) => [tag, name as TagName]))
const listTags: ReadonlySet<TagName> = new Set(['stripOffsets', 'stripByteCounts', 'tileOffsets', 'tileByteCounts'])
const textTags: ReadonlySet<TagName> = new Set(['geoAscii', 'gdalMetadata', 'gdalNodata'])

/**
 * Reads the header and the chain of directories of a TIFF or BigTIFF (TIFF 6.0, section 2). Every offset and count is checked against
 * the file before anything is allocated. Throws `invalid-data` naming `name`.
 */
export async function readTiffHead(file: ByteFile, name: string): Promise<TiffHead> {
  const broken = (reason: string) => new Problem('invalid-data', `"${name}" is not a usable GeoTIFF: ${reason}.`)
  if (file.size === 0) throw broken('the file is empty')
  if (file.size < 8) throw broken('it is too short to be a TIFF')
  const head = view(await file.read(0, 8))
  const order = head.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) throw broken('its first bytes are not those of a TIFF')
  const isLittle = order === 0x4949
  const magic = head.getUint16(2, isLittle)
  if (magic !== 42 && magic !== 43) throw broken('its first bytes are not those of a TIFF')
  const isBig = magic === 43
  if (isBig && (file.size < 16 || head.getUint16(4, isLittle) !== 8)) throw broken('its BigTIFF header is damaged')
  let next = isBig ? Number(view(await file.read(8, 8)).getBigUint64(0, isLittle)) : head.getUint32(4, isLittle)

  const directories: TiffDirectory[] = []
  let kept = 0
  const seen = new Set<number>()
  while (next !== 0 && directories.length < maxDirectories) {
    if (seen.has(next)) throw broken('its list of images runs in a circle')
    seen.add(next)
    if (next + 2 > file.size) throw broken(`the file is cut off: image ${directories.length + 1} lies beyond its end`)
    const read = await readDirectory(file, next, isBig, isLittle, broken)
    for (const { numbers } of read.directory.lists.values()) kept += numbers?.length ?? 0
    for (const numbers of read.directory.values.values()) kept += numbers.length
    if (kept > maxNumbers) throw broken('its image headers are longer than any raster needs')
    directories.push(read.directory)
    next = read.next
  }
  if (directories.length === 0) throw broken('it contains no image')
  return { isLittle, directories }
}

async function readDirectory(file: ByteFile, at: number, isBig: boolean, isLittle: boolean, broken: (reason: string) => Problem) {
  const countBytes = isBig ? 8 : 2
  const entryBytes = isBig ? 20 : 12
  const countView = view(await file.read(at, countBytes))
  const count = isBig ? Number(countView.getBigUint64(0, isLittle)) : countView.getUint16(0, isLittle)
  if (count === 0 || count > maxEntries) throw broken(`an image header claims ${count} fields`)
  const bytes = view(await file.read(at + countBytes, count * entryBytes))
  // The pointer to the next image may be missing where the file ends right here; libtiff reads such files, too.
  const nextAt = at + countBytes + count * entryBytes
  const pointerBytes = isBig ? 8 : 4
  const pointer = nextAt + pointerBytes <= file.size ? view(await file.read(nextAt, pointerBytes)) : undefined
  const next = pointer === undefined ? 0 : isBig ? Number(pointer.getBigUint64(0, isLittle)) : pointer.getUint32(0, isLittle)

  const values = new Map<TagName, readonly number[]>()
  const texts = new Map<TagName, string>()
  const lists = new Map<TagName, TiffList>()
  for (let i = 0; i < count; i++) {
    const entry = i * entryBytes
    const tag = nameOfTag.get(bytes.getUint16(entry, isLittle))
    const type = bytes.getUint16(entry + 2, isLittle)
    const size = fieldBytes[type]
    if (tag === undefined || size === undefined) continue
    const length = isBig ? Number(bytes.getBigUint64(entry + 4, isLittle)) : bytes.getUint32(entry + 4, isLittle)
    const inlineBytes = isBig ? 8 : 4
    const inlineAt = entry + (isBig ? 12 : 8)
    const isInline = length * size <= inlineBytes
    const position = isInline
      ? at + countBytes + inlineAt
      : isBig
        ? Number(bytes.getBigUint64(inlineAt, isLittle))
        : bytes.getUint32(inlineAt, isLittle)
    if (position + length * size > file.size) throw broken(`its field "${tag}" lies beyond the end of the file`)
    const load = async () => view(await file.read(position, length * size))
    if (listTags.has(tag)) {
      const numbers = length <= maxListInMemory ? fieldNumbers(await load(), type, length, isLittle) : undefined
      lists.set(tag, { type, count: length, position, ...(numbers && { numbers }) })
    } else if (length * size > maxValueBytes) {
      throw broken(`its field "${tag}" claims ${length} values`)
    } else if (textTags.has(tag)) {
      const text = new TextDecoder().decode(await file.read(position, length * size))
      texts.set(tag, text.replace(/\0[\s\S]*$/, ''))
    } else {
      values.set(tag, fieldNumbers(await load(), type, length, isLittle))
    }
  }
  return { directory: { values, texts, lists }, next }
}

/** Entry `index` of a list, from memory or from the file. */
export async function listEntry(file: ByteFile, list: TiffList, index: number, isLittle: boolean): Promise<number> {
  if (list.numbers) return list.numbers[index]
  const size = fieldBytes[list.type]
  return fieldNumbers(view(await file.read(list.position + index * size, size)), list.type, 1, isLittle)[0]
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
