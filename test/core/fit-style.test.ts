import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { fitStyle } from '#core/fit-style.js'
import type { Expression } from '#filters/expression.js'
import type { Style, StylePass, Transformation } from '#styles/style.js'

const column = (name: string) => ({ name, kind: 'text', nativeType: 'text', isNullable: true }) as const
const geometry = (name: string) =>
  ({ name, type: 'POLYGON', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }) as const
const source: FeatureSource = {
  kind: 'features',
  store: 'main',
  schema: 'public',
  table: 'communes',
  columns: ['nom', 'NOM', 'Population', 'a:b'].map(column),
  geometries: [geometry('geom'), geometry('centre')],
  geometry: 'geom',
  key: { kind: 'none' },
}
const property = (name: string): Expression => ({ kind: 'property', name })
const styleOf = (...names: readonly string[]): Style => ({
  passes: [{ rules: names.map(name => ({ name, symbolizers: [{ kind: 'fill', color: property(name), opacity: 1 }] })) }],
})
const colors = (style: Style) => style.passes[0].rules.map(({ symbolizers: [fill] }) => fill.kind === 'fill' && fill.color)

t.test('columns are found by their name, then whatever the case, then without prefix or path', async t => {
  const { style, misfits } = fitStyle(styleOf('nom', 'NOM', 'POPULATION', 'app:population', 'commune/nom', 'a:b'), source)
  t.same(colors(style), ['nom', 'NOM', 'Population', 'Population', 'nom', 'a:b'].map(property))
  t.same(misfits, [])
})

t.test('what reads a column that is not there is null, and the column is named', async t => {
  const { style, misfits } = fitStyle(styleOf('nom', 'altitude'), source)
  t.same(colors(style), [property('nom'), { kind: 'literal', value: null }])
  t.equal(misfits.length, 1)
  t.match(misfits[0], /altitude/)
})

t.test('a filter over a geometry column that is not there holds for nothing; no name is the default geometry', async t => {
  const rule = (column: string) => ({
    name: '',
    filter: { kind: 'bbox', property: column, bbox: [0, 0, 1, 1] } as const,
    symbolizers: [{ kind: 'point', geometry: { column }, graphic: { shapes: [{ kind: 'mark', shape: 'circle' }] } }] as const,
  })
  const { style } = fitStyle({ passes: [{ rules: ['', 'CENTRE', 'nope'].map(rule) }] }, source)
  const { rules } = style.passes[0]
  t.match(rules[0], { filter: { property: 'geom' }, symbolizers: [{ geometry: { column: undefined } }] })
  t.match(rules[1], { filter: { property: 'centre' }, symbolizers: [{ geometry: { column: 'centre' } }] })
  t.match(rules[2], { filter: { kind: 'constant', value: false }, symbolizers: [{ geometry: { column: undefined } }] })
})

t.test('what a transformation computes stays what it is, whatever columns there are; its weight is a column', async t => {
  const passes = (['cluster', 'bins'] as const).map((kind): StylePass => {
    const transformation: Transformation =
      kind === 'cluster' ? { kind, distance: 30 } : { kind, shape: 'square', size: 20, weight: property('population') }
    return { ...styleOf('count', 'value', 'NAME').passes[0], transformation }
  })
  const table = { ...source, columns: ['COUNT', 'VALUE', 'name', 'Population'].map(column) }
  const { style, misfits } = fitStyle({ passes }, table)
  t.same(misfits, [])
  t.same(colors(style), ['count', 'VALUE', 'name'].map(property))
  t.same(colors({ passes: [style.passes[1]] }), ['count', 'value', 'name'].map(property))
  t.match(style.passes[1].transformation, { weight: property('Population') })
  t.match(fitStyle({ passes: [passes[1]] }, { ...table, columns: [] }).misfits.join(), /population/)
})
