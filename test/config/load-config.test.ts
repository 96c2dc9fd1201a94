import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig, parseConfig } from '#config/load-config.js'
import { showConfig } from '#config/show-config.js'
import { matchesPassword } from '#core/secret-hash.js'

const place = { where: 'arpent.yaml', folder: '/srv', variables: { DATABASE_URL: 'postgres://u:secret@h/db', ITEMS: '50', PW: 'p"w: x' } }

t.test('YAML and JSON say the same', async t => {
  const yaml = parseConfig(
    `service: { title: { fr: Eau } }\nstores: { main: { kind: postgis, url: "\${DATABASE_URL}" } }\nspaces:\n`,
    place,
  )
  const json = parseConfig(
    `{\n\t"service": { "title": { "fr": "Eau" } },\n\t"stores": { "main": { "kind": "postgis", "url": "\${DATABASE_URL}" } }\n}`,
    place,
  )
  t.same(yaml, json)
  t.match(yaml.stores.get('main'), { kind: 'postgis', url: 'postgres://u:secret@h/db', discover: false })
})

t.test('variables are put in once, whole or in parts, and numbers become numbers', async t => {
  const config = parseConfig(
    `service: { title: "a \${PW} b $\${PW}" }\nlimits: { items: "\${ITEMS}" }\naccess: { accounts: { bob: { password: "\${PW}" } } }`,
    place,
  )
  t.equal(config.service.title, `a p"w: x b \${PW}`)
  t.equal(config.limits.items, 50)
  t.ok(await matchesPassword('p"w: x', config.access.accounts.get('bob')?.password ?? ''), 'a secret out of a variable is hashed at once')
  t.notOk(await matchesPassword('other', config.access.accounts.get('bob')?.password ?? ''))
})

t.test('paths start from the file, sources beside it from the working directory', async t => {
  const config = parseConfig('sources: [data]\nstores: { o: { kind: cog, root: ortho, files: [loose] } }', {
    ...place,
    sources: ['more', '/abs'],
  })
  t.match(config.stores.get('local'), { kind: 'embedded', files: ['/srv/data', join(process.cwd(), 'more'), '/abs'], discover: true })
  t.match(config.stores.get('images'), { kind: 'cog', files: ['/srv/data', join(process.cwd(), 'more'), '/abs'] })
  t.match(config.stores.get('o'), { root: '/srv/ortho', files: ['/srv/ortho/loose'] })
})

t.test('sources alone become stores', async t => {
  const variables = {}
  const config = await loadConfig({
    sources: ['postgres://gis:pw@db/geo?schema=a,b&sslmode=require', 'postgresql://db/other', 'data'],
    variables,
  })
  t.match(config.stores.get('database'), { url: 'postgres://gis:pw@db/geo?sslmode=require', schemas: ['a', 'b'], discover: true })
  t.match(config.stores.get('database2'), { url: 'postgresql://db/other', discover: true })
  t.same([...config.stores.keys()], ['database', 'database2', 'local', 'images'])
  const refused = await loadConfig({ sources: ['s3://key:secret@bucket/x', 'https://x/y.tif', 'postgres:'], variables })
  t.equal(refused.refusedSources.length, 2)
  t.notMatch(JSON.stringify(refused.refusedSources), /secret/)
})

t.test('collections find the only store that fits', async t => {
  const config = parseConfig(
    'stores: { m: { kind: embedded }, o: { kind: cog, root: . } }\ncollections: { a: { table: t }, b: { files: "*.tif" } }',
    place,
  )
  t.equal(config.collections.get('a')?.store, 'm')
  t.equal(config.collections.get('b')?.store, 'o')
})

