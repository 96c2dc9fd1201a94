import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { runServer } from '../support/running-server.js'
import { until } from '../support/until.js'

const feature = (name: string, lon: number, lat: number) =>
  `{"type":"Feature","properties":{"nom":"${name}"},"geometry":{"type":"Polygon","coordinates":[[[${lon},${lat}],[${lon + 1},${lat}],[${lon + 1},${lat + 1}],[${lon},${lat}]]]}}`
const geojson = (...features: string[]) => `{"type":"FeatureCollection","features":[${features.join(',')}]}`
const layer = 'query_layers=france&layers=france&styles=&crs=CRS:84&bbox=2,46,3,47&width=100&height=100'

t.test('a folder with good and broken files, which change while it is served', async t => {
  const folder = t.testdir({
    'france.geojson': geojson(feature('métropole', 2, 46), feature('Réunion', 55, -21.5)),
    'monde.geojson': geojson(feature('ouest', -179, 0), feature('est', 178, 0)),
    'table.csv': 'code,nom\n1,a\n2,b\n',
    'formes.csv': 'id,WKT\n1,POINT (2 46)\n2,"POLYGON ((2 46,3 46,3 47,2 46))"\n3,"LINESTRING (2 46, 2.5 -46.5e0)"\n',
    'coupé <b>.geojson': geojson(feature('a', 1, 1)).slice(0, 60),
    'vide.tif': '',
    'menteur.gpkg': 'no database',
    'l’été à "Blois" & co.geojson': geojson(feature('été', 1, 47)),
  })
  const server = await runServer([folder, '--watch'])
  t.teardown(() => server.stop())
  const text = async (path: string, headers = {}) => (await fetch(server.address + path, { headers })).text()
  const ready = async () =>
    JSON.parse(await text('/health/ready')) as { status: string; leftOut: { source: string; collection?: string }[] }
  const capabilities = await text('/wms?service=WMS&request=GetCapabilities')

  await t.test('what is good is published, what is not is named without saying where it lies', async t => {
    t.match(capabilities, /<Name>france<\/Name>.*<Name>monde<\/Name>/s)
    t.match(capabilities, /<Name>formes<\/Name>/, 'WKT of several shapes with their commas')
    const { status, leftOut } = await ready()
    t.equal(status, 'degraded')
    t.same(leftOut.map(({ source }) => source).sort(), ['coupé <b>.geojson', 'menteur.gpkg', 'vide.tif'])
    const page = await text('/', { accept: 'text/html' })
    t.match(page, /coupé &#60;b&#62;\.geojson/)
    t.notMatch(page, folder)
    t.notMatch(await text('/health/ready'), folder)
  })

  await t.test('a table without geometry offers no map address', async t => {
    const page = await text('/', { accept: 'text/html' })
    t.match(page, /data-copy="[^"]*\/datasets\/france\/wms"/)
    t.notMatch(page, /data-copy="[^"]*\/datasets\/table\/wms"/)
  })

  await t.test('France with its overseas parts is offered in Lambert-93, the world is not', t => {
    const crsOf = (name: string) => capabilities.split(`<Name>${name}</Name>`)[1]?.split('</Layer>')[0]
    t.match(crsOf('france'), '<CRS>EPSG:2154</CRS>')
    t.notMatch(crsOf('monde'), 'EPSG:2154')
    t.end()
  })

  for (const format of ['application/vnd.ogc.gml', 'application/vnd.ogc.gml/3.1.1', 'application/json', 'text/plain', 'text/html'])
    await t.test(`what is here, as ${format}, comes as what was asked for`, async t => {
      const query = `service=WMS&version=1.3.0&request=GetFeatureInfo&${layer}&i=60&j=60&info_format=${format}`
      const answer = await fetch(`${server.address}/wms?${query}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      t.equal(answer.headers.get('content-type')?.replace(/; charset=utf-8$/, ''), format)
      t.equal(Number(answer.headers.get('content-length')), bytes.length)
      t.match(bytes.toString(), 'métropole')
    })

  await t.test('a file that breaks while served: the version before stays, and health and log say so', async t => {
    const file = join(folder, 'france.geojson')
    const whole = await readFile(file, 'utf8')
    await writeFile(file, whole.slice(0, 150))
    t.ok(await until(async () => (await ready()).leftOut.some(({ collection }) => collection === 'france')))
    t.match(await text(`/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&${layer}&i=60&j=60&info_format=text/plain`), 'métropole')
    const told = /"level":"warn".*france\.geojson: byte \d+: the file ends in the middle/
    t.ok(await until(() => told.test(server.output.stderr)), server.output.stderr)
    await writeFile(file, whole.replace('métropole', 'hexagone'))
    t.ok(await until(async () => !(await ready()).leftOut.some(({ collection }) => collection === 'france')))
    t.match(await text(`/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&${layer}&i=60&j=60&info_format=text/plain`), 'hexagone')
  })

  await t.test('a file that goes takes its layer with it', async t => {
    await rm(join(folder, 'monde.geojson'))
    t.ok(await until(async () => !(await text('/wms?service=WMS&request=GetCapabilities')).includes('<Name>monde</Name>')))
    t.match(await text('/wms?service=WMS&request=GetCapabilities'), '<Name>france</Name>')
  })
})
