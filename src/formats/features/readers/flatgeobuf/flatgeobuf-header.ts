import { ByteBuffer } from 'flatbuffers'
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js'
import type { Bbox } from '#geo/bbox.js'
import { brokenFile } from '../reader.js'
import type { WindowedFile } from '../windowed-file.js'

/** Head of a FlatGeobuf file, checked against its length. */
export interface FlatgeobufHeader {
  /** WKB code of all features; 0 when each says its own. */
  readonly geometryType: number
  readonly hasZ: boolean
  readonly hasM: boolean
  readonly columns: readonly FlatgeobufColumn[]
  /** 0 when the file does not know. */
  readonly count: number
  readonly bbox?: Bbox
  readonly crs?: { readonly code?: string; readonly wkt?: string }
  /** Where the first feature begins, behind the index. */
  readonly firstFeature: number
}

export interface FlatgeobufColumn {
  readonly name: string
  /** As in FlatGeobuf's schema, 0 (Byte) to 14 (Binary). */
  readonly type: number
  readonly isKey: boolean
}

const magic = Buffer.from([0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62])
/** Column lists and WKT are kilobytes; a head beyond this is no head. */
const maxHeaderBytes = 16 * 1024 * 1024
const maxColumns = 1600
const nodeBytes = 40

export async function readFlatgeobufHeader(file: WindowedFile, label: string): Promise<FlatgeobufHeader> {
  const start = await file.load(0, 12)
  if (!start?.subarray(0, 3).equals(magic.subarray(0, 3))) throw brokenFile(label, 'is no FlatGeobuf file: it does not begin with “fgb”.')
  if (start[3] !== 3) throw brokenFile(label, `is FlatGeobuf of version ${start[3]}; version 3 would have worked.`)
  const length = start.readUInt32LE(8)
  const bytes = length <= maxHeaderBytes ? await file.load(8, 4 + length) : undefined
  if (!bytes)
    throw brokenFile(
      label,
      `its head claims ${length} bytes, which is ${length <= maxHeaderBytes ? 'more than the file has' : 'too many'}.`,
    )
  try {
    return decode(Header.getSizePrefixedRootAsHeader(new ByteBuffer(Uint8Array.from(bytes))), 12 + length, file, label)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw brokenFile(label, 'its head is broken.', error)
    throw error
  }
}

function decode(header: Header, afterHead: number, file: WindowedFile, label: string): FlatgeobufHeader {
  const count = Number(header.featuresCount())
  const nodeSize = header.indexNodeSize()
  const firstFeature = afterHead + (nodeSize > 0 && count > 0 ? indexBytes(count, nodeSize) : 0)
  if (firstFeature > file.bytes || count > file.bytes)
    throw brokenFile(label, `its head announces ${count} features, more than its ${file.bytes} bytes can hold.`)
  const columnCount = header.columnsLength()
  if (columnCount > maxColumns) throw brokenFile(label, `its head announces ${columnCount} columns; ${maxColumns} would work.`)
  const columns = Array.from({ length: columnCount }, (_, i) => {
    const column = header.columns(i)
    if (!column) throw brokenFile(label, `column ${i + 1} of its head is broken.`)
    return { name: column.name() ?? '', type: column.type(), isKey: column.primaryKey() }
  })
  const envelope = [...(header.envelopeLength() === 4 ? [0, 1, 2, 3].map(i => header.envelope(i) ?? Number.NaN) : [])]
  const crs = header.crs()
  const org = crs?.org()?.toUpperCase() || 'EPSG'
  const code = crs && (crs.codeString() || (crs.code() > 0 ? String(crs.code()) : undefined))
  const wkt = crs?.wkt()
  return {
    geometryType: header.geometryType(),
    hasZ: header.hasZ(),
    hasM: header.hasM(),
    columns,
    count,
    ...(envelope.length === 4 && envelope.every(Number.isFinite) ? { bbox: envelope as unknown as Bbox } : {}),
    ...(crs ? { crs: { ...(code ? { code: `${org}:${code}` } : {}), ...(wkt ? { wkt } : {}) } } : {}),
    firstFeature,
  }
}

/** Size of the packed Hilbert R-tree: its levels shrink by the node size up to one root. */
function indexBytes(count: number, nodeSize: number): number {
  const fan = Math.max(2, nodeSize)
  let nodes = count
  for (let level = count; level > 1; ) {
    level = Math.ceil(level / fan)
    nodes += level
  }
  return nodes * nodeBytes
}
