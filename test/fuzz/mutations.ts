import { pick, seededInteger } from '../support/seeded.js'
import type { Files } from './probe.js'

/** One change of one file. Positions wrap around, so that a change keeps its meaning when others are taken away. */
export type Edit = { readonly file: number; readonly at: number } & (
  | { readonly kind: 'cut' }
  | { readonly kind: 'drop' | 'double'; readonly length: number }
  | { readonly kind: 'swap'; readonly length: number; readonly to: number }
  | { readonly kind: 'set'; readonly bytes: readonly number[] }
  | { readonly kind: 'insert'; readonly text: string }
  /** A number or quoted text, the first one from `at` on, becomes another. */
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'repeat'; readonly text: string; readonly times: number }
)

/** Values that stand where others were expected. */
const tokens = ['null', 'true', '0', '-1', '1e308', '-1e308', '1e-320', '99999999999999999999', '4294967296', '""', '"x"', '"é\u0301"', '[]', '{}', '[[]]', '[null]', 'NaN'] // biome-ignore format: across

/** What disks, wires and editors do, and what attackers try. */
export function randomEdit(random: () => number, { files }: Files, words: readonly string[]): Edit {
  const names = Object.keys(files)
  const file = seededInteger(random, 0, names.length - 1)
  const { length } = files[names[file]]
  // what matters most stands at the beginning and at the end
  const near = () => Math.floor(length * random() ** 3)
  const at = random() < 0.4 ? near() : random() < 0.2 ? length - near() : Math.floor(random() * length)
  const place = { file, at: Math.max(0, at) }
  if (words.length > 0 && random() < 0.6) {
    if (random() < 0.5) return { ...place, kind: 'token', text: pick(random, random() < 0.5 ? tokens : words) }
    if (random() < 0.06) return { ...place, kind: 'repeat', text: pick(random, words), times: seededInteger(random, 10, 20_000) }
    return { ...place, kind: 'insert', text: pick(random, words) }
  }
  switch (seededInteger(random, 0, 8)) {
    case 0:
      return { ...place, kind: 'cut' }
    case 1:
      return { ...place, kind: 'drop', length: seededInteger(random, 1, 40) }
    case 2:
      return { ...place, kind: 'double', length: seededInteger(random, 1, 200) }
    case 3:
      return { ...place, kind: 'swap', length: seededInteger(random, 1, 40), to: Math.floor(random() * length) }
    case 4:
    case 5:
      return { ...place, kind: 'set', bytes: numberBytes(random, length) }
    case 6:
      return { ...place, kind: 'set', bytes: [pick(random, [0, 0x7f, 0x80, 0xff])] }
    default:
      return { ...place, kind: 'set', bytes: Array.from({ length: seededInteger(random, 1, 8) }, () => seededInteger(random, 0, 255)) }
  }
}

/** A number that sizes, counts and offsets do not expect, in 1, 2, 4 or 8 bytes of either order. */
function numberBytes(random: () => number, length: number): readonly number[] {
  const values = [
    0,
    1,
    -1,
    2,
    255,
    256,
    32_767,
    65_535,
    65_536,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    2 ** 53,
    length,
    length - 1,
    length + 1,
  ]
  const size = pick(random, [1, 2, 4, 4, 8])
  const view = new DataView(new ArrayBuffer(8))
  const isLittle = random() < 0.6
  const value = BigInt.asUintN(size * 8, BigInt(pick(random, values)))
  if (random() < 0.1 && size === 8) view.setFloat64(0, pick(random, [Number.NaN, Number.POSITIVE_INFINITY, -1e308, 5e-324]), isLittle)
  else if (isLittle) view.setBigUint64(0, value, true)
  else view.setBigUint64(0, value << BigInt(64 - size * 8))
  return [...new Uint8Array(view.buffer, 0, size)]
}

/** The files with all changes made, one after the other. */
export function edited({ main, files }: Files, edits: readonly Edit[]): Files {
  const names = Object.keys(files)
  const changed = { ...files }
  for (const edit of edits) {
    const name = names[edit.file % names.length]
    changed[name] = applied(Buffer.from(changed[name]), edit)
  }
  return { main, files: changed }
}

function applied(bytes: Buffer, edit: Edit): Buffer {
  const at = bytes.length === 0 ? 0 : edit.at % bytes.length
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (edit.kind) {
    case 'cut':
      return before
    case 'drop':
      return Buffer.concat([before, after.subarray(edit.length)])
    case 'double':
      return Buffer.concat([before, after.subarray(0, edit.length), after])
    case 'swap': {
      const to = bytes.length === 0 ? 0 : edit.to % bytes.length
      const copy = Buffer.from(bytes)
      bytes.copy(copy, to, at, at + edit.length)
      return copy
    }
    case 'set': {
      const copy = Buffer.from(bytes)
      copy.set(edit.bytes.slice(0, copy.length - at), at)
      return copy
    }
    case 'insert':
      return Buffer.concat([before, Buffer.from(edit.text), after])
    case 'token': {
      const text = after.toString('latin1')
      const token = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?/.exec(text)
      if (!token) return bytes
      const end = token.index + token[0].length
      return Buffer.concat([before, after.subarray(0, token.index), Buffer.from(edit.text), after.subarray(end)])
    }
    case 'repeat':
      return Buffer.concat([before, Buffer.from(edit.text.repeat(edit.times)), after])
  }
}

/** Smaller forms of a change. */
export function shorterEdit(edit: Edit): readonly Edit[] {
  if (edit.kind === 'repeat' && edit.times > 1) return [{ ...edit, times: edit.times >> 1 }]
  if ((edit.kind === 'drop' || edit.kind === 'double') && edit.length > 1) return [{ ...edit, length: edit.length >> 1 }]
  if (edit.kind === 'set' && edit.bytes.length > 1) return [{ ...edit, bytes: edit.bytes.slice(0, edit.bytes.length >> 1) }]
  return []
}
