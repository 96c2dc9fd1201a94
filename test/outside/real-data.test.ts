import t from 'tap'
import { runServer } from '../support/running-server.js'
import { sharedData } from '../support/shared-data.js'

const bench = sharedData('bench')

t.test('real folders at once: tiles of a mosaic are one layer, years of a series are many', { skip: bench.skip }, async t => {
  const server = await runServer([`${bench.path}/ortho`, `${bench.path}/timeseries`, `${bench.path}/dem`, `${bench.path}/urbanisme`])
  t.teardown(() => server.stop())
  const text = async (path: string, headers = {}) => (await fetch(server.address + path, { headers })).text()
  const capabilities = await text('/wms?service=WMS&request=GetCapabilities')
  const names = [...capabilities.matchAll(/<Layer queryable="1"><Name>([^<]*)/g)].map(([, name]) => name)
  const box = (name: string) =>
    ['west', 'south', 'east', 'north'].map(side => {
      const [, layer] = capabilities.split(`<Name>${name}</Name>`)
      return Number(new RegExp(`<${side}Bound\\w+>([^<]*)`).exec(layer)?.[1])
    })

  await t.test('what becomes a layer', t => {
    for (const name of ['kampala-dalles', 'ngi-swellendam', 'ign-mns-5m', '1985', '2015', 'm_4709963_se_14_1_20200831', 'installation'])
      t.ok(names.includes(name), name)
    t.notOk(names.some(name => /^kampala_0m075_/.test(name)))
    t.end()
  })

  await t.test('every layer draws something in its own extent', async t => {
    for (const name of names) {
      const [west, south, east, north] = box(name)
      const query = `layers=${encodeURIComponent(name)}&styles=&crs=CRS:84&bbox=${west},${south},${east},${north}&width=64&height=64&format=image/png&transparent=true`
      const answer = await fetch(`${server.address}/wms?service=WMS&version=1.3.0&request=GetMap&${query}`)
      t.equal(answer.headers.get('content-type'), 'image/png', name)
      t.ok((await answer.arrayBuffer()).byteLength > 130, `${name}: not empty`)
    }
  })

  await t.test('the cure for a photograph without a mask does not pierce it', async t => {
    const page = await text('/datasets/kampala-dalles/', { accept: 'text/html' })
    t.match(page, /nearblack/)
    t.notMatch(page, /a_nodata/)
  })

  await t.test('nothing on the pages is fetched from elsewhere', async t => {
    const page = await text('/', { accept: 'text/html' })
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      t.ok(address.startsWith(server.address) || address.startsWith('/'), address)
    t.notMatch(page, bench.path)
  })
})
