import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deflateSync } from 'node:zlib'

/** One image of a TIFF to be made. */
export interface TiffSpec {
  readonly width: number
  readonly height: number
  /** One function per band, or the samples themselves row by row. */
  readonly bands: readonly (((x: number, y: number) => number) | ArrayLike<number>)[]
  readonly type?: 'uint8' | 'uint16' | 'uint32' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64'
  /** 1 for masks, 4 for small palettes: packs unsigned samples. */
  readonly bits?: number
  readonly tile?: readonly [number, number]
  readonly rowsPerStrip?: number
  readonly deflate?: boolean
  /** Another compression: its number, and what it makes of the bytes of a block. */
  readonly encoding?: readonly [compression: number, encode: (bytes: Uint8Array) => Uint8Array]
  readonly predictor?: 1 | 2
  readonly planar?: boolean
  readonly photometric?: number
  readonly extraSamples?: readonly number[]
  /** 1: reduced, 4: mask, 5: mask of a reduced image. */
  readonly subfile?: number
  readonly colorMap?: readonly number[]
  readonly nodata?: string
  readonly metadata?: string
  /** Upper left corner and pixel size. */
  readonly place?: readonly [x: number, y: number, width: number, height: number]
  /** Rows of the model transformation, instead of `place`. */
  readonly matrix?: readonly number[]
  readonly epsg?: number
  readonly isGeographic?: boolean
  readonly isPoint?: boolean
  /** Whole GeoKey directory after its header, instead of `epsg`. */
  readonly geoKeys?: readonly (readonly [key: number, location: number, count: number, value: number])[]
  readonly geoDoubles?: readonly number[]
  readonly geoAscii?: string
  /** Blocks that are not written (sparse), by index. */
  readonly missing?: readonly number[]
  /** Replaces or adds tags, for damaged files: tag to [type, values]. */
  readonly override?: Readonly<Record<number, readonly [type: number, values: readonly number[]]>>
}

export interface TiffOptions {
  readonly isBig?: boolean
  readonly isBigEndian?: boolean
  /** Position of the directory after the last, for damaged files. */
  readonly lastPointer?: number
}

const byteSizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 12: 8, 16: 8 }

/** Writes a TIFF or BigTIFF of one or several images: small, correct, and without any library that the code under test uses. */
export function makeTiff(
  images: readonly TiffSpec[],
  { isBig = false, isBigEndian = false, lastPointer = 0 }: TiffOptions = {},
): Uint8Array {
  const chunks: Uint8Array[] = []
  let at = 0
  const append = (bytes: Uint8Array) => {
    const position = at
    chunks.push(bytes)
    at += bytes.length
    if (at % 2) append(new Uint8Array(1))
    return position
  }
  const number = (size: number, value: number) => {
    const view = new DataView(new ArrayBuffer(size))
    if (size === 8) view.setBigUint64(0, BigInt(value), !isBigEndian)
    else if (size === 4) view.setUint32(0, value, !isBigEndian)
    else view.setUint16(0, value, !isBigEndian)
    return new Uint8Array(view.buffer)
  }
  const mark = isBigEndian ? 0x4d : 0x49
  const pointerSize = isBig ? 8 : 4
  append(Uint8Array.of(mark, mark, ...number(2, isBig ? 43 : 42), ...(isBig ? [...number(2, 8), 0, 0] : []), ...number(pointerSize, 0)))
  let pointerAt = isBig ? 8 : 4
  const patches: [number, Uint8Array][] = []

  for (const image of images) {
    const blocks = blocksOf(image, isBigEndian)
    const missing = new Set(image.missing)
    const offsets = blocks.map((bytes, i) => (missing.has(i) ? 0 : append(bytes)))
    const counts = blocks.map((bytes, i) => (missing.has(i) ? 0 : bytes.length))
    const fields = fieldsOf(image, offsets, counts, isBig)
    const values = fields.map(([, type, list]) => {
      const size = byteSizes[type]
      const bytes = new Uint8Array(list.length * size)
      const view = new DataView(bytes.buffer)
      list.forEach((value, i) => {
        if (type === 12) view.setFloat64(i * 8, value, !isBigEndian)
        else bytes.set(size === 1 ? [value] : number(size, value), i * size)
      })
      return bytes
    })
    const places = values.map(bytes => (bytes.length > pointerSize ? append(bytes) : -1))
    const entries = fields.map(([tag, type, list], i) => {
      const inline = new Uint8Array(pointerSize)
      if (places[i] < 0) inline.set(values[i])
      else inline.set(number(pointerSize, places[i]))
      return Uint8Array.of(...number(2, tag), ...number(2, type), ...number(pointerSize, list.length), ...inline)
    })
    const directory = append(Buffer.concat([number(isBig ? 8 : 2, entries.length), ...entries, number(pointerSize, 0)]))
    patches.push([pointerAt, number(pointerSize, directory)])
    pointerAt = directory + (isBig ? 8 : 2) + entries.reduce((sum, entry) => sum + entry.length, 0)
  }
  patches.push([pointerAt, number(pointerSize, lastPointer)])
  const file = new Uint8Array(Buffer.concat(chunks))
  for (const [position, bytes] of patches) file.set(bytes, position)
  return file
}

