import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import { type DatabaseFolder, prepareFolder } from './folder.js'
import { type DatabaseThreadData, type HostNews, type Overdue, RunningStatement } from './messages.js'

/** How often the statement at work is looked at, and how long it may go on after its time, in milliseconds. */
const [watchEvery, grace] = [250, 500]
/** Wait before the database is started again after it failed to start, doubled each time up to the last, in milliseconds. */
const [firstPause, longestPause] = [500, 30_000]

/** The embedded database as its owner sees it. One per data folder; the folder's lock is the owner's affair. */
export interface EmbeddedHost {
  /** A way to the database for `openFeatureStore({ kind: 'embedded', … })` in any thread; it outlives restarts of the database. */
  openPort(): MessagePort
  /** Starts of the database so far, and clients. */
  stats(): { readonly starts: number; readonly clients: number }
  /** Ends the statement at work, writes everything down and stops. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Told when the database had to be started again, and why. */
  readonly onRestart?: (reason: string) => void
}

interface Client {
  readonly port: MessagePort
  /** The request that was given up last since its time was over, and when. */
  overdue?: { readonly id: number; readonly at: number }
}

/**
 * Starts the embedded database in a thread of its own, watches it, and starts it again when a statement overstays or the backend dies.
 * Throws `unavailable` when it cannot start.
 */
export async function startEmbeddedDatabase({ dataDir, onRestart }: EmbeddedOptions): Promise<EmbeddedHost> {
  const place = await prepareFolder(dataDir)
  const clients = new Map<number, Client>()
  const shared = RunningStatement.allocate()
  const running = new RunningStatement(shared)
  let thread: Worker | undefined
  let timer: NodeJS.Timeout | undefined
  let [counter, starts, pause, isClosed] = [0, 0, firstPause, false]

  /** Why the thread is being stopped by us, if it is. */
  let reason: string | undefined

  async function start(): Promise<void> {
    running.end()
    reason = undefined
    const started = await startThread(place, shared)
    starts++
    pause = firstPause
    thread = started
    started.once('exit', () => {
      thread = undefined
      running.end()
      if (isClosed) return
      tellAll({ kind: 'down' })
      onRestart?.(reason ?? 'the backend died')
      restart()
    })
    for (const client of clients.keys()) connect(client)
  }

  function restart(): void {
    start().catch(error => {
      tellAll({ kind: 'failed', reason: 'The embedded database does not start again.' })
      onRestart?.(error instanceof Error ? error.message : String(error))
      timer = setTimeout(restart, pause).unref()
      pause = Math.min(longestPause, 2 * pause)
    })
  }

  function connect(client: number): void {
    if (!thread) return
    const { port1, port2 } = new MessageChannel()
    thread.postMessage({ kind: 'client', client, port: port1 }, [port1])
    clients.get(client)!.port.postMessage({ kind: 'up', port: port2 } satisfies HostNews, [port2])
  }

  function tellAll(news: HostNews): void {
    for (const { port } of clients.values()) port.postMessage(news)
  }

  const watch = setInterval(() => {
    const late = steadyNow() - grace
    const isGivenUp = [...clients].some(([client, { overdue }]) => overdue && overdue.at < late && running.is(client, overdue.id))
    if (!isGivenUp && (running.until === 0 || running.until > late)) return
    reason = 'a statement took longer than it may'
    void thread?.terminate()
  }, watchEvery).unref()

  await start()
  return {
    openPort() {
      const client = ++counter
      const { port1, port2 } = new MessageChannel()
      const entry: Client = { port: port1 }
      clients.set(client, entry)
      port1.on('message', ({ id }: Overdue) => {
        entry.overdue = { id, at: steadyNow() }
      })
      port1.on('close', () => clients.delete(client))
      port1.unref()
      connect(client)
      return port2
    },
    stats: () => ({ starts, clients: clients.size }),
    async close() {
      isClosed = true
      clearInterval(watch)
      clearTimeout(timer)
      const stopping = thread
      if (stopping) {
        const ended = new Promise<void>(resolve => stopping.once('exit', () => resolve()))
        stopping.postMessage({ kind: 'close' })
        const patience = setTimeout(() => void stopping.terminate(), 10_000)
        await ended
        clearTimeout(patience)
      }
      for (const { port } of clients.values()) port.close()
    },
  }
}

/** Resolves when the database answers. */
function startThread({ folder, bundle }: DatabaseFolder, running: SharedArrayBuffer): Promise<Worker> {
  const workerData: DatabaseThreadData = { folder, bundle, running }
  const worker = new Worker(new URL('./database-thread.js', import.meta.url), { workerData, name: 'database', stdout: true, stderr: true })
  return new Promise((resolve, reject) => {
    let failure: unknown
    worker.once('message', () => {
      worker.off('exit', fail)
      worker.unref()
      resolve(worker)
    })
    worker.on('error', error => {
      failure = error
    })
    const fail = () =>
      reject(new Problem('unavailable', 'The embedded database does not start; the log has the reason.', { cause: failure }))
    worker.once('exit', fail)
  })
}
