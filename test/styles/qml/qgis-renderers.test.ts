import t from 'tap'
import { readQml } from '#styles/qml/read-qml.js'
import type { Rule, Style, StylePass } from '#styles/style.js'
import { type Row, rowEvaluator } from '../../support/evaluate-rows.js'
import { askQgis, withoutQgis } from '../../support/qgis-oracle.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

interface Answer {
  readonly qml: string
  readonly drawn: readonly (readonly (readonly string[])[])[]
  readonly labels: readonly Readonly<Record<string, unknown>>[]
}

const random = seeded(2024)

const rows: Row[] = Array.from({ length: 30 }, () => ({
  kind: random() < 0.15 ? null : pick(random, ['a', 'b', 'CS1.1', 'CS2', '']),
  n: random() < 0.15 ? null : seededInteger(random, -2, 12),
}))
const scales = [500, 5_000, 50_000]

const renderers = [
  {
    kind: 'categorized',
    attribute: 'kind',
    categories: [
      ['a', '#110000', true],
      ['b', '#220000', false],
      ['CS2', '#330000', true],
      ['', '#440000', true],
    ],
  },
  {
    kind: 'categorized',
    attribute: 'left(kind, 2)',
    categories: [
      ['CS', '#110000', true],
      ['a', '#220000', true],
    ],
  },
  {
    kind: 'categorized',
    attribute: 'n',
    categories: [
      [1, '#110000', true],
      [2, '#220000', true],
      [null, '#330000', true],
    ],
  },
  {
    kind: 'categorized',
    attribute: 'kind',
    categories: [
      [['a', 'b'], '#110000', true],
      ['CS2', '#220000', true],
    ],
  },
  {
    kind: 'graduated',
    attribute: 'n',
    ranges: [
      [0, 3, '#110000'],
      [3, 6, '#220000'],
      [6, 9.5, '#330000'],
    ],
  },
  {
    kind: 'graduated',
    attribute: 'n * 2 + 1',
    ranges: [
      [0, 5, '#110000'],
      [5, 30, '#220000'],
    ],
  },
  {
    kind: 'rules',
    rules: [
      { filter: 'n > 6', color: '#110000', label: 'big' },
      { filter: 'n > 3', color: '#220000', least: 1000, most: 20_000 },
      { filter: `kind = 'a'`, color: '#330000', active: false },
      { filter: 'ELSE', color: '#440000' },
    ],
  },
  {
    kind: 'rules',
    rules: [
      {
        filter: 'n >= 0',
        rules: [
          { filter: `kind = 'a'`, color: '#110000' },
          { filter: `kind like 'CS%'`, color: '#220000', most: 10_000 },
          { filter: 'ELSE', color: '#330000' },
        ],
      },
      { filter: 'n < 3', color: '#440000', rules: [{ filter: 'kind is null', color: '#550000' }] },
      { filter: 'ELSE', color: '#660000' },
    ],
  },
  {
    kind: 'rules',
    rules: [
      { filter: `kind in ('a', 'b')`, rules: [{ filter: 'n > 5', color: '#110000' }] },
      { filter: 'ELSE', color: '#220000', rules: [{ filter: 'n = 1', color: '#330000' }] },
    ],
  },
]

const ruled = renderers.map(renderer => ({ geometry: 'Point', renderer, rows, scales }))

const point = { geometry: 'Point', layers: [['SimpleMarker', { name: 'square', color: '255,0,0,255', size: '2' }, {}]] }
const polygon = { geometry: 'Polygon', layers: [['SimpleFill', { color: '255,0,0,255' }, {}]] }
const others = [
  { ...point, renderer: { kind: 'heatmap', radius: 7, weight: 'n' } },
  { ...point, renderer: { kind: 'cluster', tolerance: 5, color: '#123456' } },
  { ...point, renderer: { kind: 'displacement' } },
  { ...polygon, renderer: { kind: 'inverted' } },
  { ...polygon, renderer: { kind: 'merged' } },
  { ...point, renderer: { kind: 'null' } },
  {
    geometry: 'LineString',
    layers: [
      ['SimpleLine', { line_width: '2' }, {}],
      ['SimpleLine', { line_width: '1' }, {}],
    ],
    renderer: { kind: 'single', levels: true, order: [1, 0] },
  },
  { ...point, opacity: 0.5, blend: 'CompositionMode_Multiply', visible: [1000, 20_000] },
  { ...point, renderer: { kind: 'cluster', tolerance: 5 } },
]

const computed = {
  size: 'coalesce("n", 0) + 2',
  angle: 'n * 10',
  fillColor: `if(n > 3, '#ff0000', '0,0,255')`,
  outlineWidth: '@map_scale / 10000',
}
const computedStyles = [{ geometry: 'Point', layers: [['SimpleMarker', { size: '2', size_unit: 'MM' }, computed]] }]

