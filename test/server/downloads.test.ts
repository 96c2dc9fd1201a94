import t from 'tap'
import { smallServer } from '../support/small-server.js'

/** Short names of clients (geOrchestra's data-api, Datahub, mdEdit), what is answered, and how the bytes begin. */
const downloads: readonly (readonly [asked: string, mediaType: string, file: string | undefined, start: string])[] = [
  ['f=csv&limit=-1', 'text/csv; charset=utf-8; header=present', 'arbres.csv', 'essence,lon,lat\r\nÉrable,3.8674'],
  [
    'f=csv&crs=http://www.opengis.net/def/crs/EPSG/0/2154&separator=;&bom=true',
    'text/csv; charset=utf-8; header=present',
    'arbres.csv',
    '\ufeffessence;x;y\r\nÉrable;770050;6279100\r\n',
  ],
  ['f=ooxml&limit=-1', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'arbres.xlsx', 'PK'],
  ['f=ods', 'application/vnd.oasis.opendocument.spreadsheet', 'arbres.ods', 'PK'],
  ['f=gpx', 'application/gpx+xml', 'arbres.gpx', '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1"'],
  ['f=dxf', 'image/vnd.dxf', 'arbres.dxf', '  0\nSECTION'],
  ['f=topojson', 'application/topo+json', 'arbres.topojson', '{"type":"Topology"'],
  ['f=mvt', 'application/vnd.mapbox-vector-tile', 'arbres.mvt', '\u001a'],
]

t.test('files of a collection by the short names that clients use', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const get = (query: string) => fetch(`${server.address}/collections/arbres/items?${query}`)
  for (const [asked, mediaType, file, start] of downloads) {
    const answer = await get(asked)
    const body = Buffer.from(await answer.arrayBuffer()).toString('utf8')
    t.equal(answer.status, 200, `${asked}: ${body.slice(0, 300)}`)
    t.equal(answer.headers.get('content-type'), mediaType)
    t.match(answer.headers.get('content-disposition'), `filename="${file}"`)
    t.equal(body.slice(0, start.length), start)
  }
  for (const [asked, says] of [
    ['f=csv&separator=x', /separator=x is not known; .* would work/],
    ['f=mvt&tile=1/2/3', /tile=1\/2\/3 is no tile; z\/x\/y would work/],
    ['f=gpx&skip-geometry=true', /f=csv\) would work/],
  ] as const) {
    const answer = await get(asked)
    t.equal(answer.status, 400, asked)
    t.match(await answer.text(), says)
  }
  t.same(
    server.log.filter(({ level }) => level >= 40),
    [],
  )
})
