import { spawnSync } from 'node:child_process'
import t from 'tap'
import { editedWorld } from '../support/edited-world.js'
import { withoutDatabase } from '../support/postgres.js'
import { missing, unlessAll } from '../support/programs.js'

const python = '/usr/bin/python3'
const without = withoutDatabase || unlessAll(missing('QGIS', python, '-c', 'import qgis.core'))

interface Bodies {
  readonly post: object
  readonly put: { id: string }
  readonly patchGeometry: object
  readonly patchProperties: object
}

/**
 * QGIS edits since 3.32, which is not here: the bodies come from the JSON writer of the QGIS that is, addresses and headers are those that the provider
 * sends (OPTIONS of the items and of one, then POST, PATCH or PUT, DELETE; Content-Crs without brackets; the id is what follows `/items/` in Location).
 */
t.test('what QGIS sends when it edits', { skip: without }, async t => {
  const { sql, ask, troubles } = await editedWorld(t)
  const wkt = 'MultiPolygon (((770000.123456 6279000, 770100 6279000, 770100 6279100, 770000.123456 6279000)))'
  const { stdout, stderr } = spawnSync(python, ['test/clients/qgis_edits.py', wkt], {
    encoding: 'utf8',
    env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
  })
  t.match(stdout, /^\{/, stderr)
  const { post, put, patchGeometry, patchProperties } = JSON.parse(stdout) as Bodies
  const crs = { 'content-crs': 'http://www.opengis.net/def/crs/EPSG/0/2154' }
  const allowed = async (path: string) => ((await ask('OPTIONS', path)).headers.get('allow') ?? '').split(',').map(word => word.trim())
  const items = '/collections/lieux/items'

  t.ok((await allowed(items)).includes('POST'))
  const one = await allowed(`${items}/unknown_id`)
  t.ok(['PUT', 'PATCH', 'DELETE'].every(method => one.includes(method)))

  const made = await ask('POST', items, post, crs)
  t.equal(made.status, 201, made.text)
  const location = made.headers.get('location')!
  const id = location.slice(location.lastIndexOf('/items/') + '/items/'.length)
  const row = async () =>
    (
      await sql(
        'SELECT id::text, nom, rang, mesure, ouvert, jour::text, extract(epoch FROM instant)::int AS at, code, ST_AsText(geom) AS wkt FROM @lieux',
      )
    )[0] // prettier-ignore
  const at = Date.UTC(2024, 1, 29, 10, 30) / 1000
  const polygon = 'MULTIPOLYGON(((770000.123456 6279000,770100 6279000,770100 6279100,770000.123456 6279000)))'
  t.same(await row(), { id, nom: 'Évêché', rang: 3, mesure: 0.125, ouvert: true, jour: '2024-02-29', at, code: null, wkt: polygon })

  t.match(await ask('PATCH', `${items}/${id}`, patchProperties), { status: 204, text: '' })
  t.match(await row(), { rang: 5, jour: '2024-03-01', nom: 'Évêché' })
  t.match(await ask('PATCH', `${items}/${id}`, patchGeometry, crs), { status: 204 })
  t.match(await row(), { wkt: polygon, rang: 5 })
  t.match(await ask('PUT', `${items}/${id}`, { ...put, id }, crs), { status: 204 })
  t.match(await row(), { rang: 4, jour: '2024-02-29' })
  t.match(await ask('DELETE', `${items}/${id}`), { status: 204 })
  t.equal(await row(), undefined)
  t.same(troubles(), [])
})
