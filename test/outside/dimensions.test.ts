import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { makeTiff } from '../support/make-tiff.js'
import { clear, readPicture, share } from '../support/picture.js'
import { unlessAll } from '../support/programs.js'
import { type RunningServer, runServer } from '../support/running-server.js'

const config = `
service: { title: Essai }
stores:
  local: { kind: embedded, files: [vues.geojson], discover: false }
  ortho: { kind: cog, root: ortho }
  altitude: { kind: cog, root: . }
  relief: { kind: cog, root: relief }
  pluie: { kind: cog, root: pluie }
collections:
  vues: { store: local, table: vues, time: { column: annee, default: latest } }
  ortho: { store: ortho, files: "*.tif", time: { pattern: "_(?<year>\\\\d{4})", nearest: true } }
  pluie: { store: pluie, files: "*.tif", dimensions: { mm: { band: 1, units: mm, extent: 0/4/0 } } }
  relief: { store: relief, files: "*.tif", order: name, elevation: { band: 1, extent: 0/1000/1 } }
  altitude: { store: altitude, files: altitude.tif, crs: [EPSG:2154, EPSG:3857], elevation: { band: 1, symbol: m, extent: 0/1000/1 } }
`
const corner = [700_000, 6_600_000] as const
const years = { 2012: [255, 0, 0], 2015: [0, 255, 0], 2017: [0, 0, 255] } as const
/** Heights of 40 x 40 cells of 10 m, without any order. */
const height = (x: number, y: number) => ((x * 7919 + y * 104_729 + x * y * 31) % 1000) + 0

function prepare(folder: string): string {
  mkdirSync(join(folder, 'ortho'))
  for (const [year, color] of Object.entries(years))
    writeFileSync(
      join(folder, 'ortho', `orthophoto_${year}.tif`),
      makeTiff([{ width: 40, height: 40, bands: color.map(value => () => value), place: [...corner, 10, 10], epsg: 2154 }]),
    )
  mkdirSync(join(folder, 'pluie'))
  writeFileSync(
    join(folder, 'pluie', 'pluie.tif'),
    makeTiff([{ width: 40, height: 40, type: 'float32', bands: [x => x / 10], place: [...corner, 10, 10], epsg: 2154 }]),
  )
  writeFileSync(
    join(folder, 'altitude.tif'),
    makeTiff([{ width: 40, height: 40, type: 'int16', bands: [height], place: [...corner, 10, 10], epsg: 2154, nodata: '-1' }]),
  )
  mkdirSync(join(folder, 'relief'))
  // 500 m with a hole in the middle, finer cells and another grid, over 100 m
  const hill = (x: number, y: number) => (x >= 30 && x < 50 && y >= 30 && y < 50 ? -1 : 500)
  for (const [name, side, pixel, band] of [
    ['a', 40, 10, () => 100],
    ['b', 80, 4.9, hill],
  ] as const)
    writeFileSync(
      join(folder, 'relief', `${name}.tif`),
      makeTiff([{ width: side, height: side, type: 'int16', bands: [band], place: [...corner, pixel, pixel], epsg: 2154, nodata: '-1' }]),
    )
  const features = [2012, 2012, 2015, 2017].map((annee, i) => ({
    type: 'Feature',
    properties: { annee, n: i },
    geometry: { type: 'Point', coordinates: [3 + i / 10, 47] },
  }))
  writeFileSync(join(folder, 'vues.geojson'), JSON.stringify({ type: 'FeatureCollection', features }))
  writeFileSync(join(folder, 'arpent.yaml'), config)
  return join(folder, 'arpent.yaml')
}

const map = {
  SERVICE: 'WMS',
  VERSION: '1.3.0',
  REQUEST: 'GetMap',
  STYLES: '',
  CRS: 'EPSG:2154',
  BBOX: '700000,6599600,700400,6600000',
  WIDTH: '40',
  HEIGHT: '40',
  FORMAT: 'image/png',
  TRANSPARENT: 'TRUE',
}
const get = (server: RunningServer, parameters: Record<string, string>) =>
  fetch(`${server.address}/wms?${new URLSearchParams({ ...map, ...parameters })}`)
