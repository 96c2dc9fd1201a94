import { type FileHandle, open } from 'node:fs/promises'
import type { Dimensions } from '#geo/geometry.js'
import { LittleSink } from '../little-sink.js'
import { type Shape, type ShapeKind, shapeCode } from './shapes.js'

/** The .shp and .shx of one kind of shapes, on their way into temporary files. */
export interface ShpSpool {
  /** Bytes of the .shp if the shape were in it. */
  sizeWith(shape: Shape | undefined): number
  /** Adds a shape, or the null shape. */
  add(shape: Shape | undefined): void
  /** To be awaited between batches. */
  flush(): Promise<void>
  /** Writes the heads, which say how long all is and where it lies. */
  end(): Promise<void>
  close(): Promise<void>
}

/** A measure below -1e38 is none. */
const noMeasure = -1e39

export async function shpSpool(shpPath: string, shxPath: string, kind: ShapeKind, dimensions: Dimensions): Promise<ShpSpool> {
  const [shp, shx] = [await open(shpPath, 'w+'), await open(shxPath, 'w+')]
  const [records, entries] = [new LittleSink(), new LittleSink()]
  const code = shapeCode(kind, dimensions)
  const stride = dimensions.length
  const z = dimensions.includes('z') ? 2 : -1
  const m = dimensions.includes('m') ? stride - 1 : -1
  const box = newBox()
  let size = 100
  let count = 0
  // room for the heads, which come last
  await Promise.all([shp.writeFile(Buffer.alloc(100)), shx.writeFile(Buffer.alloc(100))])

  const contentBytes = ({ parts }: Shape): number => {
    const points = parts.reduce((sum, part) => sum + part.length / stride, 0)
    if (kind === 'point') return 20 + (z < 0 ? (m < 0 ? 0 : 8) : 16)
    const others = (z < 0 ? 0 : 1) + (m < 0 ? 0 : 1)
    return (kind === 'multipoint' ? 40 : 44 + 4 * parts.length) + 16 * points + others * (16 + 8 * points)
  }

  const putContent = ({ parts }: Shape): void => {
    if (kind === 'point') {
      const [point] = parts
      grow(box, point, stride, z, m)
      records.f64(point[0])
      records.f64(point[1])
      if (z >= 0) records.f64(point[z])
      if (z >= 0 || m >= 0) records.f64(m < 0 ? noMeasure : measure(point[m]))
      return
    }
    const own = newBox()
    for (const part of parts) {
      grow(own, part, stride, z, m)
      grow(box, part, stride, z, m)
    }
    for (const ordinate of [own.minX, own.minY, own.maxX, own.maxY]) records.f64(ordinate)
    if (kind !== 'multipoint') records.u32(parts.length)
    records.u32(parts.reduce((sum, part) => sum + part.length / stride, 0))
    let first = 0
    for (const part of parts) {
      if (kind !== 'multipoint') records.u32(first)
      first += part.length / stride
    }
    for (const part of parts)
      for (let i = 0; i < part.length; i += stride) {
        records.f64(part[i])
        records.f64(part[i + 1])
      }
    const putOther = (ordinate: number, least: number, most: number, value: (number: number) => number) => {
      records.f64(least)
      records.f64(most)
      for (const part of parts) for (let i = ordinate; i < part.length; i += stride) records.f64(value(part[i]))
    }
    if (z >= 0) putOther(z, own.minZ, own.maxZ, value => value)
    if (m >= 0) putOther(m, own.minM > own.maxM ? noMeasure : own.minM, own.minM > own.maxM ? noMeasure : own.maxM, measure)
  }

  const flush = async () => {
    await shp.writeFile(records.bytes.subarray(0, records.at))
    await shx.writeFile(entries.bytes.subarray(0, entries.at))
    records.at = entries.at = 0
  }
  return {
    sizeWith: shape => size + 12 + (shape ? contentBytes(shape) : 0),
    add(shape) {
      const start = records.at
      records.zeros(8)
      records.u32(shape ? code : 0)
      if (shape) putContent(shape)
      const length = records.at - start - 8
      records.view.setUint32(start, ++count)
      records.view.setUint32(start + 4, length / 2)
      entries.zeros(8)
      entries.view.setUint32(entries.at - 8, size / 2)
      entries.view.setUint32(entries.at - 4, length / 2)
      size += 8 + length
    },
    flush,
    async end() {
      await flush()
      await writeHead(shp, size, code, box)
      await writeHead(shx, 100 + 8 * count, code, box)
    },
    close: async () => {
      await Promise.all([shp.close(), shx.close()])
    },
  }
}

type Box = ReturnType<typeof newBox>

const newBox = () => ({
  minX: Infinity,
  minY: Infinity,
  maxX: -Infinity,
  maxY: -Infinity,
  minZ: Infinity,
  maxZ: -Infinity,
  minM: Infinity,
  maxM: -Infinity,
})

const measure = (value: number) => (Number.isNaN(value) ? noMeasure : value)

function grow(box: Box, part: Float64Array, stride: number, z: number, m: number): void {
  for (let i = 0; i < part.length; i += stride) {
    const [x, y] = [part[i], part[i + 1]]
    if (x < box.minX) box.minX = x
    if (x > box.maxX) box.maxX = x
    if (y < box.minY) box.minY = y
    if (y > box.maxY) box.maxY = y
    if (z >= 0 && part[i + z] < box.minZ) box.minZ = part[i + z]
    if (z >= 0 && part[i + z] > box.maxZ) box.maxZ = part[i + z]
    if (m >= 0 && part[i + m] < box.minM) box.minM = part[i + m]
    if (m >= 0 && part[i + m] > box.maxM) box.maxM = part[i + m]
  }
}

/** The 100 bytes both files begin with. Of nothing, and of heights and measures that are not there, the box is zeros. */
async function writeHead(file: FileHandle, size: number, code: number, box: Box): Promise<void> {
  const head = Buffer.alloc(100)
  head.writeInt32BE(9994, 0)
  head.writeInt32BE(size / 2, 24)
  head.writeInt32LE(1000, 28)
  head.writeInt32LE(code, 32)
  const ordinates = [box.minX, box.minY, box.maxX, box.maxY, box.minZ, box.maxZ, box.minM, box.maxM]
  for (const [i, ordinate] of ordinates.entries()) head.writeDoubleLE(Number.isFinite(ordinate) ? ordinate : 0, 36 + 8 * i)
  await file.write(head, 0, 100, 0)
}
