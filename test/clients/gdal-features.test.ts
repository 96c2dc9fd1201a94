import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { debianPython, seenBy } from './support/python.js'
import { recorderOf, refusals } from './support/recorder.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(missing('GDAL for Python', debianPython, '-c', 'from osgeo import gdal'))

t.test('GDAL reads OGC API Features', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const recorder = await recorderOf(server.address)
  t.teardown(() => recorder.close())
  const [seen] = await seenBy<Record<string, unknown>>(debianPython, 'gdal_features.py', recorder.address)
  const all = (count: number) => ({ count, differing: [], near: true })

  t.match(seen.layers, /ws:parcelles,ws:batiments,routes,arbres,forêt,vide,borne,pays,population/, 'lists the collections (T-40)')
  t.match(
    seen['ws:parcelles'],
    { count: [424, 424], compared: 7, all: all(424), filter: [23, all(23)], box: [220, all(220)] },
    'parcels, stored in EPSG:2154: all of them, those of a filter and those in a box are those of the file (T-10, T-17)',
  )
  t.match(
    seen.arbres,
    { count: [2843, 2843], compared: 7, all: all(2843), filter: [5, all(5)], box: [534, all(534)] },
    'trees, stored in EPSG:4326',
  )
  t.equal(seen.crs, '4326')
  t.same(seen.population, [120, 120, 'Unknown (any)'], 'a collection without geometry')
  t.same(seen.paged, ['ws:batiments', 318, 318], 'none is lost or doubled in small pages (T-11, T-17)')
  t.ok(
    recorder.exchanges.filter(({ url }) => /items\?.*cursor=.*limit=25|items\?.*limit=25.*cursor=/.test(url)).length >= 12,
    'it follows the links to next pages, thirteen of 25',
  )
  t.same(seen.one, [7, 'Frêne élevé'], 'one feature by its id')
  t.match(seen.refused, /no collection «nulle_part»/, 'the reason of a refusal is what people read (T-25)')

  const [size, inBox, code] = seen.file as [number, number, string]
  t.ok(size > 10_000 && inBox === 9 && code === '2154', 'a stored FlatGeobuf by its address: its size, and what lies in a box (T-23, T-44)')
  const pieces = recorder.exchanges.filter(({ url }) => url.startsWith('/files/exports/'))
  t.ok(pieces.some(({ method, status }) => method === 'HEAD' && status === 200) || pieces.some(({ status }) => status === 206))
  t.same(
    refusals(recorder).filter(line => !line.includes('nulle_part')),
    [],
    'nothing else it asks is refused',
  )
})
