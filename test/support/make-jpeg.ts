import { seededInteger } from './seeded.js'

export interface JpegSpec {
  readonly width: number
  readonly height: number
  /** Samples of the first component for one of the others. */
  readonly ratio: readonly [number, number]
  /** MCUs between restart markers; 0 for none. */
  readonly restart: number
  /** Least and greatest step of quantisation. */
  readonly steps: readonly [number, number]
  /** Greatest size of an AC coefficient, in bits. */
  readonly most: number
}

type Code = readonly [code: number, length: number]

/** Codes of these lengths for `symbols`, the shorter ones first. */
function codesOf(symbols: readonly number[], counts: readonly number[]): Map<number, Code> {
  const codes = new Map<number, Code>()
  let [code, at] = [0, 0]
  for (const [i, count] of counts.entries()) {
    for (let n = 0; n < count; n++) codes.set(symbols[at++], [code++, i + 1])
    code *= 2
  }
  return codes
}

const dcSymbols = Array.from({ length: 12 }, (_, i) => i)
const dcCounts = [0, 1, 3, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
const acSymbols = [0, 0x01, 0x11, 0x02, 0xf0, ...Array.from({ length: 160 }, (_, i) => ((i % 16) << 4) | (1 + Math.floor(i / 16)))]
  .filter((symbol, i, all) => all.indexOf(symbol) === i) // biome-ignore format: a list
// codes that are shorter than what is looked at, and longer ones
const acCounts = [0, 1, 1, 1, 1, 1, 0, 2, 2, 4, 8, 16, 0, 30, 0, 95]

const segment = (marker: number, ...bytes: number[]) => [0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255, ...bytes]

/** A baseline JPEG of three components and random coefficients: sums of random waves. */
export function makeJpeg(random: () => number, { width, height, ratio: [across, down], restart, steps, most }: JpegSpec): Uint8Array {
  const [dc, ac] = [codesOf(dcSymbols, dcCounts), codesOf(acSymbols, acCounts)]
  const out = [0xff, 0xd8]
  for (const table of [0, 1]) out.push(...segment(0xdb, table, ...Array.from({ length: 64 }, () => seededInteger(random, ...steps))))
  out.push(...segment(0xc4, 0x00, ...dcCounts, ...dcSymbols), ...segment(0xc4, 0x10, ...acCounts, ...acSymbols))
  const frame = [8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, across * 16 + down, 0, 2, 0x11, 1, 3, 0x11, 1]
  out.push(...segment(0xc0, ...frame), ...(restart ? segment(0xdd, restart >> 8, restart & 255) : []))
  out.push(...segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0))

  let [bits, have] = [0, 0]
  const put = ([code, length]: Code) => {
    for (let i = length - 1; i >= 0; i--) {
      bits = (bits << 1) | ((code >> i) & 1)
      if (++have < 8) continue
      out.push(bits, ...(bits === 255 ? [0] : []))
      bits = have = 0
    }
  }
  const fill = () => have > 0 && put([(1 << (8 - have)) - 1, 8 - have])
  const putValue = (value: number, size: number) => size > 0 && put([value < 0 ? value + (1 << size) - 1 : value, size])
  const sizeOf = (value: number) => 32 - Math.clz32(Math.abs(value))
  const last = [0, 0, 0]
  const block = (component: number) => {
    const next = seededInteger(random, -200, 200)
    const difference = next - last[component]
    last[component] = next
    put(dc.get(sizeOf(difference))!)
    putValue(difference, sizeOf(difference))
    for (let k = 1; k < 64; k++) {
      const run = Math.floor(random() ** 3 * 40)
      if (k + run > 63 || random() < 0.12) return put(ac.get(0)!)
      for (let i = 16; i <= run; i += 16) put(ac.get(0xf0)!)
      const size = seededInteger(random, 1, 1 + Math.floor(random() * most))
      const value = ((1 << (size - 1)) + seededInteger(random, 0, (1 << (size - 1)) - 1)) * (random() < 0.5 ? -1 : 1)
      put(ac.get(((run & 15) << 4) | size)!)
      putValue(value, size)
      k += run
    }
  }
  const mcus = Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down))
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (restart && mcu > 0 && mcu % restart === 0) {
      fill()
      out.push(0xff, 0xd0 + ((mcu / restart - 1) & 7))
      last.fill(0)
    }
    for (let i = 0; i < across * down; i++) block(0)
    block(1)
    block(2)
  }
  fill()
  return Uint8Array.from([...out, 0xff, 0xd9])
}
