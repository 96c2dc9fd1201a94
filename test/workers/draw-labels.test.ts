import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { FeatureStore } from '#core/ports.js'
import type { FeatureLayerJob, FeatureQuery, MapJob } from '#core/queries.js'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import type { Style, Symbolizer, TextSymbolizer } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { distanceToGolden } from '../support/golden-image.js'
import { type MemoryTable, memorySource, memoryStore } from '../support/memory-store.js'
import { smallTown, townStyle } from '../support/small-town.js'

const town = smallTown('EPSG:2154', (x, y) => [770_000 + x, 6_279_000 + y])
const store = memoryStore('memory', Object.values(town))
const rendererOf = (store: FeatureStore) =>
  inlineRenderer({
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  })
const renderer = rendererOf(store)
const id: Expression = { kind: 'property', name: 'id' }
const street: Expression = { kind: 'call', name: 'concat', args: [{ kind: 'literal', value: 'Rue de la République ' }, id] }
const text = (text: Expression, more: Partial<TextSymbolizer>): TextSymbolizer => ({
  kind: 'text',
  text,
  font: { families: ['Open Sans'], size: 12, weight: 600 },
  color: '#222222',
  opacity: 1,
  halo: { color: '#ffffff', opacity: 0.9, radius: 1.5 },
  placement: { kind: 'point', anchor: [0.5, 0.5] },
  ...more,
})
const shield: TextSymbolizer['shield'] = {
  graphic: { shapes: [{ kind: 'mark', shape: 'square', color: '#ffcc00', outline: { color: '#333333', opacity: 1, width: 1 } }], size: 14 },
  isStretched: true,
  margin: 3,
}
const club: Symbolizer = {
  kind: 'point',
  graphic: { shapes: [{ kind: 'glyph', family: 'DejaVu Sans', character: '♣', color: '#006600' }], size: 20 },
}
const labelsOnly = (symbolizer: Symbolizer): Style => ({ passes: [{ rules: [{ name: '', symbolizers: [symbolizer] }] }] })
const labelled = (table: MemoryTable, ...symbolizers: readonly Symbolizer[]): Style => ({
  passes: [...townStyle(table).passes, ...symbolizers.flatMap(symbolizer => labelsOnly(symbolizer).passes)],
})
const layer = (table: MemoryTable, style: Style): FeatureLayerJob => ({
  kind: 'features',
  source: memorySource('memory', table),
  geometry: table.geometries[0],
  style,
})
const jobOf = (layers: readonly FeatureLayerJob[], more: Partial<MapJob> = {}): MapJob => ({
  width: 400,
  height: 400,
  crs: 'EPSG:2154',
  bbox: [770_000, 6_279_000, 770_400, 6_279_400],
  background: { color: 0xffffff, isTransparent: false },
  mediaType: 'image/png',
  scaleDenominator: 3571,
  pixelRatio: 1,
  layers,
  maxFeatures: 1000,
  deadline: steadyNow() + 900_000,
  ...more,
})
const pixels = async (job: MapJob) =>
  sharp((await renderer.draw(job)).bytes)
    .ensureAlpha()
    .raw()
    .toBuffer()

t.test('texts, shields and characters as marks look as they were last approved', async t => {
  const { bytes } = await renderer.draw(
    jobOf([
      layer(town.parcels, labelled(town.parcels, text(id, {}))),
      layer(town.houses, labelled(town.houses, club)),
      layer(town.streets, labelled(town.streets, text(street, { placement: { kind: 'line' } }))),
      layer(town.trees, labelled(town.trees, text(id, { shield, priority: 5 }))),
    ]),
  )
  const { mean, visible } = await distanceToGolden('render/labels.png', bytes)
  t.ok(mean < 0.3 && visible < 0.004, `mean ${mean.toFixed(3)}, visible ${(visible * 100).toFixed(2)} %`)
})

/** Pixels of a tile; 8 by 8 of them are the town. */
const size = 64
const tile = (column: number, row: number): MapJob => {
  const cellSize = 400 / (8 * size)
  const style = labelsOnly(text(street, { placement: { kind: 'line', repeat: 90 } }))
  const side = size * cellSize
  const [west, north] = [770_000 + column * side, 6_279_400 - row * side]
  return jobOf([{ ...layer(town.streets, style), key: 'streets 1' }], {
    width: size,
    height: size,
    bbox: [west, north - side, west + side, north],
    background: { color: 0, isTransparent: true },
    tile: { column, row, columns: 8, rows: 8, origin: [770_000, 6_279_400], cellSize },
  })
}

