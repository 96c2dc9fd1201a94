import { existsSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import { nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { runProgram } from '../support/run-program.js'
import { runServer } from '../support/running-server.js'
import { hostileNames, quotedName, quotedText } from './hostile-names.js'

const value = `<script>alert(1)</script> & "double" 'single' é 漢字 𝕏 ]]> \\ %s`
const schema = 'Sché"ma <b>'

t.test('tables and columns of hostile names are served rightly', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.sql(`DROP VIEW slow; CREATE SCHEMA ${quotedName(schema)};`)
  for (const [i, name] of hostileNames.entries()) {
    const table = `${quotedName(i % 2 ? 'public' : schema)}.${quotedName(name)}`
    const geometry = quotedName(hostileNames[(i + 1) % hostileNames.length])
    // the key of an odd one is hostile, too
    const key = i % 2 ? quotedName(`key ${name}`.slice(0, 20)) : 'id'
    world.sql(`CREATE TABLE ${table} (${key} integer PRIMARY KEY, ${quotedName(name)} text, ${geometry} geometry(Polygon, 2154));
      INSERT INTO ${table} VALUES (7, ${quotedText(value)}, ST_MakeEnvelope(770100, 6279100, 770900, 6279900, 2154));
      COMMENT ON TABLE ${table} IS 'hostile ${i}'; ANALYZE ${table}`)
  }
  const checked = await runProgram(['check', world.url('postgres'), '--json', '--data', `${world.folder}/checked`])
  t.equal(checked.code, 0, 'check finds nothing broken')
  t.notMatch(checked.stdout, /not-checked/, 'and looks into every one')

  const data = join(world.folder, 'data')
  const server = await runServer([world.url('postgres')], { data })
  t.teardown(() => server.stop())
  const ask = async (parameters: Record<string, string>) => {
    const answer = await fetch(`${server.address}/wms?${new URLSearchParams({ service: 'WMS', version: '1.3.0', ...parameters })}`)
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', bytes: Buffer.from(await answer.arrayBuffer()) }
  }
  const { bytes } = await ask({ request: 'GetCapabilities' })
  const layers = namesByTitle(readXml(bytes.toString(), { bytes: 1e7, depth: 100, nodes: 1e6 }))

  for (const [i, name] of hostileNames.entries()) {
    await t.test(JSON.stringify(name), async t => {
      const layer = layers.get(`hostile ${i}`)
      if (!layer) return t.fail('it is published')
      const map = {
        layers: layer,
        styles: '',
        crs: 'EPSG:2154',
        bbox: '770000,6279000,771000,6280000',
        width: '100',
        height: '100',
        format: 'image/png',
      }
      const drawn = await ask({ request: 'GetMap', ...map })
      t.equal(drawn.status, 200, drawn.type.includes('xml') ? drawn.bytes.toString() : '')
      const { channels } = await sharp(drawn.bytes).stats()
      t.ok(
        channels.some(({ min, max }) => min !== max),
        'something is drawn',
      )
      const info = { request: 'GetFeatureInfo', ...map, query_layers: layer, i: '50', j: '50' }
      for (const format of ['text/plain', 'text/html', 'application/json', 'application/vnd.ogc.gml', 'application/vnd.ogc.gml/3.1.1']) {
        const { status, bytes } = await ask({ ...info, info_format: format })
        const text = bytes.toString()
        t.equal(status, 200, `${format}: ${status === 200 ? '' : text}`)
        if (format === 'application/json') {
          const [feature] = JSON.parse(text).features
          t.equal(feature.properties[name], value, 'the value, under its name')
          t.match(feature.id, /7$/)
          t.equal(Object.hasOwn(feature.properties, name), true)
          t.equal(feature.geometry.type, 'Polygon')
        } else if (format === 'text/html') {
          t.notMatch(text, /<script/i, 'nothing of it is markup')
          t.match(text, /&(lt|#60);script&(gt|#62);alert\(1\)/, 'it is there to be read')
        } else if (format === 'text/plain') t.ok(text.includes(value))
        else t.ok(textsOf(readXml(text)).includes(value), `${format} is XML, with the value in it`)
      }
    })
  }
  for (const path of ['/', '/?f=json', '/wms', '/health/ready']) {
    const answer = await fetch(server.address + path, { headers: { accept: 'text/html' } })
    t.equal(answer.status, 200)
    if (answer.headers.get('content-type')?.startsWith('text/html')) t.notMatch(await answer.text(), /<script>alert/, `${path} is clean`)
  }
  t.notMatch(server.output.stdout, /\u202e|two\nlines/, 'the terminal is not led astray')
  t.notOk(existsSync(join(data, 'database')), 'no embedded database was started for it')
  t.same(troubles(server), [])
})

/** Layer names by their titles. */
function namesByTitle(element: XmlElement, found = new Map<string, string>()): Map<string, string> {
  const [name, title] = [childOf(element, 'Name'), childOf(element, 'Title')]
  if (element.name === 'Layer' && name && title) found.set(textOf(title), textOf(name))
  for (const child of childrenOf(element)) namesByTitle(child, found)
  return found
}

/** The text of every element that holds nothing else. */
function textsOf(element: XmlElement): string[] {
  const children = childrenOf(element)
  return children.length ? children.flatMap(textsOf) : [textOf(element)]
}
