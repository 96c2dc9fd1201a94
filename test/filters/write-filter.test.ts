import t from 'tap'
import type { Expression } from '#filters/expression.js'
import type { Filter, SpatialFilter } from '#filters/filter.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { UnsaidError, writeExpression } from '#filters/ogc/write-expression.js'
import { writeFilter } from '#filters/ogc/write-filter.js'
import { mapFilter } from '#filters/walk.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { rowView } from '#rows/row-view.js'
import { writeElement } from '#xml/write-element.js'
import { sourceOf } from '../stores/feature-store-contract.js'
import { mixedColumns, mixedLayer } from '../stores/filter-equality.js'
import { memoryStore } from '../support/memory-store.js'
import { schemaFaults, withoutOgcSchemas } from '../support/ogc-schemas.js'
import { randomFilter } from '../support/random-filter.js'
import { seeded } from '../support/seeded.js'
import { withTexts } from '../support/write-fes.js'

const versions = ['1.0.0', '1.1.0'] as const
type Version = (typeof versions)[number]

const text = (filter: Filter, version: Version) => writeElement(writeFilter(filter, { version })).text

t.test('filters choose the same rows once they were written and read: seeded', async t => {
  const store = memoryStore('memory', [])
  await store.load!({ schema: 'essai', table: 'filtres', mode: 'create' }, mixedLayer(), {})
  const [description] = await store.discover({ schemas: ['essai'] })
  const source = sourceOf(store, description!)
  const chosen = async (filter: Filter) => {
    const ids: (string | null)[] = []
    for await (const batch of (await store.find({ source, columns: ['code'], key: true, filter })).batches) {
      const view = rowView(batch)
      for (let i = 0; i < batch.count; i++) ids.push(view.at(i).text(0))
    }
    return ids.join()
  }
  for (const version of versions) {
    const random = seeded(7)
    const seen = { same: 0, some: 0, unsaid: 0 }
    for (let i = 0; i < 200; i++) {
      const filter = withTexts(randomFilter(random, mixedColumns))
      try {
        const back = parseFilter(text(filter, version))
        const [wanted, found] = [await chosen(filter), await chosen(back)]
        if (wanted === found) seen.same++
        else t.equal(found, wanted, `${JSON.stringify(filter)}\n${text(filter, version)}`)
        if (wanted !== '') seen.some++
      } catch (error) {
        if (!(error instanceof UnsaidError)) throw error
        seen.unsaid++
      }
    }
    t.ok(seen.same > 100 && seen.some > 50, JSON.stringify(seen))
  }
})

const line: Geometry = { kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 45, 2, 46) }
const ring = (x: number, size: number) => Float64Array.of(x, x, x + size, x, x + size, x + size, x, x + size, x, x)
const geometries: readonly Geometry[] = [
  { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 45) },
  line,
  { kind: 'Polygon', dimensions: 'xy', rings: [ring(0, 10), ring(2, 3)] },
  { kind: 'MultiPoint', dimensions: 'xy', parts: [{ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 45) }] },
  { kind: 'MultiLineString', dimensions: 'xy', parts: [line, line] },
  { kind: 'MultiPolygon', dimensions: 'xy', parts: [{ kind: 'Polygon', dimensions: 'xy', rings: [ring(0, 10)] }] },
  { kind: 'GeometryCollection', dimensions: 'xy', parts: [line, { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 45) }] },
]
const about = (geometry: Geometry, crs?: string): SpatialFilter => ({
  kind: 'spatial',
  operator: 'intersects',
  property: 'geom',
  geometry: { wkb: writeEwkb(geometry), ...(crs && { crs }) },
})

t.test('geometries of every kind come back the same, in systems of either axis order', async t => {
  for (const version of versions)
    for (const geometry of geometries)
      for (const crs of [undefined, 'EPSG:2154', 'EPSG:4326']) {
        const filter = about(geometry, crs)
        t.strictSame(parseFilter(text(filter, version)), filter, `${geometry.kind}, ${crs}, ${version}`)
      }
})

