import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from '#config/config.js'
import { readEnvironment } from '#config/environment.js'
import type { Atlas } from '#core/atlas.js'
import { rememberEdits } from '#core/edited-atlas.js'
import { Problem } from '#core/problem.js'
import { exportSchedule } from '#jobs/exports/export-schedule.js'
import { openExportShelf } from '#jobs/exports/export-shelf.js'
import { fontFaults } from '#render/labels/fonts/font-library.js'
import { isRemote } from '#stores/cog/locations.js'
import { startRemoteStyles } from '#stores/styles/remote-styles.js'
import { type FeatureWriters, startFeatureWriters } from '#workers/feature-writers.js'
import { type Pool, startPool } from '#workers/pool.js'
import { startServer } from '../server.js'
import { chooseConfig } from './choose-config.js'
import { serveControl } from './data/control-socket.js'
import { takeDataDirectory } from './data/data-directory.js'
import { createLog } from './log.js'
import { startMeasuring } from './measuring.js'
import { verdictText } from './print-verdicts.js'
import { syncLoader } from './publish/sync-loader.js'
import { startPublishing } from './publishing.js'
import { rasterFaults } from './raster-faults.js'
import { startRetryLoop } from './retry-loop.js'
import { serverCommands } from './server-commands.js'
import { stopSignal } from './stop-signal.js'
import { watchFiles } from './watch-files.js'

export interface ServeOptions {
  readonly sources: readonly string[]
  readonly config?: string
  readonly port?: number
  readonly host?: string
  readonly data?: string
  readonly watch?: boolean
}

/** Seconds that requests under way may take after the signal to stop. */
const grace = 10
/** How often it is looked whether the time for planned files has come. */
const secondsBetweenLooks = 20

