import { readEnvironment } from '#config/environment.js'
import { didYouMean } from '#config/nearest-word.js'
import type { Atlas, Collection, NamedStyle } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { spelledStyle } from '#core/spelled-style.js'
import { styleWriters } from '#styles/writers.js'
import { chooseConfig } from './choose-config.js'
import { createLog } from './log.js'
import { syncLoader } from './publish/sync-loader.js'
import { startPublishing } from './publishing.js'
import { stopSignal } from './stop-signal.js'

export interface StyleArguments {
  readonly collection: string
  readonly sources: readonly string[]
  /** A language of `styleWriters`. */
  readonly as: string
  /** Name of the style; absent: the default one. */
  readonly name?: string
  readonly config?: string
  readonly data?: string
}

/** Prints a style of a collection, and on stderr what the language cannot say. Resolves to the exit code. Throws `Problem` where there is none of that name. */
export async function styleCommand({ collection: id, sources, as, name, config: file, data }: StyleArguments): Promise<number> {
  const environment = readEnvironment(process.env)
  const stop = stopSignal()
  const { config } = await chooseConfig({ sources, ...(file !== undefined && { config: file }) }, process.env)
  const { stores, publisher } = startPublishing({
    dataFolder: data ?? environment.data,
    s3: environment.s3,
    load: syncLoader(process.stderr),
    log: createLog(environment.logLevel === 'info' ? 'warn' : environment.logLevel),
  })
  try {
    const collection = collectionOf(await publisher.publish(config, stop.signal), id)
    const { text, notes } = styleWriters[as](spelledStyle(styleOf(collection, name).style, collection.source), id)
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    for (const { path, message } of notes) process.stderr.write(`not said in ${as}: ${path}: ${message}\n`)
    return 0
  } finally {
    stop.dispose()
    await stores.close()
  }
}

function collectionOf({ collections }: Atlas, id: string): Collection {
  const found = collections.get(id)
  if (found) return found
  const hint = didYouMean(id, collections.keys())
  throw new Problem('not-found', `There is no collection "${id}"${hint || `; there is ${listed([...collections.keys()])}`}`)
}

function styleOf({ id, styles }: Collection, name: string | undefined): NamedStyle {
  const found = name === undefined ? styles[0] : styles.find(style => style.name === name)
  if (found) return found
  throw new Problem('not-found', `The collection "${id}" has no style "${name}"; it has ${listed(styles.map(style => style.name))}`)
}

const listed = (names: readonly string[]) => (names.length === 0 ? 'none.' : `${names.slice(0, 20).join(', ')}.`)