t.test('what is shown holds no secret and can be read again', async t => {
  const text = `stores: { m: { kind: postgis, url: "\${DATABASE_URL}" } }\ncollections: { c: { table: t, id: [a, b], title: { fr: x }, metadata: [{ url: "http://x" }] } }\naccess: { accounts: { bob: { password: "\${PW}", keys: ["\${PW}"] } }, write: { "*": [bob] } }\nspaces: { eau: { collections: [c] } }\ngrids: { g: { crs: EPSG:3949, cellSizes: [4, 2], halvings: 2, extent: [0, 0, 9, 9], idPrefix: x } }`
  const shown = showConfig(parseConfig(text, place))
  t.notMatch(shown, /secret|p"w|scrypt|sha256/)
  t.match(shown, /u:\*\*\*@h/)
  const again = parseConfig(
    shown
      .replaceAll('"***"', `"\${PW}"`)
      .replaceAll('***', `"\${PW}"`)
      .replaceAll(/url: .*h\/db/g, `url: "\${DATABASE_URL}"`),
    place,
  )
  t.same([...again.collections], [...parseConfig(text, place).collections])
  t.same(again.spaces, parseConfig(text, place).spaces)
  t.same(again.grids, parseConfig(text, place).grids)
  t.same(again.grids.get('g')?.cellSizes, [4, 2, 1, 0.5])
})

t.test('dimensions are read in short and in long, and shown as they can be read again', async t => {
  const text = `stores: { m: { kind: embedded }, o: { kind: cog, root: . } }
collections:
  a: { table: t, time: vu, elevation: { column: h, units: "EPSG:5720", symbol: m, default: 500, extent: [500, 490.5], multiple: false, nearest: true } }
  b: { table: t, time: { start: debut, end: fin, default: latest, step: P1D }, dimensions: { scenario: { column: s, default: none } } }
  c: { files: "*.tif", time: DateTime, elevation: { band: 2, extent: 0/425/1 } }
  d: { files: "*.tif", time: { pattern: "(?<year>[0-9]+)", default: "2017" }, accuracy: { pattern: "(?<accuracy>.)" } }`
  const config = parseConfig(text, place)
  const of = (id: string) => config.collections.get(id)?.settings.dimensions
  t.same(of('a'), [
    { name: 'time', place: { kind: 'column', column: 'vu' } },
    {
      name: 'elevation',
      place: { kind: 'column', column: 'h' },
      units: 'EPSG:5720',
      unitSymbol: 'm',
      extent: '500,490.5',
      default: '500',
      takesSeveral: false,
      takesNearest: true,
    },
  ])
  t.same(of('b'), [
    { name: 'time', place: { kind: 'columns', start: 'debut', end: 'fin' }, step: 'P1D', default: 'latest' },
    { name: 'scenario', place: { kind: 'column', column: 's' }, default: 'none' },
  ])
  t.same(of('c'), [
    { name: 'time', place: { kind: 'files' } },
    { name: 'elevation', place: { kind: 'band', band: 1 }, extent: '0/425/1' },
  ])
  t.same(of('d'), [{ name: 'time', place: { kind: 'files' }, default: '2017' }])
  t.equal(config.collections.get('d')?.settings.timePattern, '(?<year>[0-9]+)')
  t.same([...parseConfig(showConfig(config), place).collections], [...config.collections])
})

t.test('what the contract lists but nothing does yet is accepted and said', async t => {
  const { notes } = parseConfig(
    'cache: { memory: 1e6, disk: { path: /tmp } }\nsources: [x]\ncollections: { c: { table: t, styles: a.sld } }',
    place,
  )
  t.equal(notes.length, 1)
  for (const note of notes) t.match(note, /:|;/, 'what happens instead is said')
})

t.test('files that are none are refused', async t => {
  const scratch = mkdtempSync(join(tmpdir(), 'arpent-config-'))
  t.teardown(() => rmSync(scratch, { recursive: true, force: true }))
  mkdirSync(join(scratch, 'folder'))
  writeFileSync(join(scratch, 'binary.yaml'), Buffer.from([0, 1, 2, 0xff, 0xfe]))
  const load = (file: string) => loadConfig({ file, sources: [], variables: {} })
  await t.rejects(load(join(scratch, 'nope.yaml')), { message: /nope\.yaml: there is no such file/ })
  await t.rejects(load(join(scratch, 'folder')), { message: /this is a folder; name the file in it/ })
  await t.rejects(load(join(scratch, 'binary.yaml')), { name: 'ConfigError' })
  await t.rejects(load('/dev/zero'), { message: /larger than 6 MB|binary|must hold/ })
  writeFileSync(join(scratch, 'bom.yaml'), '\uFEFFservice: { title: x }\r\n')
  t.equal((await load(join(scratch, 'bom.yaml'))).service.title, 'x')
})
