import { readFileSync } from 'node:fs'
import t from 'tap'
import { schemaText } from '#cli/config-commands.js'
import { parseConfig } from '#config/load-config.js'
import { configSchema } from '#config/schema/index.js'
import { defaultLimits } from '#core/atlas.js'

const example = readFileSync('config/arpent.yaml', 'utf8')
const place = { where: 'config/arpent.yaml', folder: '/srv/config' }

t.test('the example publishes nothing as it is', async t => {
  const config = parseConfig(example, { ...place, variables: {} })
  t.equal(config.service.title, 'Arpent')
  t.equal(config.collections.size, 0)
  t.same([...config.stores.keys()], ['local'])
  t.same(config.notes, [])
})

t.test('every example in it can be taken as it is', async t => {
  const variables = { DATABASE_URL: 'postgres://u:secret@h/db', SIG_PASSWORD: 'hunter2', SIG_KEY: 'abc' }
  const config = parseConfig(example.replaceAll('#|', ''), { ...place, variables })
  t.same([...config.collections.keys()], ['communes', 'parcels', 'ORTHOIMAGERY.ORTHOPHOTOS'])
  t.same([...config.stores.keys()], ['main', 'local', 'ortho', 'bucket', 'images'])
  t.match(config.grids.get('CC49_5cm'), { crs: 'EPSG:3949', cellSizes: { length: 13, 12: 0.05 } })
  t.same(config.limits, defaultLimits, 'limits are the defaults it says they are')
  t.match(config.access.accounts.get('sig'), { password: /^scrypt:/, keys: [/^sha256:/] })
  t.same(config.notes, [])
})

t.test('the example shows every key of the schema that has an effect', async t => {
  const notYet = ['$schema', 'legacy', 'disk', 'styles', 'queryables', 'position', 'phone', 'address', 'type', 'format', 'path', 'bytes']
  const missing = keysOf(configSchema).filter(key => !notYet.includes(key) && !new RegExp(`\\b${key}:`).test(example))
  t.same(missing, [])
})

t.test('the schema beside it is the one in force', async t => {
  t.equal(readFileSync('config/arpent.schema.json', 'utf8'), schemaText(), 'if not: arpent config schema > config/arpent.schema.json')
})

/** Names of all properties of a JSON Schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {} } = schema as { properties?: object }
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf), ...Object.values(properties).flatMap(keysOf)]
}