const one = {
  text: 'kind',
  size: 9,
  color: '#123456',
  opacity: 0.5,
  buffer: 0.7,
  quadrant: 2,
  offset: [1, -2],
  priority: 8,
  scales: [1000, 25_000],
}
const labels = [
  one,
  { text: `"kind" || ' ' || n`, isExpression: true, size: 4, unit: 'RenderMillimeters', placement: 3 },
  {
    rules: [
      { ...one, filter: 'n > 3', least: 500, most: 5000 },
      { text: 'n', filter: 'ELSE' },
    ],
  },
  { ...one, computed: { Size: 'n + 5', Color: `'#ff0000'`, Show: 'n > 2', LabelRotation: 'n' } },
]
const labelled = labels.map(labels => ({
  geometry: 'Point',
  layers: [['SimpleMarker', { name: 'square', color: '255,0,0,255', size: '2' }, {}]],
  labels,
}))

const blends = {
  SourceOver: undefined,
  Lighten: 'lighten',
  Screen: 'screen',
  ColorDodge: 'color-dodge',
  Plus: 'add',
  Darken: 'darken',
  Multiply: 'multiply',
  ColorBurn: 'color-burn',
  Overlay: 'overlay',
  SoftLight: 'soft-light',
  HardLight: 'hard-light',
  Difference: 'difference',
}
const blended = Object.keys(blends).map(name => ({ ...point, blend: `CompositionMode_${name}` }))

/** All in one run of QGIS, which takes a second to start. */
let all: ReadonlyMap<unknown, Answer> | undefined
function answersTo(asked: readonly unknown[]): readonly Answer[] {
  const every: readonly unknown[] = [...ruled, ...others, ...computedStyles, ...labelled, ...blended]
  if (!all) {
    const answers = askQgis<Answer[]>({ styles: every })
    all = new Map(every.map((one, i) => [one, answers[i]]))
  }
  const found = all
  return asked.map(one => found.get(one)!)
}

const rgb = ([r, g, b]: readonly number[]) => `#${[r, g, b].map(channel => channel.toString(16).padStart(2, '0')).join('')}`

/** Numbers to a ten-thousandth. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'number' ? Math.round(one * 1e3) / 1e3 + 0 : one)))

/** Colours a row is drawn in at a scale, as the model says. */
function drawnIn({ rules, isFirstMatch }: StylePass, scale: number): string[][] {
  const inScale = (rule: Rule) => scale >= (rule.minScaleDenominator ?? 0) && scale < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
  const evaluator = rowEvaluator(rows)
  const shown = rules.filter(inScale)
  const truths = shown.map(rule => (rule.filter ? evaluator.selected(rule.filter, { scaleDenominator: scale }) : rows.map(() => true)))
  return rows.map((_, i) => {
    const holding = shown.filter((rule, k) => !rule.isElse && truths[k][i])
    const chosen = isFirstMatch ? holding.slice(0, 1) : holding
    const all = holding.length > 0 ? chosen : shown.filter((rule, k) => rule.isElse && truths[k][i])
    return all.flatMap(rule =>
      rule.symbolizers.map(one => String(one.kind === 'point' && one.graphic.shapes[0].kind === 'mark' && one.graphic.shapes[0].color)),
    )
  })
}

t.test('features are drawn in the symbols that QGIS says, at every scale', { skip: withoutQgis }, async t => {
  for (const [i, { qml, drawn }] of answersTo(ruled).entries()) {
    const { style, notes } = readQml(qml)
    t.same(notes, [], 'nothing is lost')
    for (const [k, scale] of scales.entries()) {
      const mine = drawnIn(style.passes[0], scale).map(colors => [...colors].sort())
      t.same(
        mine,
        drawn[k].map(colors => [...colors].sort()),
        `${JSON.stringify(renderers[i])} at 1:${scale}`,
      )
    }
    t.ok(drawn.flat(2).length > 10, 'QGIS draws something')
  }
})

t.test('other renderers become passes, or are named', { skip: withoutQgis }, async t => {
  const read = answersTo(others).map(({ qml }) => readQml(qml))
  const messages = read.map(({ notes }) => notes.map(note => note.message).join('; '))
  const [heatmap, cluster, displacement, inverted, merged, none, levels, whole] = read.map(({ style }): Style => style)
  t.match(heatmap.passes, [
    { transformation: { kind: 'heatmap', radius: 25, weight: { name: 'n' } }, rules: [{ symbolizers: [{ kind: 'raster' }] }] },
  ])
  t.match(messages[0], /the greatest of the map/)
  t.match(cluster.passes[1], {
    transformation: { kind: 'cluster' },
    rules: [{ symbolizers: [{ graphic: { shapes: [{ color: '#123456' }] } }] }],
  })
  t.ok(Math.abs((cluster.passes[0].transformation as { distance: number }).distance - 5 / 0.28) < 1e-6)
  t.match(messages[2], /points at one place/)
  t.equal(displacement.passes.length, 1)
  t.equal(messages[3], '')
  t.match(inverted.passes, [{ transformation: { kind: 'inverse' }, rules: [{ symbolizers: [{ kind: 'fill', color: '#ff0000' }] }] }])
  t.match(messages[4], /not merged/)
  t.equal(merged.passes.length, 1)
  t.same([none.passes, messages[5]], [[], ''])
  t.same(
    levels.passes.map(pass => pass.rules[0].symbolizers.map(one => one.kind === 'line' && Math.round(Number(one.stroke.width) * 0.28))),
    [[1], [2]],
  )
  t.match(whole.passes[0], { opacity: 0.5, blend: 'multiply', rules: [{ minScaleDenominator: 1000, maxScaleDenominator: 20_000 }] })
})