const picture = async (server: RunningServer, parameters: Record<string, string>) =>
  readPicture(new Uint8Array(await (await get(server, parameters)).arrayBuffer()))

t.test('what a server shows of a time and of a height', async t => {
  const server = await runServer(['--config', prepare(t.testdir({}))])
  t.teardown(() => server.stop())

  await t.test('a mosaic by the years of its files', async t => {
    const colour = async (parameters: Record<string, string>) => {
      const shown = await picture(server, { LAYERS: 'ortho', ...parameters })
      const [year] =
        Object.entries(years).find(([, [r, g, b]]) => share(shown, (...rgb) => rgb.slice(0, 3).join() === [r, g, b].join()) === 1) ?? []
      return year ?? (clear(shown) === 1 ? 'nothing' : 'something else')
    }
    t.equal(await colour({}), '2017', 'all of them, the newest on top')
    for (const year of Object.keys(years)) t.equal(await colour({ TIME: year }), year)
    t.equal(await colour({ TIME: '2012-07-14' }), '2012')
    t.equal(await colour({ TIME: '2012/2016' }), '2015')
    t.equal(await colour({ TIME: 'current' }), '2017')
    t.equal(await colour({ TIME: '2013/2014' }), 'nothing')
    t.equal(await colour({ TIME: '2009' }), '2012')
    const { headers } = await get(server, { LAYERS: 'ortho', TIME: '2009' })
    t.equal(headers.get('warning'), '99 Nearest value used: time=2012 ISO8601')
    t.match(headers.get('access-control-expose-headers'), /\bWarning\b/, 'which pages may read')
    const info = { REQUEST: 'GetFeatureInfo', LAYERS: 'ortho', QUERY_LAYERS: 'ortho', I: '20', J: '20', INFO_FORMAT: 'application/json' }
    for (const [year, color] of Object.entries(years)) {
      const { features } = (await (await get(server, { ...info, TIME: year })).json()) as { features: { properties: object }[] }
      t.same(Object.values(features[0].properties).filter(Number.isFinite), [...color], year)
    }
  })

  await t.test('values in single precision, by the name of their dimension', async t => {
    const columns = async (value: string) => {
      const { pixels } = await picture(server, { LAYERS: 'pluie', DIM_MM: value })
      return Array.from({ length: 40 }, (_, x) => x).filter(x => pixels[4 * x + 3] > 0)
    }
    t.same(await columns('0.1'), [1])
    t.same(await columns('0.3/0.7,1.1'), [3, 4, 5, 6, 7, 11])
    t.same(await columns('0.15'), [])
  })

  await t.test('a cell hides what lies below it, shown or not', async t => {
    const shown = async (ELEVATION: string) => {
      const { pixels } = await picture(server, { LAYERS: 'relief', ELEVATION })
      const at = (x: number, y: number) => pixels[4 * (y * 40 + x) + 3] > 0
      // on the hill, in its hole, beside it
      return [at(5, 5), at(20, 20), at(39, 39)]
    }
    t.same(await shown('0/1000'), [true, true, true])
    t.same(await shown('400/600'), [true, false, false])
    t.same(await shown('0/200'), [false, true, true])
    t.same(await shown('300'), [false, false, false])
  })

  await t.test('rows by the number of their year', async t => {
    const told = async (TIME?: string) => {
      const parameters = {
        REQUEST: 'GetFeatureInfo',
        LAYERS: 'vues',
        QUERY_LAYERS: 'vues',
        CRS: 'CRS:84',
        BBOX: '2,46,4,48',
        WIDTH: '20',
        HEIGHT: '20',
      }
      const place = { I: '11', J: '10', FI_POINT_TOLERANCE: '20', FEATURE_COUNT: '10', INFO_FORMAT: 'application/json' }
      const { features } = (await (await get(server, { ...parameters, ...place, ...(TIME && { TIME }) })).json()) as {
        features: { properties: { n: number } }[]
      }
      return features.map(({ properties }) => properties.n).sort()
    }
    t.same(await told('2012'), [0, 1])
    t.same(await told('2012-05-05/2015-01-01'), [0, 1, 2])
    t.same(await told(), [3], 'the latest by default')
    const capabilities = await (await get(server, { REQUEST: 'GetCapabilities' })).text()
    t.match(
      capabilities,
      '<Dimension name="time" units="ISO8601" default="2017" multipleValues="1" nearestValue="0">2012,2015,2017</Dimension>',
    )
    t.match(
      capabilities,
      '<Dimension name="elevation" units="EPSG:5030" unitSymbol="m" default="0/1000" multipleValues="1" nearestValue="0">0/1000/1</Dimension>',
    )
  })

  await t.test('cells by their height, as GDAL and numpy pick them', { skip: unlessAll(withoutGdal) }, async t => {
    const folder = t.testdir({})
    const source = join(folder, 'height.tif')
    writeFileSync(
      source,
      makeTiff([{ width: 40, height: 40, type: 'int16', bands: [height], place: [...corner, 10, 10], epsg: 2154, nodata: '-1' }]),
    )
    const spans = [
      [0, 200],
      [335, 425],
      [250, 250],
    ]
    const cases = [
      { CRS: 'EPSG:2154', BBOX: '700000,6599600,700400,6600000', WIDTH: 40, HEIGHT: 40, off: 0 },
      { CRS: 'EPSG:2154', BBOX: '700000,6599600,700400,6600000', WIDTH: 280, HEIGHT: 280, off: 0 },
      { CRS: 'EPSG:2154', BBOX: '700105,6599705,700287,6599887', WIDTH: 364, HEIGHT: 364, off: 0 },
      // cells lie askew, and their edges may fall to either side
      { CRS: 'EPSG:3857', BBOX: '333959,5860258,334539,5860838', WIDTH: 580, HEIGHT: 580, off: 0.01 },
    ]
    for (const { CRS, BBOX, WIDTH, HEIGHT, off } of cases) {
      const { pixels } = await picture(server, {
        LAYERS: 'altitude',
        CRS,
        BBOX,
        WIDTH: String(WIDTH),
        HEIGHT: String(HEIGHT),
        ELEVATION: spans.map(([from, to]) => (from === to ? String(from) : `${from}/${to}`)).join(','),
      })
      const expected = gdalPython<number[]>(
        `
import numpy
box = list(map(float, sys.argv[2].split(',')))
grid = gdal.Warp('', sys.argv[1], format='MEM', dstSRS=sys.argv[3], outputBounds=box, width=int(sys.argv[4]), height=int(sys.argv[5]), resampleAlg='near', dstNodata=-1, errorThreshold=0)
values = grid.ReadAsArray()
print(json.dumps(sum(((values >= a) & (values <= b)).astype(int) for a, b in json.loads(sys.argv[6])).ravel().tolist()))`,
        source,
        BBOX,
        CRS,
        WIDTH,
        HEIGHT,
        JSON.stringify(spans),
      )
      const shown = expected.reduce((sum, value) => sum + value, 0) / expected.length
      t.ok(shown > 0.1 && shown < 0.6, `${CRS} ${WIDTH}: ${shown} of the pixels are to be seen`)
      const wrong = expected.filter((value, i) => pixels[4 * i + 3] > 0 !== value > 0).length / expected.length
      t.ok(wrong <= off, `${CRS} ${WIDTH}: ${wrong} of the pixels are wrong`)
      t.same([...new Set(pixels.filter((_, i) => i % 4 === 3))].sort(), [0, 255], 'seen or not, nothing between')
    }
    const info = { REQUEST: 'GetFeatureInfo', LAYERS: 'altitude', QUERY_LAYERS: 'altitude', INFO_FORMAT: 'application/json' }
    const value = async (I: number, J: number, ELEVATION: string) => {
      const answer = (await (await get(server, { ...info, I: String(I), J: String(J), ELEVATION })).json()) as {
        features: { properties: object }[]
      }
      return answer.features.flatMap(({ properties }) => Object.values(properties).filter(Number.isFinite))
    }
    const here = height(12, 30)
    t.same(await value(12, 30, String(here)), [here])
    t.same(await value(12, 30, `0/${here - 1},${here + 1}/1000`), [], 'a cell that is not shown tells nothing')
  })
  t.notMatch(server.output.stderr, /"level":(40|50)/, 'no warning and no error was logged')
})