/**
 * Publishes and answers requests until SIGTERM or SIGINT; SIGHUP (and `watch`) reads the config again. Listens when everything that can be
 * published is. Throws `ConfigError` and Problems for what keeps it from starting.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const environment = readEnvironment(process.env)
  const log = createLog(environment.logLevel)
  const stop = stopSignal()
  const choice = { sources: options.sources, ...(options.config !== undefined && { config: options.config }) }
  const { config, file } = await chooseConfig(choice, process.env)
  for (const note of [...environment.notes, ...config.notes]) log.warn(note)

  const dataFolder = options.data ?? environment.data
  let pool: Pool | undefined
  let writers: FeatureWriters | undefined
  const broken = rasterFaults(log)
  const edits = rememberEdits()
  const { stores, publisher } = startPublishing({
    dataFolder,
    blockBytes: config.cache.blocks * 0.75,
    s3: environment.s3,
    load: syncLoader(process.stderr),
    log,
    onChange: () => {
      pool?.updateStores()
      writers?.updateStores()
    },
    ...(environment.publicUrl !== undefined && { publicUrl: environment.publicUrl }),
  })
  const closing: (() => Promise<void> | void)[] = [() => stores.close()]
  try {
    const size = environment.workers ?? availableParallelism()
    // Threads start while this one looks at what is to be published. Three quarters of the blocks are this thread's, which draws most photographs.
    const blockBytes = config.cache.blocks / 4 / Math.max(1, size)
    pool = startPool({ size, stores: stores.addresses, here: stores.open, blockBytes, fonts: config.fonts, log })
    for (const { file, reason } of await fontFaults(config.fonts)) log.warn(`font ${file} is not used: ${reason}`)
    closing.unshift(() => pool?.close())
    const [atlas] = await Promise.all([publisher.publish(config, stop.signal), pool.ready()])
    const publicUrl = environment.publicUrl ?? config.service.publicUrl
    const remoteStyles = startRemoteStyles()
    closing.unshift(() => remoteStyles.close())
    // Without an embedded database nothing needs the folder but the socket and files that can be made again: a second server on this machine does without.
    const directory = stores.directory() ?? (await takeDataDirectory(dataFolder).catch(() => undefined))
    const folder = join(dataFolder, 'exports')
    writers = startFeatureWriters({ threads: Math.max(1, Math.floor(size / 2)), stores: stores.addresses, here: stores.open, log })
    closing.unshift(() => writers?.close())
    const exports = directory && (await openExportShelf({ folder, atlas: publisher.atlas, stores: stores.open, writer: writers, log }))
    closing.unshift(() => exports?.close())
    if (exports) {
      const schedule = exportSchedule({
        plan: () => publisher.config().exports,
        atlas: () => edits.tell(publisher.atlas()),
        shelf: exports,
        log,
      })
      const timer = setInterval(() => void schedule.look(), secondsBetweenLooks * 1000).unref()
      closing.unshift(() => {
        clearInterval(timer)
        schedule.stop()
      })
    }
    const server = await startServer({
      atlas: () => broken.tell(edits.tell(publisher.atlas())),
      edited: edits.note,
      renderer: broken.watch(pool),
      stores: stores.open,
      styles: remoteStyles,
      writer: writers,
      ...(exports && { exports }),
      log,
      host: options.host ?? environment.host ?? '127.0.0.1',
      port: options.port ?? environment.port ?? 8080,
      trustProxy: environment.trustProxy,
      ...(publicUrl !== undefined && { publicUrl }),
    }).catch(error => {
      throw listenProblem(error)
    })
    closing.unshift(() => server.close(grace))
    const retries = startRetryLoop(publisher, log)
    closing.unshift(() => retries.stop())
    retries.restart()
    const measuring = startMeasuring(publisher, log)
    closing.unshift(() => measuring.stop())

    const reload = async () => {
      try {
        report(await publisher.publish((await chooseConfig(choice, process.env)).config, stop.signal))
      } catch (error) {
        if (!stop.signal.aborted)
          log.error({ faults: String(error instanceof Error ? error.message : error) }, 'not reloaded: what was published stays')
      }
      retries.restart()
    }
    let faults = faultsOf(atlas)
    const report = (next: Atlas) => {
      log.info({ generation: next.generation, collections: next.collections.size }, 'published anew')
      const before = faults
      faults = faultsOf(next)
      for (const [fault, source] of faults) if (!before.has(fault)) log.warn({ source }, fault)
    }
    process.on('SIGHUP', reload)
    closing.unshift(() => void process.off('SIGHUP', reload))
    if (options.watch) {
      const watch = watchFiles(
        () => watched(publisher.config(), file),
        () => void reload(),
        log,
      )
      closing.unshift(() => watch.close())
    }
    if (directory) {
      serveControl(directory, serverCommands({ stores, publisher, dataFolder, reload }))
      if (!stores.directory()) closing.unshift(() => directory.release())
    }
    process.stdout.write(`${verdictText(atlas, { withInfo: false })}\n\n${addresses(server.address, publicUrl)}\n`)
    await stop.requested
    log.info(`stopping: requests under way have ${grace} seconds`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    for (const close of closing) await Promise.resolve(close()).catch(error => log.error({ err: error }, 'closing failed'))
    stop.dispose()
  }
}

/** Files and folders whose change means a reload. */
function watched(config: Config, file: string | undefined): readonly string[] {
  const named = [...config.stores.values()].flatMap(store =>
    store.kind === 'postgis' ? [] : [...store.files, ...('root' in store && store.root !== undefined ? [store.root] : [])],
  )
  return [...new Set([...(file === undefined ? [] : [file]), ...named.filter(path => !isRemote(path))])]
}

/** What is wrong, and with which source. */
function faultsOf({ verdicts }: Atlas): ReadonlyMap<string, string> {
  return new Map(
    verdicts.flatMap(({ source, findings }) =>
      findings.filter(({ severity }) => severity === 'error').map(({ message }) => [message, source] as const),
    ),
  )
}

function addresses(address: string, publicUrl: string | undefined): string {
  const local = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost')
  const base = publicUrl ?? local
  return [`Arpent answers on ${local}`, ...(publicUrl === undefined ? [] : [`known outside as ${publicUrl}`]), `WMS: ${base}/wms`].join(
    '\n',
  )
}

function listenProblem(error: unknown): unknown {
  const { code, port, address } = error as NodeJS.ErrnoException & { readonly port?: number; readonly address?: string }
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken by another program; --port names another one, --port 0 takes a free one.`,
    EACCES: `Port ${port} needs rights this user does not have; a port above 1023 would work.`,
    EADDRNOTAVAIL: `This machine has no address ${address}; --host 127.0.0.1 or 0.0.0.0 would work.`,
    ENOTFOUND: 'The name of --host is not known; an address of this machine would work.',
  }
  return code !== undefined && Object.hasOwn(reasons, code) ? new Problem('unavailable', reasons[code], { cause: error }) : error
}
