import t from 'tap'
import { defaultLimits, type FeatureSource } from '#core/atlas.js'
import { shownRules } from '#core/shown-rules.js'
import type { Filter } from '#filters/filter.js'
import type { Rule } from '#styles/style.js'
import { point } from '../support/drawing.js'
import { type MemoryTable, memorySource, memoryStore } from '../support/memory-store.js'

const table: MemoryTable = {
  schema: 'public',
  table: 'trees',
  columns: [{ name: 'name', kind: 'text', nativeType: 'text', isNullable: true }],
  geometries: [{ name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:3857', srid: 3857, isIndexed: true, isNullable: true }],
  rows: [['oak', point(5, 5)]],
}
const is = (name: string, value: string | number): Filter => ({
  kind: 'compare',
  operator: '=',
  left: { kind: 'property', name },
  right: { kind: 'literal', value },
})
const rule = (name: string, filter: Filter): Rule => ({ name, filter, symbolizers: [{ kind: 'fill', color: '#000000', opacity: 1 }] })

t.test('rules of clusters are shown: what they ask no feature can say', async t => {
  const store = memoryStore('memory', [table])
  const stores = {
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  }
  const source: FeatureSource = memorySource('memory', table)
  const passes = [
    { rules: [rule('one', is('count', 1)), rule('ten', is('count', 10))], transformation: { kind: 'cluster', distance: 30 } as const },
    { rules: [rule('oak', is('name', 'oak')), rule('elm', is('name', 'elm'))] },
  ]
  const map = { crs: 'EPSG:3857', bbox: [0, 0, 10, 10] as const, scaleDenominator: 1000 }
  const names = async (style: { passes: typeof passes }) =>
    [...(await shownRules(style, source, map, { stores, limits: defaultLimits }))].map(({ name }) => name)
  t.same(await names({ passes }), ['one', 'ten', 'oak'])
  t.same(await names({ passes: passes.slice(0, 1) }), ['one', 'ten'])
})
