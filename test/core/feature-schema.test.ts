import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import type { AttributeColumn, FeatureSource } from '#core/atlas.js'
import { type FeatureSchemaOptions, featureSchema } from '#core/feature-schema.js'

const column = (name: string, kind: AttributeColumn['kind'], nativeType: string, more: Partial<AttributeColumn> = {}): AttributeColumn => ({
  name,
  kind,
  nativeType,
  isNullable: true,
  ...more,
})
const geometry = (name: string, type: string) => ({ name, type, dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }) as const // biome-ignore format: short
const source: Pick<FeatureSource, 'columns' | 'geometries' | 'geometry' | 'key'> = {
  columns: [
    column('id', 'integer', 'integer', { isNullable: false, filling: 'always' }),
    column('nom', 'text', 'character varying(40)', { comment: 'Nom de la commune', isNullable: false, unit: 'm' }),
    column('insee', 'text', 'character(5)'),
    column('texte', 'text', 'text', { comment: `${'Très '.repeat(30)}long` }),
    column('grand', 'bigint', 'bigint'),
    column('court', 'double', 'real'),
    column('long', 'double', 'double precision', { unit: 'm2' }),
    column('prix', 'numeric', 'numeric(10,2)'),
    column('ouvert', 'boolean', 'boolean'),
    column('jour', 'date', 'date'),
    column('heure', 'time', 'time without time zone'),
    column('debut', 'timestamp', 'timestamp without time zone'),
    column('fin', 'timestamptz', 'timestamp with time zone'),
    column('uuid', 'uuid', 'uuid'),
    column('objets', 'json', 'jsonb'),
    column('mots', 'text', 'text[]'),
    column('nombres', 'text', 'bigint[]'),
    column('octets', 'bytes', 'bytea'),
    column('__proto__', 'text', 'text'),
    column('commune', 'text', 'text'),
    column('etat', 'text', 'etat', { labels: ['neuf', 'usé'] }),
  ],
  geometries: [geometry('geom', 'MULTIPOLYGON'), geometry('centre', 'POINT'), geometry('forme', 'GEOMETRY')],
  geometry: 'geom',
  key: { kind: 'primary', columns: ['id'] },
}
const made = (more: Partial<FeatureSchemaOptions> = {}) =>
  featureSchema(source, { purpose: 'queryables', id: 'https://example.org/queryables', ...more })

t.test('types, formats and titles', async t => {
  const { properties, ...rest } = made({ title: 'Communes' })
  t.same(rest, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://example.org/queryables',
    type: 'object',
    title: 'Communes',
    additionalProperties: false,
  })
  const wanted: Readonly<Record<string, object>> = {
    id: { title: 'id', type: 'integer', format: 'int32', 'x-ogc-role': 'id' },
    nom: { title: 'Nom de la commune', type: 'string', maxLength: 40 },
    insee: { title: 'insee', type: 'string', maxLength: 5 },
    texte: { title: 'texte', description: `${'Très '.repeat(30)}long`, type: 'string' },
    grand: { title: 'grand', type: 'integer', format: 'int64' },
    court: { title: 'court', type: 'number', format: 'float' },
    long: { title: 'long', type: 'number', format: 'double', 'x-ogc-unit': 'm2' },
    prix: { title: 'prix', type: 'number' },
    ouvert: { title: 'ouvert', type: 'boolean' },
    jour: { title: 'jour', type: 'string', format: 'date' },
    heure: { title: 'heure', type: 'string', format: 'time' },
    debut: { title: 'debut', type: 'string', format: 'date-time' },
    fin: { title: 'fin', type: 'string', format: 'date-time' },
    uuid: { title: 'uuid', type: 'string', format: 'uuid' },
    objets: { title: 'objets', type: 'object' },
    mots: { title: 'mots', type: 'array', items: { type: 'string' } },
    nombres: { title: 'nombres', type: 'array', items: { type: 'integer', format: 'int64' } },
    commune: { title: 'commune', type: 'string' },
    etat: { title: 'etat', type: 'string', enum: ['neuf', 'usé'] },
    geom: {
      title: 'geom',
      $ref: 'https://geojson.org/schema/MultiPolygon.json',
      format: 'geometry-multipolygon',
      'x-ogc-role': 'primary-geometry',
    },
    centre: { title: 'centre', $ref: 'https://geojson.org/schema/Point.json', format: 'geometry-point' },
    forme: { title: 'forme', $ref: 'https://geojson.org/schema/Geometry.json', format: 'geometry-any' },
  }
  t.same(Object.keys(properties), [...Object.keys(wanted).slice(0, 17), '__proto__', ...Object.keys(wanted).slice(17)])
  Object.keys(properties).forEach((name, i) => {
    const { 'x-ogc-propertySeq': place, ...property } = Object.getOwnPropertyDescriptor(properties, name)!.value
    t.equal(place, i + 1)
    if (name !== '__proto__') t.same(property, wanted[name], name)
  })
  t.same(
    Object.keys(made({ purpose: 'sortables' }).properties),
    'id nom insee texte grand court long prix ouvert jour heure debut fin uuid __proto__ commune etat'.split(' '),
  )
})

