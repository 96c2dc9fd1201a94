import { Problem } from '#core/problem.js'
import type { Bbox } from '#geo/bbox.js'
import { brokenFile, type PlainFile } from '../reader.js'
import { openWindowed, type WindowedFile } from '../windowed-file.js'
import { type ShapeType, shapeType } from './shp-geometry.js'

/** The `.shp`, opened: one record after the other, in the order of the `.shx` where there is one. */
export interface Shapes {
  /** Declared for the file, measures only where it says their range. */
  readonly type: ShapeType
  /** As the head states it; absent when it states none. */
  readonly bbox?: Bbox
  /** By the `.shx`; absent without one. */
  readonly count?: number
  readonly notes: readonly string[]
  /** A function giving the content of record `index`, to be called in order from 0; undefined after the last. */
  records(): (index: number) => Buffer | undefined | Promise<Buffer | undefined>
  close(): Promise<void>
}

const headBytes = 100

export async function openShapes(file: PlainFile): Promise<Shapes> {
  const shp = await openWindowed(file.path, file.label)
  const opened = [shp]
  try {
    const { type, bbox } = await readHead(shp, file.label)
    const shxPath = await file.companion('.shx')
    const shx = shxPath ? await openWindowed(shxPath, `${file.label} (.shx)`) : undefined
    if (shx) opened.push(shx)
    const isIndexed = shx && (await shx.load(0, headBytes))?.readInt32BE(0) === 9994
    return {
      type,
      ...(bbox ? { bbox } : {}),
      ...(isIndexed ? { count: Math.floor((shx.bytes - headBytes) / 8) } : {}),
      notes: isIndexed
        ? []
        : [`${shx ? 'The .shx is broken' : 'There is no .shx beside it'}: the shapes are read in the order of the file.`],
      records: () => (isIndexed ? indexedRecords(shp, shx, file.label) : sequentialRecords(shp, file.label)),
      close: async () => {
        for (const each of opened) await each.close()
      },
    }
  } catch (error) {
    for (const each of opened) await each.close()
    throw error
  }
}

async function readHead(shp: WindowedFile, label: string): Promise<{ type: ShapeType; bbox?: Bbox }> {
  const head = await shp.load(0, headBytes)
  if (head?.readInt32BE(0) !== 9994) throw brokenFile(label, 'is no Shapefile: it does not begin with the number 9994.')
  const announced = head.readUInt32BE(24) * 2
  if (announced > shp.bytes) throw brokenFile(label, `is truncated: its head announces ${announced} bytes, it has ${shp.bytes}.`)
  const code = head.readUInt32LE(32)
  if (code === 31)
    throw new Problem('unsupported', `${label}: shapes of type MultiPatch are not read; polygons with heights would have worked.`)
  const type = shapeType(code)
  if (!type) throw brokenFile(label, `head: the shape type ${code} does not exist.`)
  // Z types carry measures only sometimes; the range in the head tells
  const [least, greatest] = [head.readDoubleLE(84), head.readDoubleLE(92)]
  const hasM = type.hasZ ? least > -1e38 && greatest > -1e38 && (least !== 0 || greatest !== 0) : type.hasM
  const bbox = [36, 44, 52, 60].map(at => head.readDoubleLE(at)) as unknown as Bbox
  const isStated = bbox.every(Number.isFinite) && bbox.some(value => value !== 0)
  return { type: { ...type, hasM }, ...(isStated ? { bbox } : {}) }
}

interface ShapeRecord {
  readonly content: Buffer
  /** Where the next one begins. */
  readonly next: number
}

/** The record at `at`, 8 bytes of head before its content. A promise only when the disk must be asked. */
function recordAt(shp: WindowedFile, at: number, index: number, label: string): ShapeRecord | Promise<ShapeRecord> {
  const head = shp.peek(at, 8)
  const length = head ? head.readInt32BE(4) * 2 : 0
  const content = head && length >= 4 ? shp.peek(at + 8, length) : undefined
  return content ? { content, next: at + 8 + length } : loadRecord(shp, at, index, label)
}

async function loadRecord(shp: WindowedFile, at: number, index: number, label: string): Promise<ShapeRecord> {
  const head = await shp.load(at, 8)
  const length = head ? head.readInt32BE(4) * 2 : 0
  const content = length >= 4 ? (shp.peek(at + 8, length) ?? (await shp.load(at + 8, length))) : undefined
  if (!content) throw brokenFile(label, `shape ${index + 1} at byte ${at + 1} is broken: ${length} bytes do not fit in the file.`)
  return { content, next: at + 8 + length }
}

function sequentialRecords(shp: WindowedFile, label: string): ReturnType<Shapes['records']> {
  let at = headBytes
  const take = ({ content, next }: ShapeRecord) => {
    at = next
    return content
  }
  return index => {
    if (at >= shp.bytes) return undefined
    const record = recordAt(shp, at, index, label)
    return record instanceof Promise ? record.then(take) : take(record)
  }
}

function indexedRecords(shp: WindowedFile, shx: WindowedFile, label: string): ReturnType<Shapes['records']> {
  const recordOf = (entry: Buffer | undefined, index: number) => {
    const at = entry ? entry.readUInt32BE(0) * 2 : 0
    if (at < headBytes) throw brokenFile(label, `shape ${index + 1}: the .shx points to byte ${at + 1}, inside the head.`)
    const record = recordAt(shp, at, index, label)
    return record instanceof Promise ? record.then(({ content }) => content) : record.content
  }
  return index => {
    const at = headBytes + index * 8
    if (at + 8 > shx.bytes) return undefined
    const entry = shx.peek(at, 8)
    return entry ? recordOf(entry, index) : shx.load(at, 8).then(entry => recordOf(entry, index))
  }
}
