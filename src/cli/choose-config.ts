import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config, StoreConfig } from '#config/config.js'
import { loadConfig } from '#config/load-config.js'
import type { Variables } from '#config/substitute.js'

/** What a person named on the command line. */
export interface ConfigChoice {
  readonly config?: string
  readonly sources: readonly string[]
  /** Whether the bundled demo stands in for nothing; true when absent. */
  readonly isDemo?: boolean
}

const usualConfig = join('config', 'arpent.yaml')

/**
 * The config of a command line: the file named, else `config/arpent.yaml` where there is one, with the SOURCES beside it; the bundled demo
 * when all that names nothing to publish. Throws `ConfigError`.
 */
export async function chooseConfig(
  { config: named, sources, isDemo = true }: ConfigChoice,
  variables: Variables,
): Promise<{ config: Config; file?: string }> {
  const file = named ?? (existsSync(usualConfig) ? usualConfig : undefined)
  const config = await loadConfig({ ...(file !== undefined && { file }), sources, variables })
  const isEmpty = named === undefined && config.refusedSources.length === 0 && [...config.stores.values()].every(isUnused)
  if (!isEmpty) return { config, ...(file !== undefined && { file }) }
  const demo = isDemo ? demoConfig() : undefined
  if (demo === undefined) return { config, ...(file !== undefined && { file }) }
  return { config: await loadConfig({ file: demo, sources: [], variables }), file: demo }
}

/** Whether a store is only there to be imported into. */
const isUnused = (store: StoreConfig) => store.kind === 'embedded' && store.files.length === 0

/** The demo that comes with the program. */
function demoConfig(): string | undefined {
  const file = fileURLToPath(new URL('../../fixtures/demo/arpent.yaml', import.meta.url))
  return existsSync(file) ? file : undefined
}