const few = new Map<string, readonly (string | number)[]>([['insee', ['01001', '35000']], ['grand', [1, 2]], ['ouvert', ['true']], ['nom', []], ['etat', ['usé']]]) // biome-ignore format: short

t.test('what is known besides', async t => {
  const { properties, required } = made({
    purpose: 'schema',
    values: few,
    references: new Map([['commune', 'communes']]),
    time: ['debut', 'fin'],
  })
  t.same(required, ['id', 'nom'])
  t.match(properties, {
    id: { readOnly: true, 'x-ogc-role': 'id' },
    etat: { enum: ['neuf', 'usé'] },
    long: { 'x-ogc-unit': 'm2' },
    debut: { 'x-ogc-role': 'primary-interval-start' },
    fin: { 'x-ogc-role': 'primary-interval-end' },
    commune: { 'x-ogc-role': 'reference', 'x-ogc-collectionId': 'communes' },
    octets: { type: 'string', contentEncoding: 'base64' },
  })
  t.equal(properties.insee!.enum, undefined, 'a feature may bring a value that none has yet')
  const queryables = made({ values: few }).properties
  t.match(queryables, { insee: { enum: ['01001', '35000'] }, grand: { enum: [1, 2] }, etat: { enum: ['neuf', 'usé'] } })
  t.notHas(queryables.nom, { enum: [] })
  t.equal(properties.nom!['x-ogc-unit'], undefined)
  t.equal(queryables.ouvert!.enum, undefined)
  t.equal(made({ time: 'jour' }).properties.jour!['x-ogc-role'], 'primary-instant')
  t.equal(made().properties.id!.readOnly, undefined)
  t.same(Object.keys(made({ columns: ['geom', 'nom', 'octets', 'nothing'] }).properties), ['geom', 'nom'])
  const several = featureSchema({ ...source, key: { kind: 'primary', columns: ['id', 'nom'] } }, { purpose: 'schema', id: 'x' })
  t.notOk(Object.values(several.properties).some(property => property['x-ogc-role'] === 'id'))
})

t.test('each is a schema of JSON that says what features may be', async t => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const purpose of ['schema', 'queryables', 'sortables'] as const) t.ok(ajv.validateSchema(made({ purpose })), purpose)
  const validate = ajv.compile(made({ purpose: 'schema', values: few }))
  t.ok(validate({ id: 1, nom: 'Bar-le-Duc', insee: '01001', mots: ['a'], prix: 4.5, geom: { type: 'Point', coordinates: [1, 2] } }))
  for (const wrong of [{ id: 1 }, { id: 'a', nom: 'a' }, { id: 1, nom: 'a'.repeat(41) }, { id: 1, nom: 'a', etat: 'x' }, { id: 1, nom: 'a', other: 1 }, { id: 1, nom: 'a', mots: [1] }]) // biome-ignore format: short
    t.notOk(validate(wrong), JSON.stringify(wrong))
})
