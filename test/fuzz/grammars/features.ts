import type { Grammar } from '../grammar.js'

const one = '/collections/{layer}/items'
const formats = [
  'geojson', 'json', 'jsonfg', 'csv', 'html', 'gml', 'gml2', 'gml3', 'kml', 'geojsonl', 'geojsonseq', 'gpkg', 'fgb', 'parquet', 'shp', 'xlsx', 'ods', 'kmz', 'gpx', 'dxf',
  'topojson', 'mvt', 'nothing', 'application/geo+json', '',
] // biome-ignore format: a list to be read across
const crs = [
  'http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'http://www.opengis.net/def/crs/EPSG/0/4326', 'http://www.opengis.net/def/crs/EPSG/0/2154', 'http://www.opengis.net/def/crs/EPSG/0/3857',
  'EPSG:3035', 'urn:ogc:def:crs:EPSG::2154', '[EPSG:4326]', 'EPSG:999999', 'EPSG:0', 'EPSG:-1', '4326', 'http://www.opengis.net/def/crs/EPSG/0/9999999999',
] // biome-ignore format: as above
const injections = [
  "' OR 1=1 --", "'; DROP TABLE parcelles; --", '"; SELECT pg_sleep(30); --', '1) OR (1=1', "x' UNION SELECT current_user, version() --", '$1', '$' + '{1}', '$$; SELECT 1; $$', "E'\\''",
  '\\', "\\' OR 1=1 --", 'a"b', '"a""b"', "''", 'pg_sleep(10)', '(SELECT version())', 'id; COPY x TO PROGRAM', 'ctid', '@id', 'tableoid', 'xmin', 'geom', '*', 'nom::regclass', 'U&"\\0027"',
  '%27%20OR%201=1', '＇ OR 1=1', 'ʼ OR 1=1', '/**/', '--', ';', '1e1000', '0x7f', 'NULL', 'TRUE', "'\u0000'", '{{{{', '}}}}',
] // biome-ignore format: as above
const nested = (depth: number) => `${'NOT ('.repeat(depth)}1=1${')'.repeat(depth)}`
const wide = (width: number) => Array.from({ length: width }, (_, i) => `numero=${i}`).join(' OR ')
const json = (depth: number) => `${'{"op":"not","args":['.repeat(depth)}{"op":"=","args":[1,1]}${']}'.repeat(depth)}`
const filters = [
  "nom='Metz'", "nom LIKE 'a%'", 'numero > 10 AND numero < 20', "section IN ('A','B')", 'S_INTERSECTS(geom, POINT(5.5 48.9))', 'S_INTERSECTS(geometry, BBOX(5,48,6,49))', 'S_DWITHIN(geom,POINT(0 0),1e308)',
  "T_AFTER(date_maj, TIMESTAMP('2020-01-01T00:00:00Z'))", "date_maj > DATE('2020-02-30')", "date_maj > DATE('9999999-01-01')", "CASEI(nom) = CASEI('é')", "ACCENTI(nom) LIKE ACCENTI('e%')",
  'numero + 1 = 2 * (3 - 4) / 0', 'numero BETWEEN -9223372036854775808 AND 9223372036854775807', 'numero = 1e400', 'numero = 99999999999999999999999999', 'numero IS NULL', "A_CONTAINS(nom, ('a','b'))",
  'S_INTERSECTS(geom, POLYGON((0 0,1 1,0 1)))', 'S_INTERSECTS(geom, POLYGON((0 0,1 1)))', 'S_INTERSECTS(geom, POINT(NaN NaN))', 'S_INTERSECTS(geom, POINT EMPTY)', 'S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(0 0)))',
  'S_INTERSECTS(geom, LINESTRING(181 91, -999 1e300))', 'nowhere = 1', 'div(1,0) = 1', 'abs(numero) = 1', 'nom = nom', "nom LIKE '%%%%%%%%%%%%%%%%%%%%%%%%a'", `nom LIKE '${'%a'.repeat(900)}'`, `nom LIKE '${'_'.repeat(4000)}'`,
  nested(20), nested(3000), wide(50), wide(5000), `nom IN (${Array.from({ length: 5000 }, (_, i) => `'${i}'`).join(',')})`, `nom = '${'x'.repeat(60_000)}'`, json(5), json(3000), '{"op":"=","args":[{"property":"nom"},"a"]}', '{"op":"and","args":[]}',
  '{"op":"like","args":[{"property":"nom"},"%a%"]}', '{"op":"s_intersects","args":[{"property":"geom"},{"type":"Point","coordinates":[5.5]}]}', '{"op":"s_intersects","args":[{"property":"geom"},{"type":"Polygon","coordinates":[[]]}]}',
  '{"op":"=","args":[{"property":"__proto__"},1]}', '{"op":"__proto__","args":[]}', '{"op":"=","args":[{"date":"2020-13-01"},{"property":"date_maj"}]}', '{', '[]', 'null', '1', 'IN', "nom = 'a", 'numero ==== 1', '(((((', '1=1',
] // biome-ignore format: as above
const boxes = ['{bbox:lonlat}', '{bbox:latlon}', '{bbox:EPSG:2154}', '{bbox:EPSG:3857}', '5,48,0,6,49,100', '6,49,5,48', '1,2,3', '1,2,3,4,5', 'NaN,0,1,1', '-1e308,-1e308,1e308,1e308', '-180,-90,180,90', '1e-320,0,0,0', ',,,'] // biome-ignore format: as above
const datetimes = [
  '2020-01-01', '2020-01-01T00:00:00Z', '2019-01-01/2021-01-01', '../2020-01-01', '2020-01-01/..', '../..', '/', '2021-01-01/2019-01-01', '2020-02-30', '0000-00-00', '99999-01-01', '-9999-01-01', '292278994-08-17T07:12:55.807Z',
  '2020-01-01T25:00:00Z', '2020-01-01T00:00:00.123456789123456789Z', '2020-01-01T00:00:00+99:99', 'now', '2020',
] // biome-ignore format: as above
const cursors = [
  '', 'x', Buffer.from('[1]').toString('base64url'), Buffer.from('[1,"a","b",0,"1"]').toString('base64url'), Buffer.from('{"a":1}').toString('base64url'), Buffer.from('null').toString('base64url'), Buffer.from('[[[[').toString('base64url'), 'A'.repeat(5000),
] // biome-ignore format: as above
const numbers = ['10', '0', '1', '-1', '100000', '999999999999', '1e3', '1.5', '+5', '٣', '9'.repeat(30), '-0']
const names = ['nom', 'numero', 'section', 'geom', 'geometry', 'id', 'nowhere', ...injections]
const sorts = ['nom', '-nom', '+numero,-nom', 'numero,numero', ',', '-', '--nom', Array(100).fill('nom').join(','), ...injections]
const selecting = {
  'bbox?': boxes,
  'bbox-crs?': crs,
  'datetime?': datetimes,
  'filter?': filters,
  'filter-lang?': ['cql2-text', 'cql2-json', 'cql-text', 'ecql', 'x'],
  'filter-crs?': crs,
  'q?': ['rue', 'é', 'a b c', "l'eau", '"', '%', '& | ! :*', 'x '.repeat(3000), ...injections],
}

