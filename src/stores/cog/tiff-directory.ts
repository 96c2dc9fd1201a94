import { Problem } from '#core/problem.js'
import type { ByteFile } from './byte-file.js'
import { createFilePages, type FilePages, pageBytes } from './file-pages.js'
import { readGhostHeader } from './ghost-header.js'
import { fieldBytes, fieldNumbers, type TagName, tags } from './tiff-tags.js'

/** A TIFF file's images, as their headers describe them; nothing of the pixels is read. */
export interface TiffHead {
  readonly directories: readonly TiffDirectory[]
  /** What was read of the head, and the pages of the lists that have been used. */
  readonly pages: FilePages
}

/** One image file directory. Values are loaded, except the (possibly long) lists of block positions, which stay references. */
export interface TiffDirectory {
  readonly isLittle: boolean
  /** Every block is preceded by its size (GDAL's ghost header says so). */
  readonly hasLeaders: boolean
  readonly values: ReadonlyMap<TagName, readonly number[]>
  readonly texts: ReadonlyMap<TagName, string>
  readonly lists: ReadonlyMap<TagName, TiffList>
}

/** Where a list of numbers lies in the file. Unless it is short it is never loaded whole: entries come through the pages around them. */
export interface TiffList {
  readonly type: number
  readonly count: number
  readonly position: number
  readonly isLittle: boolean
  readonly pages: FilePages
  /** All of it, where it is short and came with the head. */
  readonly bytes?: Uint8Array
}

/** Bytes of the lists that are kept whole: 512 blocks and more, while a page of them would be mostly other things. */
const shortList = 4096

/** Images beyond these are ignored: a pyramid of 2^32 pixels with its masks needs fewer. */
const maxDirectories = 256
const maxEntries = 4096
/** Numbers and characters kept in memory for one file, all images together. */
const maxKept = 1 << 21
/** Headers of most GeoTIFFs fit in one read of this many bytes. */
const headBytes = 2 * pageBytes

const nameOfTag = new Map<number, TagName>(Object.entries(tags).map(([name, [tag]]) => [tag, name as TagName]))
const listTags: ReadonlySet<TagName> = new Set(['stripOffsets', 'stripByteCounts', 'tileOffsets', 'tileByteCounts'])
const textTags: ReadonlySet<TagName> = new Set(['dateTime', 'geoAsciiParams', 'gdalMetadata', 'gdalNodata'])
/** What is said once for the whole file is read from its first image only. */
const firstOnly: ReadonlySet<TagName> = new Set([
  'colorMap',
  'modelPixelScale',
  'modelTiepoint',
  'modelTransformation',
  'geoKeyDirectory',
  'geoDoubleParams',
  'geoAsciiParams',
  'gdalMetadata',
  'gdalNodata',
  'dateTime',
])

type Broken = (reason: string) => Problem

/**
 * Reads the header and the chain of directories of a TIFF or BigTIFF (TIFF 6.0, section 2). Every offset and count is checked against
 * the file before anything is allocated. Throws `invalid-data` naming `name` and the field.
 */
export async function readTiffHead(file: ByteFile, name: string): Promise<TiffHead> {
  const broken: Broken = reason => new Problem('invalid-data', `"${name}" is not a usable GeoTIFF: ${reason}.`)
  if (file.size === 0) throw broken('the file is empty')
  if (file.size < 8) throw broken('it is too short to be a TIFF')
  const pages = createFilePages()
  const start = await pages.read(file, 0, Math.min(file.size, headBytes))
  const head = view(start)
  const order = head.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) throw broken('its first bytes are not those of a TIFF')
  const isLittle = order === 0x4949
  const magic = head.getUint16(2, isLittle)
  if (magic !== 42 && magic !== 43) throw broken('its first bytes are not those of a TIFF')
  const isBig = magic === 43
  if (isBig && (file.size < 16 || head.getUint16(4, isLittle) !== 8)) throw broken('its BigTIFF header is damaged')
  const ghost = readGhostHeader(start.subarray(isBig ? 16 : 8))
  const reader: DirectoryReader = { file, pages, isBig, isLittle, broken }

  const directories: TiffDirectory[] = []
  const places: { readonly at: number; readonly end: number }[] = []
  let next = isBig ? Number(head.getBigUint64(8, isLittle)) : head.getUint32(4, isLittle)
  let kept = 0
  while (next !== 0 && directories.length < maxDirectories) {
    const [at, number] = [next, directories.length + 1]
    if (places.some(place => place.at === at)) throw broken('its list of images runs in a circle')
    if (at + 2 > file.size) throw broken(`the file is cut off: image ${number} lies beyond its end`)
    const entries = await readEntries(reader, at)
    const overlapped = places.findIndex(place => at < place.end && entries.end > place.at)
    if (overlapped >= 0) throw broken(`the headers of images ${overlapped + 1} and ${number} overlap`)
    places.push({ at, end: entries.end })
    const read = await readValues(reader, entries.entries, directories.length === 0, maxKept - kept)
    kept += read.kept
    const isInterleavedMask = ghost.masksInterleaved && ((read.values.get('newSubfileType')?.[0] ?? 0) & 4) !== 0
    directories.push({ ...read, isLittle, hasLeaders: ghost.hasLeaders && !isInterleavedMask })
    next = entries.next
  }
  if (directories.length === 0) throw broken('it contains no image')
  pages.keepOnly(directories.flatMap(({ lists }) => [...lists.values()].filter(({ bytes }) => !bytes).map(rangeOf)))
  return { directories, pages }
}