/** `makeTiff` into a file, its folders included. Gives back the path. */
export function writeTiff(path: string, images: readonly TiffSpec[], options?: TiffOptions): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, makeTiff(images, options))
  return path
}

/** Samples of a band, row by row. */
export function samplesOf({ width, height, bands }: TiffSpec, band: number): number[] {
  const source = bands[band]
  return Array.from({ length: width * height }, (_, i) =>
    typeof source === 'function' ? source(i % width, Math.floor(i / width)) : source[i],
  )
}

type Field = readonly [tag: number, type: number, values: readonly number[]]

function fieldsOf(image: TiffSpec, offsets: number[], counts: number[], isBig: boolean): Field[] {
  const { width, height, bands, type = 'uint8', tile, place, matrix, epsg } = image
  const bits = image.bits ?? Number(/\d+/.exec(type)![0])
  const format = type.startsWith('u') ? 1 : type.startsWith('i') ? 2 : 3
  const long = isBig ? 16 : 4
  const ascii = (text: string) => [...Buffer.from(`${text}\0`)]
  const keys =
    image.geoKeys ??
    (epsg === undefined
      ? undefined
      : [
          [1024, 0, 1, image.isGeographic ? 2 : 1],
          [1025, 0, 1, image.isPoint ? 2 : 1],
          [image.isGeographic ? 2048 : 3072, 0, 1, epsg],
        ])
  const fields: (Field | undefined)[] = [
    image.subfile === undefined ? undefined : [254, 4, [image.subfile]],
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, bands.map(() => bits)],
    [259, 3, [image.encoding?.[0] ?? (image.deflate ? 8 : 1)]],
    [262, 3, [image.photometric ?? (bands.length >= 3 ? 2 : 1)]],
    tile ? undefined : [273, long, offsets],
    [277, 3, [bands.length]],
    tile ? undefined : [278, 4, [image.rowsPerStrip ?? height]],
    tile ? undefined : [279, long, counts],
    [284, 3, [image.planar ? 2 : 1]],
    image.predictor ? [317, 3, [image.predictor]] : undefined,
    image.colorMap && [320, 3, image.colorMap],
    tile && [322, 4, [tile[0]]],
    tile && [323, 4, [tile[1]]],
    tile && [324, long, offsets],
    tile && [325, long, counts],
    image.extraSamples && [338, 3, image.extraSamples],
    [339, 3, bands.map(() => format)],
    place && [33550, 12, [place[2], place[3], 0]],
    place && [33922, 12, [0, 0, 0, place[0], place[1], 0]],
    matrix && [34264, 12, matrix],
    keys && [34735, 3, [1, 1, 0, keys.length, ...keys.flat()]],
    image.geoDoubles && [34736, 12, image.geoDoubles],
    image.geoAscii ? [34737, 2, ascii(image.geoAscii)] : undefined,
    image.metadata ? [42112, 2, ascii(image.metadata)] : undefined,
    image.nodata === undefined ? undefined : [42113, 2, ascii(image.nodata)],
  ]
  const kept = fields.filter((field): field is Field => field !== undefined && !(image.override && field[0] in image.override))
  const extra = Object.entries(image.override ?? {}).map(([tag, [kind, values]]): Field => [Number(tag), kind, values])
  return [...kept, ...extra.filter(([, , values]) => values.length > 0)].sort((a, b) => a[0] - b[0])
}

