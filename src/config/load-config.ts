import { createReadStream } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkMeaning, type StoreKinds } from './check-meaning.js'
import { checkSchema } from './check-schema.js'
import type { Config } from './config.js'
import { ConfigError } from './faults.js'
import type { RawConfig } from './raw-config.js'
import { type ConfigDocument, isRecord, largestConfig, readDocument } from './read-document.js'
import { type ConfigPlace, resolveConfig, resolveStores } from './resolve-config.js'
import type { Variables } from './substitute.js'

/** Where a config comes from. */
export interface ConfigOrigin {
  /** YAML or JSON; absent: `sources` alone. */
  readonly file?: string
  readonly sources: readonly string[]
  readonly variables: Variables
}

/** Reads and checks the config. Throws one `ConfigError` with every fault, or one that says why the file cannot be read. */
export async function loadConfig({ file, sources, variables }: ConfigOrigin): Promise<Config> {
  if (file === undefined) return resolveConfig({}, { folder: process.cwd(), sources })
  return parseConfig(await readText(file), { where: file, folder: dirname(resolve(file)), sources, variables })
}

/** The config in `text`, whose relative paths start from `folder`. Throws `ConfigError`. */
export function parseConfig(
  text: string,
  { where, folder, sources = [], variables }: { where: string; folder: string; sources?: readonly string[]; variables: Variables },
): Config {
  const document = readDocument(where, text, variables)
  if (document.faults.length > 0 && Object.keys(document.data).length === 0) throw new ConfigError(document.faults)
  const { faults: ofForm, sound } = checkSchema(document)
  const raw = sound as RawConfig // the sound part is of the schema's form
  const faults = [...document.faults, ...ofForm, ...checkMeaning(raw, document, storeKinds(raw, document, { folder, sources }))]
  if (faults.length > 0) throw new ConfigError(faults)
  return resolveConfig(raw, { folder, sources })
}

/** Every store that could be meant, those at fault among them. */
function storeKinds(raw: RawConfig, { data }: ConfigDocument, place: ConfigPlace): StoreKinds {
  const atFault = isRecord(data.stores) ? Object.keys(data.stores).map(id => [id, undefined] as const) : []
  const sound = [...resolveStores(raw, place).stores].map(([id, { kind }]) => [id, kind] as const)
  return new Map([...atFault, ...sound])
}

/** The file's text, read no further than a config may go: devices and pipes have no size to ask for. */
async function readText(file: string): Promise<string> {
  try {
    const parts: Buffer[] = []
    for await (const part of createReadStream(file, { end: largestConfig })) parts.push(part)
    return Buffer.concat(parts).toString('utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'this is a folder; name the file in it'
          : `it cannot be read (${code})`
    throw new ConfigError([{ where: file, message: reason }])
  }
}
