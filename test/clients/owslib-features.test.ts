import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { pypiPython, seenBy } from './support/python.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(
  missing('OWSLib', pypiPython, '-c', 'import owslib.ogcapi') &&
    'OWSLib is not in .build/python-clients; scripts/python-clients.sh puts it there',
)

t.test('OWSLib reads OGC API Features', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const [seen] = await seenBy<Record<string, unknown>>(pypiPython, 'owslib_features.py', server.address)

  for (const rel of ['service-desc', 'conformance', 'data'])
    t.ok((seen.links as string[]).includes(rel), `the landing page leads to ${rel} (T-46)`)
  t.match(seen.openapi, /^3\.0/)
  t.ok((seen.conforms as string[]).includes('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core'))
  t.match(seen.features, /ws:parcelles,ws:batiments,routes,arbres,forêt,vide,borne,pays,population/)
  t.notMatch(seen.features, /ORTHOIMAGERY/, 'a raster is no collection of features')
  t.match(seen.collection, {
    title: 'Parcelles',
    itemType: 'feature',
    storageCrs: 'http://www.opengis.net/def/crs/EPSG/0/2154',
    extent: { spatial: { bbox: [[/^5\.5/, /^48\.8/, /^5\.5/, /^48\.9/]] } },
  })
  t.match(seen.queryables, {
    properties: {
      section: { type: 'string' },
      contenance: { type: 'integer' },
      date_maj: { format: 'date' },
      geom: { format: /polygon/ },
    },
  })
  t.match(seen.schema, { properties: { idu: { 'x-ogc-role': 'id' }, contenance: { type: 'integer' } } }, 'real types (T-42)')
  t.same(seen.all, [424, 424], 'a large limit is granted (T-16)')
  t.match(seen.box, [220, 2, [Number, Number]])
  const [larger, smaller] = (seen.box as [number, number, number[]])[2]
  t.ok(larger >= smaller, 'the largest of a box first')
  t.same(seen.filter, [23, 3, [1016, 1032, 1089]], 'a filter, sorted')
  t.match(seen.further, [23, 2], 'the rest behind an offset')
  t.equal(seen.time, 32, 'those of a year')
  t.equal(seen.words, 26, 'a word, in whatever case of letters')
  t.match(seen.item, { type: 'Feature', id: '55999000AA0001', properties: { lieu_dit: 'Les Saules' } })
  t.match(seen.refused, /sektion.*section/, 'the reason of a refusal, and what would have worked')
})
