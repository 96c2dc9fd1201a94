import { readEnvironment } from '#config/environment.js'
import { Problem } from '#core/problem.js'
import { chooseConfig } from './choose-config.js'
import { askRunningServer, type ControlCommand } from './data/control-socket.js'
import { createLog } from './log.js'
import { sweepOverviews } from './overviews/overview-files.js'
import { folderOf, type OverviewsOptions, runOverviews } from './overviews/run-overviews.js'
import { type ProgressOutput, startProgress } from './progress.js'
import { syncLoader } from './publish/sync-loader.js'
import { type Publishing, startPublishing } from './publishing.js'
import { stopSignal } from './stop-signal.js'

export interface OverviewsArguments {
  readonly collection: string
  readonly sources: readonly string[]
  readonly config?: string
  readonly data?: string
}

type Step = { readonly done: number; readonly of: number }

/** Makes the overviews of a collection, in the server that holds the data folder or alone where none runs. Resolves to the exit code. */
export async function overviewsCommand({ collection, sources, config: file, data }: OverviewsArguments): Promise<number> {
  const environment = readEnvironment(process.env)
  const dataFolder = data ?? environment.data
  const stop = stopSignal()
  const progress = progressOn(process.stderr, collection)
  try {
    const onProgress = (step: unknown) => progress.show(step as Step)
    const asked = await askRunningServer(dataFolder, 'overviews', { collection }, { onProgress, signal: stop.signal })
    const said = asked.isRunning ? String(asked.result) : await alone()
    progress.clear()
    process.stdout.write(`${said}\n`)
    return 0
  } catch (error) {
    progress.clear()
    if (!stop.signal.aborted) throw error
    process.stderr.write('Stopped; what was made stays, and the next run goes on from there.\n')
    return 1
  } finally {
    stop.dispose()
  }

  async function alone(): Promise<string> {
    const { config } = await chooseConfig({ sources, ...(file !== undefined && { config: file }) }, process.env)
    const log = createLog(environment.logLevel === 'info' ? 'warn' : environment.logLevel)
    const publishing = startPublishing({
      dataFolder,
      s3: environment.s3,
      load: syncLoader(process.stderr),
      log,
    })
    try {
      await publishing.publisher.publish(config, stop.signal)
      return await make(collection, publishing, dataFolder, progress.show, async () => {}, stop.signal)
    } finally {
      await publishing.stores.close()
    }
  }
}

/** The command of a running server: the same work there, in a thread of its own, and everything published anew behind it. */
export function overviewsOverSocket(publishing: Publishing, dataFolder: string, reload: () => Promise<void>): ControlCommand {
  const running = new Set<string>()
  return async (received, report, signal) => {
    const { collection } = received as { readonly collection: string }
    if (running.has(collection)) throw new Problem('conflict', `Overviews of "${collection}" are being made already.`)
    running.add(collection)
    try {
      return await make(collection, publishing, dataFolder, report, reload, signal)
    } finally {
      running.delete(collection)
    }
  }
}

async function make(
  collection: string,
  { publisher, stores }: Publishing,
  dataFolder: string,
  report: (step: Step) => void,
  reload: () => Promise<void>,
  signal: AbortSignal,
): Promise<string> {
  const options: OverviewsOptions = { dataFolder, addresses: stores.addresses(), signal, onProgress: (done, of) => report({ done, of }) }
  const { names, built, kept, unread } = await runOverviews(publisher.atlas(), collection, options)
  await reload()
  // maps under way may still draw from what is outdated, until the new ones are published
  await sweepOverviews(folderOf(dataFolder, collection), new Set(names))
  const faults = unread.map(({ path, reason }) => `  left out ${path}: ${reason}`)
  return [`${collection}: ${built} overview tiles made, ${kept} were there already`, ...faults].join('\n')
}

function progressOn(output: ProgressOutput, collection: string) {
  const progress = startProgress(output)
  return {
    show: ({ done, of }: Step) => progress.update(`${collection}, overviews`, done / of, done, 'tiles'),
    clear: progress.clear,
  }
}
