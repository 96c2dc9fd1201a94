import { readEnvironment } from '#config/environment.js'
import { chooseConfig } from './choose-config.js'
import { checkRows } from './deep-check.js'
import { createLog } from './log.js'
import { isBroken, verdictJson, verdictText } from './print-verdicts.js'
import { syncLoader } from './publish/sync-loader.js'
import { curesFor, startPublishing } from './publishing.js'
import { stopSignal } from './stop-signal.js'

export interface CheckOptions {
  readonly sources: readonly string[]
  readonly config?: string
  readonly data?: string
  readonly json?: boolean
}

/** Prints the verdict without serving. Resolves to the exit code: 0 ready, 1 something is broken. Throws as `serve`. */
export async function check(options: CheckOptions): Promise<number> {
  const environment = readEnvironment(process.env)
  const log = createLog(environment.logLevel === 'info' ? 'warn' : environment.logLevel)
  const stop = stopSignal()
  const choice = { sources: options.sources, ...(options.config !== undefined && { config: options.config }) }
  const { config } = await chooseConfig(choice, process.env)
  for (const note of [...environment.notes, ...config.notes]) log.warn(note)
  const { stores, publisher } = startPublishing({
    dataFolder: options.data ?? environment.data,
    s3: environment.s3,
    load: syncLoader(process.stderr),
    log,
  })
  try {
    const curesOf = (id: string) => {
      const store = config.stores.get(id)
      return store && curesFor(store)
    }
    const atlas = await checkRows(await publisher.publish(config, stop.signal), stores.open, curesOf, stop.signal)
    process.stdout.write(`${options.json ? verdictJson(atlas) : verdictText(atlas)}\n`)
    return isBroken(atlas.verdicts) ? 1 : 0
  } finally {
    stop.dispose()
    await stores.close()
  }
}
