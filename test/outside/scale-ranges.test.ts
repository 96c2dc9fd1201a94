import { join } from 'node:path'
import t from 'tap'
import { runServer } from '../support/running-server.js'

t.test('a layer that shows only from some scale on has a preview that shows it, and the page knows from where', async t => {
  const points = Array.from({ length: 900 }, (_, i) => [2 + (i % 30) / 300, 47 + Math.floor(i / 30) / 300])
  const features = points.map(coordinates => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates } }))
  const folder = t.testdir({
    'arbres.geojson': JSON.stringify({ type: 'FeatureCollection', features }),
    'arpent.yaml': [
      'service: { title: Essai }',
      'stores: { local: { kind: embedded, files: [arbres.geojson], discover: false } }',
      'collections: { arbres: { store: local, table: arbres, maxScaleDenominator: 15000 } }',
    ].join('\n'),
  })
  const server = await runServer(['--config', join(folder, 'arpent.yaml')])
  t.teardown(() => server.stop())
  const preview = await fetch(`${server.address}/preview/arbres`)
  t.equal(preview.headers.get('content-type'), 'image/png')
  t.ok((await preview.arrayBuffer()).byteLength > 300, 'not an empty picture')
  const page = await (await fetch(server.address, { headers: { accept: 'text/html' } })).text()
  t.match(page, /data-coarsest="4\.2\d*"|data-coarsest="4\.19\d*"/)
})
