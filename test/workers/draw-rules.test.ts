import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { MapJob } from '#core/queries.js'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import type { Rule, Style, StylePass, Symbolizer, Value } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { polygon } from '../support/drawing.js'
import { type MemoryTable, memorySource, memoryStore } from '../support/memory-store.js'

/** Four squares of 10 pixels side by side, numbered 1 to 4, the third without a class. */
const square = (i: number) => polygon([10 * i, 0, 10 * i + 10, 0, 10 * i + 10, 10, 10 * i, 10, 10 * i, 0].reduce(pairs, []))
function pairs(list: number[][], number: number, i: number): number[][] {
  if (i % 2 === 0) list.push([number])
  else list[list.length - 1].push(number)
  return list
}
const table: MemoryTable = {
  schema: 'public',
  table: 'squares',
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'class', kind: 'text', nativeType: 'text', isNullable: true },
  ],
  geometries: [{ name: 'geom', type: 'POLYGON', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
  key: { kind: 'primary', columns: ['id'] },
  rows: ['a', 'b', null, 'a'].map((name, i) => [i + 1, name, square(i)]),
}

async function colorsOf(style: Style, more: Partial<MapJob> = {}): Promise<readonly string[]> {
  const store = memoryStore('memory', [table], { batchRows: 3 })
  const renderer = inlineRenderer({
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  })
  const { bytes } = await renderer.draw({
    width: 40,
    height: 10,
    crs: 'EPSG:2154',
    bbox: [0, 0, 40, 10],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: 1 / 0.00028,
    pixelRatio: 1,
    layers: [{ kind: 'features', source: memorySource('memory', table), geometry: table.geometries[0], style }],
    maxFeatures: 100,
    deadline: steadyNow() + 900_000,
    ...more,
  })
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return [5, 15, 25, 35].map(x => data.subarray((5 * info.width + x) * 3, (5 * info.width + x) * 3 + 3).toString('hex'))
}

const [red, green, blue, white] = ['ff0000', '00ff00', '0000ff', 'ffffff']
const fill = (color: Value<string>, opacity: Value<number> = 1): Symbolizer => ({ kind: 'fill', color, opacity })
const isClass = (name: string): Filter => ({
  kind: 'compare',
  operator: '=',
  left: { kind: 'property', name: 'class' },
  right: { kind: 'literal', value: name },
})
const rule = (symbolizer: Symbolizer, more: Partial<Rule> = {}): Rule => ({ name: '', symbolizers: [symbolizer], ...more })
const styleOf = (...passes: readonly StylePass[]): Style => ({ passes })
const a = rule(fill('#ff0000'), { filter: isClass('a') })
const b = rule(fill('#00ff00'), { filter: isClass('b') })
const rest = rule(fill('#0000ff'), { isElse: true })

t.test('a rule draws what its filter is true for; null is neither true nor false', async t => {
  t.same(await colorsOf(styleOf({ rules: [a] })), [red, white, white, red])
  t.same(await colorsOf(styleOf({ rules: [rule(fill('#ff0000'), { filter: { kind: 'not', filter: isClass('a') } })] })), [
    white,
    red,
    white,
    white,
  ])
})

t.test('the rest is drawn by the rules for it, wherever they stand', async t => {
  t.same(await colorsOf(styleOf({ rules: [a, b, rest] })), [red, green, blue, red])
  t.same(await colorsOf(styleOf({ rules: [rest, a] })), [red, blue, blue, red])
})

t.test('all rules that hold draw, the last on top; with first match only the first', async t => {
  const all = rule(fill('#0000ff'))
  t.same(await colorsOf(styleOf({ rules: [a, all] })), [blue, blue, blue, blue])
  t.same(await colorsOf(styleOf({ rules: [a, all], isFirstMatch: true })), [red, blue, blue, red])
})

t.test('passes lie one over the other, each as faint as it says', async t => {
  t.same(await colorsOf(styleOf({ rules: [rule(fill('#0000ff'))] }, { rules: [a] })), [red, blue, blue, red])
  t.same(await colorsOf(styleOf({ rules: [a], opacity: 0.5 })), ['ff7f7f', white, white, 'ff7f7f'])
})

t.test('colours and opacities are computed for each feature', async t => {
  const color: Expression = {
    kind: 'recode',
    input: { kind: 'property', name: 'class' },
    entries: [
      ['a', { kind: 'literal', value: '#ff0000' }],
      ['b', { kind: 'literal', value: '#00ff00' }],
    ],
    otherwise: { kind: 'literal', value: null },
  }
  t.same(await colorsOf(styleOf({ rules: [rule(fill(color))] })), [red, green, white, red])
  const opacity: Expression = {
    kind: 'step',
    input: { kind: 'property', name: 'id' },
    first: { kind: 'literal', value: 1 },
    steps: [[3, { kind: 'literal', value: 0 }]],
  }
  t.same(await colorsOf(styleOf({ rules: [rule(fill('#0000ff', opacity))] })), [blue, blue, white, white])
})

t.test('rules hold within their scales', async t => {
  const near = rule(fill('#ff0000'), { maxScaleDenominator: 5000 })
  const far = rule(fill('#0000ff'), { minScaleDenominator: 5000 })
  const style = styleOf({ rules: [near, far] })
  t.same(await colorsOf(style, { scaleDenominator: 4999 }), [red, red, red, red])
  t.same(await colorsOf(style, { scaleDenominator: 5000 }), [blue, blue, blue, blue])
})

t.test('passes are drawn in the order they ask for', async t => {
  // two features in one place: the order shows
  const ordered = (descending: boolean) =>
    styleOf({
      rules: [rule({ kind: 'line', stroke: { color: colorById, opacity: 1, width: 40 } })],
      sort: [{ property: 'id', descending }],
    })
  const colorById: Expression = {
    kind: 'step',
    input: { kind: 'property', name: 'id' },
    first: { kind: 'literal', value: '#ff0000' },
    steps: [[4, { kind: 'literal', value: '#0000ff' }]],
  }
  t.equal((await colorsOf(ordered(false)))[2], blue)
  t.equal((await colorsOf(ordered(true)))[2], red)
})

t.test('more passes than planes are drawn all the same', async t => {
  const passes = Array.from({ length: 30 }, (_, i) => ({ rules: [rule(fill(i === 29 ? '#ff0000' : '#0000ff'))] }))
  t.same(await colorsOf(styleOf(...passes)), [red, red, red, red])
})
