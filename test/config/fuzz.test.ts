import { readFileSync } from 'node:fs'
import t from 'tap'
import { ConfigError } from '#config/faults.js'
import { parseConfig } from '#config/load-config.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'

t.test('whatever becomes of a config, it is taken or refused with faults', async t => {
  const random = seeded(3)
  const example = readFileSync('config/arpent.yaml', 'utf8').replaceAll('#|', '')
  const variables = { DATABASE_URL: 'postgres://u:topsecret@h/db', SIG_PASSWORD: 'topsecret', SIG_KEY: 'topsecret' }
  const pieces = [
    'null',
    '[]',
    '{}',
    '-1',
    '1e999',
    '"x"',
    ': ',
    '- ',
    '&a ',
    '*a',
    '!!binary x',
    `\${DATABASE_URL}`,
    `\${NOPE}`,
    '\t',
    '\u0000',
    '#',
    '|',
    '>',
    '<<: *a',
    '? ',
    '...',
    '---',
  ]
  let refused = 0
  for (let n = 0; n < 150; n++) {
    let text = example
    for (let changes = seededInteger(random, 1, 4); changes > 0; changes--) {
      const at = seededInteger(random, 0, text.length - 1)
      text = text.slice(0, at) + pick(random, pieces) + text.slice(at + seededInteger(random, 0, 30))
    }
    try {
      parseConfig(text, { where: 'arpent.yaml', folder: '/srv', variables })
    } catch (error) {
      refused++
      if (!(error instanceof ConfigError) || error.faults.length === 0) t.fail(`change ${n}: ${error}`)
      else if (/topsecret/.test(error.message)) t.fail(`change ${n} shows a secret: ${error.message}`)
    }
  }
  t.ok(refused > 50, `${refused} of 150 were refused`)
})