function blocksOf(image: TiffSpec, isBigEndian: boolean): Uint8Array[] {
  const { width, height, tile, planar, type = 'uint8' } = image
  const [blockWidth, blockHeight] = tile ?? [width, image.rowsPerStrip ?? height]
  const groups = planar ? image.bands.map((_, b) => [b]) : [image.bands.map((_, b) => b)]
  const samples = image.bands.map((_, b) => (image.missing ? undefined : samplesOf(image, b)))
  const sampleAt = (b: number, x: number, y: number) => {
    const band = image.bands[b]
    return samples[b]?.[y * width + x] ?? (typeof band === 'function' ? band(x, y) : band[y * width + x])
  }
  const blocks: Uint8Array[] = []
  const missing = new Set(image.missing)
  for (const group of groups)
    for (let top = 0; top < height; top += blockHeight)
      for (let left = 0; left < width; left += blockWidth) {
        if (missing.has(blocks.length)) {
          blocks.push(new Uint8Array())
          continue
        }
        const rows = tile ? blockHeight : Math.min(blockHeight, height - top)
        const block = Array.from({ length: rows }, (_, y) =>
          Array.from({ length: blockWidth }, (_, x) =>
            // Padding repeats the border.
            group.map(b => sampleAt(b, Math.min(width - 1, left + x), Math.min(height - 1, top + y))),
          ).flat(),
        )
        const bytes = image.bits ? packed(block, image.bits) : encoded(block, type, group.length, image.predictor === 2, isBigEndian)
        blocks.push(image.encoding ? image.encoding[1](bytes) : image.deflate ? new Uint8Array(deflateSync(bytes)) : bytes)
      }
  return blocks
}

function encoded(rows: number[][], type: string, stride: number, isDifferenced: boolean, isBigEndian: boolean): Uint8Array {
  const size = Number(/\d+/.exec(type)![0]) / 8
  const view = new DataView(new ArrayBuffer(rows.length * rows[0].length * size))
  rows.forEach((row, y) => {
    row.forEach((value, x) => {
      const at = (y * row.length + x) * size
      const stored = isDifferenced && x >= stride ? value - row[x - stride] : value
      if (type === 'float32') view.setFloat32(at, stored, !isBigEndian)
      else if (type === 'float64') view.setFloat64(at, stored, !isBigEndian)
      else if (size === 4) view.setInt32(at, stored, !isBigEndian)
      else if (size === 2) view.setInt16(at, stored, !isBigEndian)
      else view.setInt8(at, stored)
    })
  })
  return new Uint8Array(view.buffer)
}

function packed(rows: number[][], bits: number): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      rows.map(row => {
        const bytes = new Uint8Array(Math.ceil((row.length * bits) / 8))
        row.forEach((value, x) => {
          for (let bit = 0; bit < bits; bit++)
            if (value & (1 << (bits - 1 - bit))) bytes[(x * bits + bit) >> 3] |= 0x80 >> ((x * bits + bit) & 7)
        })
        return bytes
      }),
    ),
  )
}