t.test('clusters as QGIS makes them by itself have their number on them', { skip: withoutQgis }, async t => {
  const { style, notes } = readQml(answersTo(others).at(-1)!.qml)
  t.same(notes, [])
  const [disc, number] = style.passes[1].rules[0].symbolizers
  t.match(disc, { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle' }] } })
  t.match(number, {
    kind: 'text',
    text: { kind: 'property', name: 'count' },
    placement: { kind: 'point', anchor: [0.5, 0.5] },
    mayOverlap: true,
  })
})

t.test('computed sizes and colours are worth what their expressions are', { skip: withoutQgis }, async t => {
  const [{ qml }] = answersTo(computedStyles)
  const { style, notes } = readQml(qml)
  t.same(notes, [])
  const [one] = style.passes[0].rules[0].symbolizers
  if (one.kind !== 'point' || one.graphic.shapes[0].kind !== 'mark') return t.fail('it is a mark')
  const { values } = rowEvaluator(rows)
  const near = (mine: unknown[], want: (n: number | null) => number | null) =>
    mine.forEach((value, i) => {
      const wanted = want(rows[i].n as number | null)
      t.ok(wanted === null ? value === null : Math.abs(Number(value) - wanted) < 1e-6, `${value} is ${wanted}`)
    })
  near(values(one.graphic.size as never), n => ((n ?? 0) + 2) / 0.28)
  near(values(one.graphic.rotation as never), n => (n === null ? null : n * 10))
  t.same(
    values(one.graphic.shapes[0].color as never),
    rows.map(({ n }) => (n !== null && Number(n) > 3 ? '#ff0000' : '#0000ff')),
  )
  near(values(one.graphic.shapes[0].outline!.width as never, { scaleDenominator: 5000 }), () => 0.5 / 0.28)
})

t.test('labels have the texts and sizes that QGIS says', { skip: withoutQgis }, async t => {
  const answers = answersTo(labelled)
  for (const [i, { qml, labels: said }] of answers.entries()) {
    const { style, notes } = readQml(qml)
    const rules = style.passes.at(-1)!.rules
    t.equal(rules.length, said.length, `${JSON.stringify(labels[i])} has as many`)
    for (const [k, facts] of said.entries()) {
      const [label] = rules[k].symbolizers
      if (label.kind !== 'text') return t.fail('it is a text')
      const [red, green, blue, alpha] = facts.color as number[]
      if (i < 3)
        t.same(
          rounded([label.font.size, label.color, label.opacity]),
          rounded([facts.size, rgb([red, green, blue]), (alpha / 255) * Number(facts.opacity)]),
        )
      t.same(rounded(label.halo?.radius ?? null), rounded(facts.buffer))
      t.equal(label.priority ?? 5, facts.priority)
      if (!facts.isExpression) t.same(label.text, { kind: 'property', name: facts.text })
      if (facts.scales && i !== 2) t.same([rules[k].minScaleDenominator, rules[k].maxScaleDenominator], facts.scales)
    }
    t.same(notes, [])
  }
  const [first, second, ruled, computed] = answers.map(({ qml }) => readQml(qml).style.passes.at(-1)!.rules)
  t.match(first[0].symbolizers[0], {
    placement: { kind: 'point', anchor: [0, 0], displacement: [1 / 0.28, -2 / 0.28].map(value => Number(value.toPrecision(12))) },
  })
  t.match(second[0].symbolizers[0], { placement: { kind: 'line', maxAngle: 25 } })
  t.match(ruled[0], { minScaleDenominator: 1000, maxScaleDenominator: 5000, filter: { kind: 'compare' } })
  const { selected, values } = rowEvaluator(rows)
  t.same(
    selected(computed[0].filter!),
    rows.map(({ n }) => n !== null && Number(n) > 2),
  )
  const [label] = computed[0].symbolizers
  t.ok(
    label.kind === 'text' &&
      values(label.font.size as never).every(
        (value, i) => rows[i].n === null || Math.abs(Number(value) - ((Number(rows[i].n) + 5) * 25.4) / 72 / 0.28) < 1e-6,
      ),
  )
})

t.test('blend modes are those that QGIS was given', { skip: withoutQgis }, async t => {
  t.same(
    answersTo(blended).map(({ qml }) => readQml(qml).style.passes[0].blend),
    Object.values(blends),
  )
})
