import { isDeepStrictEqual } from 'node:util'
import type { FeatureSource } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { compileFilter } from '#filters/compile-filter.js'
import { checkTypes } from '#filters/cql2/check-types.js'
import { parseCql2Json } from '#filters/cql2/parse-cql2-json.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { UnsaidError } from '#filters/ogc/write-expression.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { parseQgisFilter } from '#filters/qgis/parse-qgis-expression.js'
import { settleFilter } from '#filters/settle-filter.js'
import { oidOfKind } from '#rows/pg-types.js'
import { splitForSql } from '#stores/postgis/filter-sql.js'
import { cql2TextOf, writeCql2Json } from '../../support/write-cql2.js'
import { writeEcql } from '../../support/write-ecql.js'
import { bytesOf, oneFile, type Probe, refused } from '../probe.js'

const column = (name: string, kind: 'text' | 'double' | 'date', nativeType: string = kind) => ({ name, kind, nativeType, isNullable: true })
const source: FeatureSource = {
  kind: 'features',
  store: 'none',
  schema: 'public',
  table: 'lieux',
  columns: [column('nom', 'text'), column('mots', 'text', 'text[]'), column('pop', 'double', 'double precision'), column('jour', 'date')],
  geometries: [{ name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
  geometry: 'geom',
  key: { kind: 'primary', columns: ['nom'] },
}
const schema = {
  columns: [
    { name: '@id', kind: 'text', oid: oidOfKind.text },
    ...source.columns.map(({ name, kind }) => ({ name, kind, oid: oidOfKind[kind] })),
    { name: 'geom', kind: 'geometry', oid: oidOfKind.geometry },
  ] as const,
}

const fes = `<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><fes:And>
<fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"><fes:ValueReference>nom</fes:ValueReference><fes:Literal>a*</fes:Literal></fes:PropertyIsLike>
<fes:During><fes:ValueReference>jour</fes:ValueReference><gml:TimePeriod gml:id="t"><gml:beginPosition>2006-11-01</gml:beginPosition><gml:duration>P1M</gml:duration></gml:TimePeriod></fes:During>
<fes:DWithin><fes:ValueReference>geom</fes:ValueReference><gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>48 2</gml:pos></gml:Point><fes:Distance uom="m">5</fes:Distance></fes:DWithin>
</fes:And></fes:Filter>`

const readers: Readonly<Record<string, (text: string) => Filter>> = {
  cql: parseEcql,
  cql2: text => parseCql2Text(text),
  json: text => parseCql2Json(jsonOf(text)),
  qgis: parseQgisFilter,
  xml: parseFilter,
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FilterError('malformed', 'This is no JSON.')
  }
}

export const filters: Probe = {
  name: 'filters',
  title: 'filters in CQL, CQL2, FES and expressions of QGIS',
  cases: 2500,
  words: ["'", '"', '(', ')', '[', ']', ';', ',', ' AND ', ' OR ', ' NOT ', ' IN (', ' LIKE ', ' ILIKE ', ' BETWEEN ', ' IS NULL', ' DURING ', ' BEFORE OR DURING ', '/P1M', 'P99999Y/',
    '2006-02-30', '9999-12-31', '0001-01-01', 'T24:00:00Z', 'INTERSECTS(', 'BBOX(', 'DWITHIN(', 'RELATE(', 'POINT(', 'POINT EMPTY', 'SRID=4326;', 'ENVELOPE(', '1e999', '-', '%', '\\', '--',
    '/*', '$', 'pg_sleep(', 'env(', 'strSubstring(', 'Categorize(', 'the_geom', 'nom', 'pop', 'CASE WHEN ', ' THEN ', ' END', '~', '||', '^', '<fes:Not>', '</fes:Not>', '\0', 'é', "DATE('", "TIMESTAMP('", "INTERVAL('..', ", 'CASEI(', 'ACCENTI(', 'S_INTERSECTS(', 'S_CROSSES(', 'T_DURING(', 'T_AFTER(',
    'A_CONTAINS(', 'A_EQUALS((), ', ' div ', "\\'", '\\%', '{"op":"not","args":[', '{"property":"nom"}', '{"bbox":[1,2,3,4]}', ']}', '[[[', '"like"', 'null', 'mots'], // biome-ignore format: across
  samples: async () => ({
    attributes: oneFile('a.cql', "nom = 'a' AND (pop > 3.5 OR nom IN ('b', 'c')) AND NOT nom ILIKE '%d_' AND pop BETWEEN -1 AND 2 + 3 * pop"),
    times: oneFile('b.cql', 'jour AFTER 2006-11-30 OR jour DURING 2006-11-30T01:30:00Z/P1Y2M3DT4H5M6.5S'),
    space: oneFile('c.cql', "INTERSECTS(geom, SRID=4326;POLYGON((0 0, 1 0, 1 1, 0 0))) AND DWITHIN(geom, POINT(1 2), 3, kilometers) AND BBOX(geom, 1, 2, 3, 4, 'EPSG:2154')"),
    functions: oneFile('d.cql', "strToUpperCase(strTrim(nom)) = 'A' AND if_then_else(pop > 3, 1, 2) = Categorize(pop, 1, 2, 3, 'preceding')"),
    cql2: oneFile('g.cql2', "CASEI(nom) LIKE CASEI('a\\%_%') AND (pop * 2 > 3 div 2 OR jour IN (DATE('2024-02-29'), DATE('2024-03-01'))) AND A_OVERLAPS(mots, ('a', 'b')) AND NOT nom IS NULL"),
    cql2Space: oneFile('h.cql2', "S_WITHIN(geom, BBOX(170, -10, -170, 10)) OR S_TOUCHES(POLYGON((0 0, 1 0, 1 1, 0 0)), geom) AND T_MEETS(INTERVAL(jour, '..'), INTERVAL('2024-02-29', '2024-03-01T12:00:00Z'))"),
    cql2Json: oneFile('i.json', JSON.stringify({ op: 'and', args: [{ op: 'in', args: [{ property: 'nom' }, ['a', { op: 'accenti', args: ['é'] }]] }, { op: 'a_contains', args: [{ property: 'mots' }, ['a', [1]]] }, { op: 's_crosses', args: [{ property: 'geom' }, { type: 'LineString', coordinates: [[0, 0], [1, 1]] }] }, { op: 't_during', args: [{ interval: [{ property: 'jour' }, '..'] }, { interval: ['2024-02-29', '..'] }] }] })),
    qgis: oneFile('e.qgis', `"nom" = 'x' and case when "pop" > 3 then 'a' else lower("nom") end <> 'b' or "nom" ~ '^a.*'`),
    fes: oneFile('f.xml', fes),
  }), // biome-ignore format: one a line
  /** What is read can be asked of a database or evaluated, or is refused in so many words; what CQL says again is what was read. */
  async run(input) {
    const text = Buffer.from(bytesOf(input)).toString('utf8')
    try {
      const filter = readers[input.main.slice(input.main.lastIndexOf('.') + 1)](text)
      if (input.main.endsWith('.cql')) sameAgain(filter)
      const settled = settleFilter(filter, source)
      if (/\.(cql2|json)$/.test(input.main)) {
        sameInCql2(filter)
        checkTypes(settled, source)
      }
      const { pushed } = splitForSql(filter, source)
      await prepareFilter(settled)
      compileFilter(settled, schema)
      return { verdict: 'read', answer: JSON.stringify([settled, pushed ?? null]) }
    } catch (error) {
      if (error instanceof FilterError || (error instanceof Problem && error.kind !== 'internal')) return refused(error.message)
      throw error
    }
  },
}

function sameAgain(filter: Filter): void {
  try {
    const said = writeEcql(filter)
    if (said.length < 90_000 && !isDeepStrictEqual(JSON.parse(JSON.stringify(parseEcql(said))), JSON.parse(JSON.stringify(filter))))
      throw new Error(`read as ${JSON.stringify(filter)}, said as ${said}, and then read as ${JSON.stringify(parseEcql(said))}`)
  } catch (error) {
    if (error instanceof FilterError || error instanceof UnsaidError) return
    throw error
  }
}

/** Both encodings of CQL2 say what was read. */
function sameInCql2(filter: Filter): void {
  try {
    const json = writeCql2Json(filter)
    const text = cql2TextOf(json)
    if (text.length > 90_000) return
    const plain = (one: Filter) => JSON.parse(JSON.stringify(one, (key, value) => (key === 'crs' ? undefined : value)))
    for (const again of [parseCql2Text(text, { crs: null }), parseCql2Json(json, { crs: null })])
      if (!isDeepStrictEqual(plain(again), plain(filter)))
        throw new Error(`read as ${JSON.stringify(filter)}, said as ${text}, and then read as ${JSON.stringify(again)}`)
  } catch (error) {
    if (error instanceof FilterError || error instanceof UnsaidError) return
    throw error
  }
}
