import t from 'tap'
import { reprojectedBatches } from '#core/reproject-batches.js'
import { writeEwkb } from '#geo/ewkb.js'
import { EwkbError } from '#geo/ewkb-error.js'
import { patchedTransform } from '#geo/patched-transform.js'
import { reprojectEwkb } from '#geo/reproject-ewkb.js'
import { transformBetween } from '#geo/transform.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { oidOfKind, oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'
import { randomGeometry } from '../support/random-geometry.js'
import { seeded } from '../support/seeded.js'

const schema: RowSchema = {
  columns: [
    { name: '@id', kind: 'text', oid: oids.text },
    { name: 'other', kind: 'geometry', oid: oidOfKind.geometry },
    { name: 'name', kind: 'text', oid: oids.text },
    { name: 'geom', kind: 'geometry', oid: oidOfKind.geometry },
  ],
}

function batchOf(shapes: readonly (Uint8Array | undefined)[]): RowBatch {
  const builder = new RowBuilder(schema)
  for (const [i, shape] of shapes.entries())
    builder.row([`f.${i}`, shapes[shapes.length - 1 - i] ?? null, 'é'.repeat(i % 5), shape ?? null])
  return builder.take()
}

const copyOf = (batch: RowBatch): RowBatch => ({ ...batch, bytes: Uint8Array.from(batch.bytes) })

async function moved(batches: readonly RowBatch[], from = 'EPSG:2154', to = 'EPSG:4326'): Promise<Buffer[]> {
  const source = (async function* () {
    yield* batches.map(copyOf)
  })()
  const transforms = [undefined, transformBetween(from, 'EPSG:3857'), undefined, transformBetween(from, to)]
  const all: Buffer[] = []
  for await (const { bytes } of reprojectedBatches(source, transforms, to)) all.push(Buffer.from(bytes))
  return all
}

/** The same, row by row. */
function movedPlainly(batches: readonly RowBatch[], from = 'EPSG:2154', to = 'EPSG:4326'): Buffer[] {
  const [one, other] = [transformBetween(from, 'EPSG:3857'), transformBetween(from, to)]
  const [onePaths, otherPaths] = [patchedTransform(one), patchedTransform(other)]
  return batches.map(copyOf).map(batch => {
    for (let row = 0; row < batch.count; row++) {
      const view = rowView(batch).at(row)
      const [a, b] = [view.bytes(1), view.bytes(3)]
      if (a) reprojectEwkb(a, one.into, onePaths)
      if (b) reprojectEwkb(b, other.into, otherPaths)
    }
    return Buffer.from(batch.bytes)
  })
}

/** Numbers of a random geometry brought into a box of EPSG:2154, about a degree wide. */
function placed(random: () => number): Uint8Array {
  const bytes = Buffer.from(writeEwkb(randomGeometry(random)))
  const into = (x: number, y: number, out: Float64Array, at: number) => {
    out[at] = 640_000 + (x % 50_000)
    out[at + 1] = 6_860_000 + (y % 50_000)
    return true
  }
  reprojectEwkb(bytes, into)
  return bytes
}

t.test('geometries of every kind move by the kernel as one by one, to the last bit', async t => {
  const random = seeded(41)
  for (const size of [300, 1, 0, 120]) {
    const shapes = Array.from({ length: size }, () => (random() < 0.1 ? undefined : placed(random)))
    const batches = [batchOf(shapes), batchOf(shapes.slice(0, 40))]
    t.same(await moved(batches), movedPlainly(batches), `${size} rows`)
  }
})

t.test('where there are no patches, the projection is asked', async t => {
  const line = writeEwkb({ kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(179.9, 89.9, 1, 180, 89.99, 2, 3, 4, 5) })
  const batches = [batchOf([line, undefined, line])]
  t.same(await moved(batches, 'EPSG:4326', 'EPSG:2154'), movedPlainly(batches, 'EPSG:4326', 'EPSG:2154'))
})

t.test('big endian and ISO come as they came', async t => {
  const iso = writeEwkb({
    kind: 'LineString',
    dimensions: 'xyz',
    coordinates: Float64Array.of(652_000, 6_862_000, 1, 652_100, 6_862_100, 2),
  })
  iso[4] = 0
  new DataView(iso.buffer, iso.byteOffset).setUint32(1, 1002, true)
  const big = Buffer.alloc(9 + 32)
  big.writeUInt32BE(2, 1)
  big.writeUInt32BE(2, 5)
  for (const [i, value] of [652_000, 6_862_000, 652_100, 6_862_100].entries()) big.writeDoubleBE(value, 9 + 8 * i)
  const batches = [batchOf([iso, big])]
  t.same(await moved(batches), movedPlainly(batches))
})

t.test('what is malformed, or has no image, is told', async t => {
  const line = writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(652_000, 6_862_000, 652_100, 6_862_100) })
  await t.rejects(moved([batchOf([line, line.slice(0, -1)])]), EwkbError)
  await t.rejects(moved([batchOf([new Uint8Array()])]), EwkbError)
  const pole = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(3, -90) })
  await t.rejects(moved([batchOf([pole])], 'EPSG:4326', 'EPSG:2154'), { kind: 'invalid-parameter', message: /f\.0/ })
})

t.test('large batches stay where they are', async t => {
  const path = Float64Array.from({ length: 600_000 }, (_, i) => (i % 2 ? 6_862_000 + i / 100 : 652_000 + i / 100))
  const batches = [batchOf([writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: path })])]
  t.same((await moved(batches))[0].equals(movedPlainly(batches)[0]), true)
})
