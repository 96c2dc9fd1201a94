import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { configSchema } from '#config/schema/index.js'
import { showConfig } from '#config/show-config.js'
import { Problem } from '#core/problem.js'
import { hashKey, hashPassword, newKey } from '#core/secret-hash.js'
import { type ConfigChoice, chooseConfig } from './choose-config.js'

/** The JSON Schema of the config file, as a file of its own. */
export function schemaText(): string {
  return `${JSON.stringify(configSchema, null, 2)}\n`
}

/** Prints the config in force, defaults filled in and secrets masked. Throws `ConfigError`. */
export async function showCommand(choice: ConfigChoice): Promise<void> {
  const { config } = await chooseConfig(choice, process.env)
  for (const note of config.notes) process.stderr.write(`note: ${note}\n`)
  for (const { source, reason } of config.refusedSources) process.stderr.write(`${source}: ${reason}\n`)
  process.stdout.write(showConfig(config))
}

/** Reads a secret from stdin (without showing it on a terminal) and prints its hash; a new API key when `key` is asked and nothing is given. */
export async function hashCommand({ key = false }: { readonly key?: boolean }): Promise<void> {
  const secret = await readSecret(key ? 'API key (empty for a new one): ' : 'Password: ')
  if (secret !== '') {
    process.stdout.write(`${key ? hashKey(secret) : hashPassword(secret)}\n`)
  } else if (key) {
    const fresh = newKey()
    process.stderr.write(`new key, shown this once: ${fresh}\n`)
    process.stdout.write(`${hashKey(fresh)}\n`)
  } else throw new Problem('missing-parameter', 'An empty password is none; type one, or send it to stdin.')
}

async function readSecret(question: string): Promise<string> {
  const isTerminal = process.stdin.isTTY === true
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  if (isTerminal) process.stderr.write(question)
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
