import { readFileSync } from 'node:fs'
import { ConfigError } from '#config/faults.js'
import { parseConfig } from '#config/load-config.js'
import { bytesOf, oneFile, type Probe, refused } from '../probe.js'

const variables = { DATABASE_URL: 'postgres://u:topsecret@h/db', SIG_PASSWORD: 'topsecret', SIG_KEY: 'topsecret' }

const json = JSON.stringify({
  service: { title: 'x', languages: ['fr'] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a config file holds
  stores: { main: { kind: 'postgis', url: '${DATABASE_URL}' } },
  collections: { communes: { store: 'main', table: 'a.b', crs: ['EPSG:2154'] } },
  limits: { mapSide: 100 },
})

const aliases = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\n`

export const config: Probe = {
  name: 'config',
  title: 'the config file, in YAML and JSON',
  cases: 150,
  words: ['null', '[]', '{}', '-1', '1e999', '"x"', ': ', '- ', '&a ', '*a', '!!binary x', '\t', '\0', '#', '|\n', '>\n', '<<: *a', '? ', '...\n', '---\n',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a config file holds
    '${DATABASE_URL}', '${NOPE}', '${', '__proto__: 1\n', 'constructor: ', '[', '{', '[{', '\n  ', '"', "'", '%YAML 1.1\n', '!!js/function x', '2000-01-01', '0x', '\ud800'], // biome-ignore format: across
  samples: async () => ({
    example: oneFile('arpent.yaml', readFileSync('config/arpent.yaml', 'utf8').replaceAll('#|', '')),
    json: oneFile('arpent.json', json),
    aliases: oneFile('aliases.yaml', aliases),
  }),
  /** It is taken, or refused with faults that have their places and tell no secret. */
  async run(input) {
    try {
      const found = parseConfig(Buffer.from(bytesOf(input)).toString('utf8'), { where: 'arpent.yaml', folder: '/srv', variables })
      return { verdict: 'read', answer: JSON.stringify(found.limits) }
    } catch (error) {
      if (!(error instanceof ConfigError) || error.faults.length === 0) throw error
      if (error.message.includes('topsecret')) throw new Error('the refusal shows a secret')
      return refused(error.message.slice(0, 20_000))
    }
  },
}