/** OGC API Features: items, one item, groups and values, schemas, and whole files. */
export const features: Grammar = {
  name: 'features',
  title: 'OGC API Features: items, aggregates, queryables, exports',
  cases: 400,
  paths: [
    ...Array(8).fill(one), `${one}/1`, `${one}/{junk}`, '/collections/{junk}/items', ...Array(4).fill('/collections/{layer}/aggregate'), ...Array(2).fill('/collections/{layer}/distinct'), '/collections/{layer}/queryables',
    '/collections/{layer}/sortables', '/collections/{layer}/schema', '/collections/{layer}', '/files/exports/{layer}.csv', '/files/exports/{layer}.fgb', '/files/exports/{layer}.{junk}', '/files/exports/{junk}', '/files/exports/..%2f..%2fetc%2fpasswd',
    '/files/exports/{layer}.csv.json', '/datasets/{layer}/files/exports/{layer}.csv', '/datasets/{layer}/collections/{layer}/items',
  ],
  operations: {
    page: { 'f?': formats, 'limit?': numbers, 'offset?': numbers, ...selecting, 'crs?': crs, 'sortby?': sorts, 'properties?': names, 'cursor?': cursors, 'lang?': ['fr', 'en', 'xx'] },
    filtered: { filter: filters, 'filter-lang?': ['cql2-text', 'cql2-json', 'cql-text'], f: ['geojson', 'csv'] },
    'by property': { nom: injections, 'numero?': [...numbers, ...injections], 'section?': injections, 'limit?': ['2'] },
    'in a shape': { f: formats, 'crs?': crs, 'max-allowable-offset?': [...numbers, '1e300', '-1', 'NaN'], 'zoom-level?': [...numbers, '12'], 'exclude-properties?': names, 'skip-geometry?': ['true', 'false', '1', 'x'], 'profile?': ['rel-as-link', 'rfc7946', 'x'] },
    'options of files': { f: ['csv', 'mvt', 'topojson', 'fgb', 'xlsx'], limit: ['-1', '5'], 'separator?': [';', ',', 'x', '\t', '"'], 'bom?': ['true', 'x'], 'geometry?': ['wkt', 'none', 'x'], 'tile?': ['0/0/0', '1/2/3', '99/9/9'], 'quantization?': ['2', '1e12', '1e13', '-1', 'x'], 'index?': ['true', 'x'] },
    hits: { resultType: ['hits', 'results', 'x'], ...selecting },
    groups: { 'group-by?': ['nom', 'month(date_maj)', 'bin(numero,10)', 'bin(numero,0)', 'bin(numero,-1)', 'bin(numero,1e-300)', 'nom,numero', 'x(y)', '((((', '"', ...injections], 'measures?': ['count', 'sum(numero)', 'avg(nom)', 'percentile(numero,50)', 'percentile(numero,101)', 'extent(geom)', 'min(nom),max(nom)', ...injections], 'sortby?': sorts, 'limit?': numbers, 'time-zone?': ['Europe/Paris', 'UTC', 'Mars/Olympus', ...injections], 'f?': ['json', 'csv'], ...selecting },
    values: { property: names, 'prefix?': ['a', '%', '_', '\\', ...injections], 'sortby?': sorts, 'limit?': numbers, 'f?': ['json', 'csv', 'html'] },
  },
  documents: ['{"type":"Feature","geometry":null,"properties":{}}', '{"type":"FeatureCollection","features":[]}', '{}'],
  values: [...injections, ...filters.filter(text => text.length < 3000), ...boxes, ...numbers, ...crs],
} // biome-ignore format: a table to be read across