interface DirectoryReader {
  readonly file: ByteFile
  readonly pages: FilePages
  readonly isBig: boolean
  readonly isLittle: boolean
  readonly broken: Broken
}

interface Entry {
  readonly tag: TagName
  readonly type: number
  readonly length: number
  readonly position: number
}

/** The entries of the directory at `at` that are known here, the first of each tag, and where the next directory lies. */
async function readEntries({ file, pages, isBig, isLittle, broken }: DirectoryReader, at: number) {
  const [countBytes, entryBytes, pointerBytes] = isBig ? [8, 20, 8] : [2, 12, 4]
  const countView = view(await pages.read(file, at, countBytes))
  const count = isBig ? Number(countView.getBigUint64(0, isLittle)) : countView.getUint16(0, isLittle)
  if (count === 0 || count > maxEntries) throw broken(`an image header claims ${count} fields`)
  const bytes = view(await pages.read(file, at + countBytes, count * entryBytes))
  // The pointer to the next image may be missing where the file ends right here; libtiff reads such files, too.
  const nextAt = at + countBytes + count * entryBytes
  const pointer = nextAt + pointerBytes <= file.size ? view(await pages.read(file, nextAt, pointerBytes)) : undefined
  const next = pointer === undefined ? 0 : isBig ? Number(pointer.getBigUint64(0, isLittle)) : pointer.getUint32(0, isLittle)
  const entries = new Map<TagName, Entry>()
  for (let i = 0; i < count; i++) {
    const entry = i * entryBytes
    const tag = nameOfTag.get(bytes.getUint16(entry, isLittle))
    const type = bytes.getUint16(entry + 2, isLittle)
    const size = fieldBytes[type]
    if (tag === undefined || size === undefined || entries.has(tag)) continue
    const length = isBig ? Number(bytes.getBigUint64(entry + 4, isLittle)) : bytes.getUint32(entry + 4, isLittle)
    const inlineAt = entry + (isBig ? 12 : 8)
    const isInline = length * size <= pointerBytes
    const position = isInline
      ? at + countBytes + inlineAt
      : isBig
        ? Number(bytes.getBigUint64(inlineAt, isLittle))
        : bytes.getUint32(inlineAt, isLittle)
    if (position + length * size > file.size) throw broken(`its field ${labelOf(tag)} lies beyond the end of the file`)
    if (length > tags[tag][1]) throw broken(`its field ${labelOf(tag)} claims ${length} values`)
    entries.set(tag, { tag, type, length, position })
  }
  return { entries: [...entries.values()], next, end: nextAt + pointerBytes }
}

async function readValues(
  { file, pages, isLittle, broken }: DirectoryReader,
  entries: readonly Entry[],
  isFirst: boolean,
  mayKeep: number,
) {
  const values = new Map<TagName, readonly number[]>()
  const texts = new Map<TagName, string>()
  const lists = new Map<TagName, TiffList>()
  let kept = 0
  for (const { tag, type, length, position } of entries) {
    if (listTags.has(tag)) {
      const size = length * fieldBytes[type]
      const bytes = size <= shortList ? pages.now(position, size)?.slice() : undefined
      lists.set(tag, { type, count: length, position, isLittle, pages, ...(bytes && { bytes }) })
    }
    if (listTags.has(tag) || (!isFirst && firstOnly.has(tag))) continue
    kept += length
    if (kept > mayKeep) throw broken('its image headers are longer than any raster needs')
    const bytes = await pages.read(file, position, length * fieldBytes[type])
    if (textTags.has(tag)) texts.set(tag, new TextDecoder().decode(bytes).replace(/\0[\s\S]*$/, ''))
    else values.set(tag, fieldNumbers(view(bytes), type, length, isLittle))
  }
  return { values, texts, lists, kept }
}

/** Where a list lies in its file. */
const rangeOf = ({ position, type, count }: TiffList) => ({ offset: position, length: count * fieldBytes[type] })

/** `count` entries of a list from `index` on; those beyond its end are left out. */
export async function listEntries(file: ByteFile, list: TiffList, index: number, wanted = 1): Promise<number[]> {
  const known = listEntriesNow(list, index, wanted)
  if (known) return known
  const { pages, position, type, count, isLittle } = list
  const size = fieldBytes[type]
  const length = Math.max(0, Math.min(wanted, count - index))
  return fieldNumbers(view(await pages.read(file, position + index * size, length * size)), type, length, isLittle)
}

/** The same, where they are in memory. */
export function listEntriesNow(
  { pages, bytes, position, type, count, isLittle }: TiffList,
  index: number,
  wanted = 1,
): number[] | undefined {
  const size = fieldBytes[type]
  const length = Math.max(0, Math.min(wanted, count - index))
  const part = bytes ? bytes.subarray(index * size, (index + length) * size) : pages.now(position + index * size, length * size)
  return part && fieldNumbers(view(part), type, length, isLittle)
}

/** The name of a tag as the standards spell it. */
function labelOf(tag: TagName): string {
  const gdal: Readonly<Partial<Record<TagName, string>>> = {
    gdalMetadata: 'GDAL_METADATA',
    gdalNodata: 'GDAL_NODATA',
    jpegTables: 'JPEGTables',
  }
  return gdal[tag] ?? tag[0].toUpperCase() + tag.slice(1)
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