t.test('axes are written as the name of the system means', async t => {
  t.match(
    text(about(line, 'EPSG:4326'), '1.0.0'),
    /srsName="http:\/\/www.opengis.net\/gml\/srs\/epsg.xml#4326"><gml:coordinates>1,45 2,46</,
  )
  t.match(text(about(line, 'EPSG:4326'), '1.1.0'), /srsName="urn:ogc:def:crs:EPSG::4326"><gml:posList>45 1 46 2</)
  t.match(text(about(line, 'EPSG:2154'), '1.1.0'), /srsName="urn:ogc:def:crs:EPSG::2154"><gml:posList>1 45 2 46</)
})

t.test('a fallback is that of the function itself, and nested ones are written in a time that grows with their depth', async t => {
  const word = (value: string): Expression => ({ kind: 'literal', value })
  const or = (inner: Expression, otherwise: string): Expression => ({ kind: 'call', name: 'coalesce', args: [inner, word(otherwise)] })
  const classes: Expression = { kind: 'step', input: { kind: 'property', name: 'h' }, first: word('low'), steps: [[5, word('high')]] }
  const written = (expression: Expression) => writeElement(writeExpression(expression, 'se')).text
  t.match(written(or(classes, 'none')), /^<se:Categorize [^>]*fallbackValue="none"/)
  const [outer, ...inside] =
    written(or(or(classes, 'none'), 'never')).match(/name="Coalesce"|name="coalesce"|fallbackValue="[^"]*"/gi) ?? []
  t.match(outer, /coalesce/i)
  t.same(inside, ['fallbackValue="none"'])
  let deep: Expression = { kind: 'property', name: 'h' }
  for (let i = 0; i < 50; i++) deep = or(deep, 'x')
  t.equal(written(deep).match(/coalesce/gi)?.length, 50)
})

t.test('distances keep their unit', async t => {
  const geometry = { wkb: writeEwkb(line) }
  const distance = { kind: 'distance', operator: 'within', property: 'geom', geometry, distance: 5 } as const
  for (const version of versions) {
    t.strictSame(parseFilter(text(distance, version)), distance)
    t.strictSame(parseFilter(text({ ...distance, metresPerUnit: 1000 }, version)), { ...distance, distance: 5000, metresPerUnit: 1 })
  }
})

t.test('filters are valid by the official schemas', { skip: withoutOgcSchemas }, async t => {
  const spatial: readonly Filter[] = [
    ...geometries.map(geometry => about(geometry, 'EPSG:4326')),
    { kind: 'distance', operator: 'beyond', property: 'geom', geometry: { wkb: writeEwkb(line) }, distance: 5 },
  ]
  for (const version of versions) {
    const random = seeded(8)
    const sayable: Filter[] = []
    while (sayable.length < 60) {
      // GML 2.1.2 wants to know the system of geometries in parts.
      const filter = mapFilter(randomFilter(random, mixedColumns), {
        expression: one => one,
        filter: one =>
          one.kind === 'spatial' || one.kind === 'distance' ? { ...one, geometry: { crs: 'EPSG:2154', ...one.geometry } } : one,
      })
      try {
        writeFilter(filter, { version })
        sayable.push(filter)
      } catch (error) {
        if (!(error instanceof UnsaidError)) throw error
      }
    }
    const whole = writeFilter({ kind: 'and', all: [...spatial, ...sayable] }, { version })
    const located = {
      ...whole,
      attributes: [
        {
          name: 'schemaLocation',
          namespace: 'http://www.w3.org/2001/XMLSchema-instance',
          value: `http://www.opengis.net/ogc http://schemas.opengis.net/filter/${version}/filter.xsd`,
        },
      ],
    }
    t.equal(schemaFaults(writeElement(located).text), '', version)
  }
})