t.test('tiles that meet have the same labels: what is cut off by one is on the other', async t => {
  const whole = Buffer.alloc((8 * size) ** 2 * 4)
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++) {
      const part = await pixels(tile(column, row))
      for (let y = 0; y < size; y++) part.copy(whole, ((row * size + y) * 8 * size + column * size) * 4, y * size * 4, (y + 1) * size * 4)
    }
  // ink that ends at a border would be a cut letter: along borders there are as many steps from dark to clear as anywhere
  const alpha = (x: number, y: number) => whole[(y * 8 * size + x) * 4 + 3]
  const steps = (at: (x: number) => boolean) => {
    let [count, columns] = [0, 0]
    for (let x = 1; x < 8 * size; x++) {
      if (!at(x)) continue
      columns++
      for (let y = 0; y < 8 * size; y++) if (Math.abs(alpha(x, y) - alpha(x - 1, y)) > 100) count++
    }
    return count / columns
  }
  const crossing = Array.from(
    { length: 8 * size },
    (_, y) => [1, 2, 3, 4, 5, 6, 7].filter(k => alpha(k * size, y) > 100 && alpha(k * size - 1, y) > 100).length,
  )
  t.ok(crossing.reduce((sum, n) => sum + n, 0) > 20, 'labels lie across borders')
  t.ok(steps(x => x % size === 0) < 2 * steps(x => x % size !== 0) + 1, 'and none is cut there')
})

t.test('rows are asked for once by what is drawn and what is written, and mean the same apart', async t => {
  const asked: FeatureQuery[] = []
  const counting: FeatureStore = {
    ...store,
    find(query, signal) {
      asked.push(query)
      return store.find(query, signal)
    },
  }
  const filter: Filter = { kind: 'not', filter: { kind: 'isNull', operand: id } }
  const drawnWith = async (style: Style, more: Partial<MapJob> = {}) =>
    sharp((await rendererOf(counting).draw(jobOf([layer(town.trees, style)], more))).bytes)
      .raw()
      .toBuffer()
  const together: Style = { passes: [{ rules: [{ name: '', symbolizers: [club, text(id, { shield })] }] }] }
  const once = await drawnWith(together)
  t.equal(asked.length, 1)
  t.same([asked[0].key, asked[0].columns], [true, ['geom', 'id']])
  const apart: Style = {
    passes: [{ rules: [{ name: '', symbolizers: [club] }] }, { rules: [{ name: '', symbolizers: [text(id, { shield })], filter }] }],
  }
  const twice = await drawnWith(apart)
  t.equal(asked.length, 3)
  t.equal(Buffer.compare(once, twice), 0)
  // in another system the margin of what is drawn bears on where things are placed
  await drawnWith(together, { crs: 'EPSG:3857', bbox: [430_000, 5_390_000, 430_600, 5_390_600] })
  t.equal(asked.length, 5)
})

t.test('a text that nobody wants is drawn nowhere: out of scale, empty, of no size', async t => {
  const blank = await pixels(jobOf([]))
  const rule = (symbolizer: Symbolizer, more = {}): Style => ({ passes: [{ rules: [{ name: '', symbolizers: [symbolizer], ...more }] }] })
  for (const style of [
    rule(text(id, {}), { maxScaleDenominator: 100 }),
    rule(text({ kind: 'literal', value: '  ' }, {})),
    rule(text(id, { font: { families: ['x'], size: Number.NaN } })),
    rule(text(id, { font: { families: ['x'], size: -3 } })),
    rule(text({ kind: 'literal', value: null }, {})),
  ])
    t.equal(Buffer.compare(await pixels(jobOf([layer(town.trees, style)])), blank), 0)
})

t.test('who leaves, or is late, does not wait for texts that others wait for too', async t => {
  const asked: (AbortSignal | undefined)[] = []
  const left = new AbortController()
  let end = () => {}
  const slow = new Promise<never>((_, reject) => {
    end = () => reject(new Error('the end'))
  })
  t.teardown(() => end())
  const renderer = rendererOf({
    ...store,
    find(_, signal) {
      asked.push(signal)
      setImmediate(() => left.abort())
      return slow
    },
  })
  await t.rejects(renderer.draw(tile(0, 0), left.signal), { kind: 'cancelled', message: /client/ })
  const before = asked.length
  await t.rejects(renderer.draw({ ...tile(0, 0), deadline: steadyNow() + 50 }), { kind: 'deadline', message: /longer/ })
  t.equal(asked.length, before, 'nothing is asked for twice')
  t.ok(asked.every(signal => !signal?.aborted))
})
