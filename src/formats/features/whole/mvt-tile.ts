import { TextSink } from '../../text-sink.js'
import type { HeldValue } from './hold-features.js'

/** A feature in the steps of a tile. */
export interface TileFeature {
  /** A whole number as text; null for none. */
  readonly id: string | null
  /** Points, lines, polygons. */
  readonly type: 1 | 2 | 3
  /** All points, or each line or ring (closed, outer ones clockwise on the screen). */
  readonly paths: readonly (readonly (readonly [number, number])[])[]
  readonly properties: Readonly<Record<string, HeldValue>>
}

/** A tile of one layer (Mapbox Vector Tile 2.1, 4); no bytes when it has no features. */
export function encodeMvt(name: string, extent: number, features: readonly TileFeature[]): Uint8Array {
  if (features.length === 0) return new Uint8Array(0)
  const keys = new Map<string, number>()
  const values = new Map<HeldValue, number>()
  const layer = new TextSink()
  const put = (field: number, bytes: ArrayLike<number>) =>
    layer.bytes(Uint8Array.from(headOf(field, bytes.length))).bytes(Uint8Array.from(bytes))
  layer.bytes(Uint8Array.from(numberField(15, 2)))
  put(1, Buffer.from(name))
  for (const feature of features) put(2, encodeFeature(feature, keys, values))
  for (const key of keys.keys()) put(3, Buffer.from(key))
  for (const value of values.keys()) put(4, encodeValue(value))
  layer.bytes(Uint8Array.from(numberField(5, extent)))
  return Buffer.concat([Uint8Array.from(headOf(3, layer.length)), layer.take()])
}

function encodeFeature(
  { id, type, paths, properties }: TileFeature,
  keys: Map<string, number>,
  values: Map<HeldValue, number>,
): readonly number[] {
  const tags: number[] = []
  for (const [key, value] of Object.entries(properties)) {
    if (value === null) continue
    putVarint(tags, indexOf(keys, key))
    putVarint(tags, indexOf(values, value))
  }
  const out: number[] = []
  if (id !== null && /^\d{1,19}$/.test(id)) putNumber(out, 1, BigInt(id))
  putBytes(out, 2, tags)
  putNumber(out, 3, type)
  putBytes(out, 4, encodeGeometry(type, paths))
  return out
}

function indexOf<T>(known: Map<T, number>, item: T): number {
  const index = known.get(item) ?? known.size
  known.set(item, index)
  return index
}

const [moveTo, lineTo, closePath] = [1, 2, 7]

/** Commands and steps from position to position (4.3). */
function encodeGeometry(type: TileFeature['type'], paths: TileFeature['paths']): readonly number[] {
  const out: number[] = []
  let [x, y] = [0, 0]
  const step = ([toX, toY]: readonly [number, number]) => {
    putVarint(out, zigzag(toX - x))
    putVarint(out, zigzag(toY - y))
    ;[x, y] = [toX, toY]
  }
  for (const path of paths) {
    // a ring is closed by a command, not by its last position
    const positions = type === 3 ? path.slice(0, -1) : path
    const first = type === 1 ? positions.length : 1
    putVarint(out, (first << 3) | moveTo)
    positions.slice(0, first).forEach(step)
    if (positions.length > first) putVarint(out, ((positions.length - first) << 3) | lineTo)
    positions.slice(first).forEach(step)
    if (type === 3) putVarint(out, (1 << 3) | closePath)
  }
  return out
}

/** Whole numbers of any size are exact, others doubles (4.1). */
function encodeValue(value: HeldValue): readonly number[] {
  const out: number[] = []
  if (typeof value === 'boolean') putNumber(out, 7, value ? 1 : 0)
  else if (typeof value === 'bigint' || Number.isSafeInteger(value)) putNumber(out, 6, zigzag(BigInt(value as bigint | number)))
  else if (typeof value === 'number') {
    const double = Buffer.alloc(8)
    double.writeDoubleLE(value)
    putVarint(out, (3 << 3) | 1)
    out.push(...double)
  } else putBytes(out, 1, Buffer.from(value ?? ''))
  return out
}

function zigzag(value: number): number
function zigzag(value: bigint): bigint
function zigzag(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)) : (value << 1) ^ (value >> 31)
}

function numberField(field: number, value: number): readonly number[] {
  const out: number[] = []
  putNumber(out, field, value)
  return out
}

/** What stands before bytes: their field, of wire type 2, and how many there are. */
function headOf(field: number, length: number): readonly number[] {
  const out: number[] = []
  putVarint(out, (field << 3) | 2)
  putVarint(out, length)
  return out
}

function putNumber(out: number[], field: number, value: number | bigint): void {
  putVarint(out, field << 3)
  putVarint(out, value)
}

function putBytes(out: number[], field: number, bytes: ArrayLike<number>): void {
  for (const byte of headOf(field, bytes.length)) out.push(byte)
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i])
}

/** Seven bits a byte, the lowest first. */
function putVarint(out: number[], value: number | bigint): void {
  if (typeof value === 'number') {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80)
    out.push(rest)
    return
  }
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  out.push(Number(rest))
}
