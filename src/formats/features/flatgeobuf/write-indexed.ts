import { readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as macrotask } from 'node:timers/promises'
import type { FeatureTable } from '#core/feature-table.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { rowView } from '#rows/row-view.js'
import { recordBytes, recordReader } from '../hilbert/box-records.js'
import { type Box, emptyBox, growBox, isEmptyBox, sortAlongHilbert } from '../hilbert/hilbert-order.js'
import { LittleSink } from '../little-sink.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { featureWriter } from './feature-bytes.js'
import { headerBytes } from './header-bytes.js'
import { innerNodes, nodeSize } from './packed-tree.js'

const pieceBytes = 128 * 1024

/**
 * A file with a packed Hilbert R-tree. Features go to one temporary file as they come, their boxes and places to another; memory holds one number of
 * eight bytes per feature to sort them by, and the inner nodes of the tree (2.7 bytes per feature).
 */
export function writeIndexed(table: FeatureTable, temporaryFolder: string): AsyncGenerator<Uint8Array, void> {
  return inTemporaryFolder(temporaryFolder, async function* (folder) {
    const [features, records, sorted] = await Promise.all(['features', 'records', 'sorted'].map(name => open(join(folder, name), 'w+')))
    try {
      const { count, box } = await spool(table, features, records)
      const order = await sortAlongHilbert(records, count, box)
      yield headerBytes(table, {
        count,
        ...(isEmptyBox(box) ? {} : { bbox: [box.minX, box.minY, box.maxX, box.maxY] }),
        ...(count > 0 && { nodeSize }),
      })
      if (count === 0) return
      const inner = await writeSorted(records, sorted, order)
      yield* pieces(inner)
      yield* leaves(sorted, count)
      yield* inOrder(features, sorted, count)
    } finally {
      await Promise.all([features.close(), records.close(), sorted.close()])
    }
  })
}

/** Writes features and records as the rows come. */
async function spool(table: FeatureTable, features: FileHandle, records: FileHandle): Promise<{ count: number; box: Box }> {
  const put = featureWriter(table)
  const shape = table.geometry ? table.schema.columns.length - 1 : -1
  const [sink, places] = [new LittleSink(2 * pieceBytes), new LittleSink(2 * pieceBytes)]
  const box = emptyBox()
  let count = 0
  let written = 0
  const flush = async () => {
    written += sink.at
    await features.writeFile(sink.bytes.subarray(0, sink.at))
    await records.writeFile(places.bytes.subarray(0, places.at))
    sink.at = places.at = 0
  }
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      const start = sink.at
      put(sink, row.at(i))
      const ewkb = shape < 0 ? undefined : row.bytes(shape)
      const own = ewkb && ewkbBbox(ewkb)
      // without a place: a box that meets none
      if (own) growBox(box, own[0], own[1], own[2], own[3])
      for (let k = 0; k < 4; k++) places.f64(own ? own[k] : k < 2 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)
      places.f64(written + start)
      places.f64(sink.at - start)
      count++
      if (sink.at > pieceBytes) await flush()
    }
  }
  await flush()
  return { count, box }
}

/** Writes the leaves in their order, each with the old and the new place of its feature; returns the inner nodes. */
async function writeSorted(records: FileHandle, sorted: FileHandle, order: (rank: number) => number): Promise<Uint8Array> {
  const { size } = await records.stat()
  const count = size / recordBytes
  const tree = innerNodes(count)
  const read = recordReader(records)
  const sink = new LittleSink(2 * pieceBytes)
  let offset = 0
  for (let rank = 0; rank < count; rank++) {
    const record = read(order(rank))
    const [minX, minY, maxX, maxY] = [
      record.getFloat64(0, true),
      record.getFloat64(8, true),
      record.getFloat64(16, true),
      record.getFloat64(24, true),
    ]
    tree.grow(rank, minX, minY, maxX, maxY)
    for (const ordinate of [minX, minY, maxX, maxY]) sink.f64(ordinate)
    sink.room(8)
    sink.view.setBigUint64(sink.at, BigInt(offset), true)
    sink.at += 8
    sink.f64(record.getFloat64(32, true))
    sink.f64(record.getFloat64(40, true))
    offset += record.getFloat64(40, true)
    if (sink.at > pieceBytes || rank === count - 1) {
      await sorted.writeFile(sink.bytes.subarray(0, sink.at))
      sink.at = 0
    }
  }
  return tree.bytes
}

/** A record of `sorted`: a node, then where the feature lies in `features` and how long it is. */
const sortedBytes = 56

async function* chunks(sorted: FileHandle, count: number): AsyncGenerator<DataView, void> {
  const chunk = Buffer.allocUnsafeSlow(2048 * sortedBytes)
  for (let first = 0; first < count; first += 2048) {
    const length = Math.min(2048, count - first) * sortedBytes
    await sorted.read(chunk, 0, length, first * sortedBytes)
    yield new DataView(chunk.buffer, 0, length)
  }
}

async function* leaves(sorted: FileHandle, count: number): AsyncGenerator<Uint8Array, void> {
  for await (const records of chunks(sorted, count)) {
    const nodes = Buffer.allocUnsafe((records.byteLength / sortedBytes) * 40)
    const source = new Uint8Array(records.buffer, 0, records.byteLength)
    for (let i = 0; i * sortedBytes < source.length; i++) nodes.set(source.subarray(i * sortedBytes, i * sortedBytes + 40), i * 40)
    yield nodes
  }
}

/** The features in the order of the leaves. Those that lie one behind the other are read at once. */
async function* inOrder(features: FileHandle, sorted: FileHandle, count: number): AsyncGenerator<Uint8Array, void> {
  for await (const records of chunks(sorted, count)) {
    for (let at = 0; at < records.byteLength; ) {
      const reads: { start: number; length: number }[] = []
      let total = 0
      for (; at < records.byteLength && total < pieceBytes; at += sortedBytes) {
        const [start, length] = [records.getFloat64(at + 40, true), records.getFloat64(at + 48, true)]
        const last = reads.at(-1)
        if (last && last.start + last.length === start) last.length += length
        else reads.push({ start, length })
        total += length
      }
      const piece = Buffer.allocUnsafeSlow(total)
      let filled = 0
      for (const { start, length } of reads) filled += readSync(features.fd, piece, filled, length, start)
      yield piece
      await macrotask()
    }
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}
