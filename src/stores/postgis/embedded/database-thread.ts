import { pathToFileURL } from 'node:url'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { stagingPrefix } from '../load/staging.js'
import { MessageWriter } from '../wire/message-writer.js'
import { type DatabaseThreadData, type Reply, type Request, RunningStatement } from './messages.js'
import { Turns } from './turns.js'

/**
 * The thread in which PostgreSQL runs, compiled to WebAssembly: one backend, one session, deaf while a statement runs. Clients speak its wire
 * protocol through ports; a statement at a time, in turns. It ends itself when the backend is no longer to be trusted.
 */

/**
 * Memory and log are cut to what one session over small data needs; there is no disk cache to double, and recovery after a crash replays
 * at most `max_wal_size`. Times are told in UTC, as on the native side.
 */
const settings = {
  shared_buffers: '32MB',
  wal_buffers: '256kB',
  min_wal_size: '8MB',
  max_wal_size: '64MB',
  maintenance_work_mem: '32MB',
  work_mem: '8MB',
  jit: 'off',
  plan_cache_mode: 'force_custom_plan',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  client_min_messages: 'error',
}

type Job = Exclude<Request, { kind: 'forget' | 'unlock' }>

/** Tables that a load did not live to finish; nobody loads yet. It also loads PostGIS itself. */
const dropStaging = `DO $$ DECLARE t regclass; BEGIN PERFORM postgis_version();
  FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND starts_with(relname, '${stagingPrefix}') LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END $$`

const { folder, bundle, running: shared } = workerData as DatabaseThreadData
const running = new RunningStatement(shared)
const turns = new Turns<number, Job>()
const ports = new Map<number, MessagePort>()
let isPumping = false

const database = await PGlite.create({
  dataDir: folder,
  extensions: {
    postgis: {
      name: 'postgis',
      async setup(_database, emscriptenOpts) {
        emscriptenOpts.PGLITE_ENV.PROJ_DATA = '/pglite/share/proj'
        return { emscriptenOpts, bundlePath: pathToFileURL(bundle) }
      },
    },
  },
  startParams: [...PGlite.defaultStartParams, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
})
execute(new MessageWriter().query(dropStaging).take())

parentPort!.on('message', (message: { kind: 'client'; client: number; port: MessagePort } | { kind: 'close' }) => {
  if (message.kind === 'close') void close()
  else welcome(message.client, message.port)
})
parentPort!.postMessage('ready')

function welcome(client: number, port: MessagePort): void {
  ports.set(client, port)
  port.on('message', (request: Request) => {
    if (request.kind === 'forget') turns.forget(client, job => job.id === request.id)
    else if (request.kind === 'unlock') release(client)
    else turns.add(client, request)
    pump()
  })
  port.on('close', () => {
    ports.delete(client)
    release(client)
    turns.leave(client)
    pump()
  })
}

/** One statement per turn of the event loop, so that requests and goodbyes are heard between any two. */
function pump(): void {
  if (isPumping) return
  isPumping = true
  setImmediate(() => {
    isPumping = false
    const turn = turns.next()
    if (!turn) return
    serve(turn.client, turn.job)
    pump()
  })
}

function serve(client: number, job: Job): void {
  const port = ports.get(client)
  if (job.kind === 'lock') {
    turns.lock(client)
    port?.postMessage({ id: job.id } satisfies Reply)
    return
  }
  running.begin(client, job.id, job.until)
  const bytes = execute(job.message)
  running.end()
  if (turns.holder !== client && transactionStatus(bytes) !== 'I') execute(new MessageWriter().query('ROLLBACK').take())
  port?.postMessage({ id: job.id, bytes } satisfies Reply, [bytes.buffer])
}

/** Whatever a client left open when it let go of the lock is undone. */
function release(client: number): void {
  if (turns.holder !== client) return
  turns.unlock(client)
  if (database.isInTransaction()) execute(new MessageWriter().query('ROLLBACK').take())
}

function execute(message: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(64 * 1024)
  let length = 0
  void database.execProtocolRawStream(message, {
    syncToFs: false,
    onRawData(chunk) {
      if (length + chunk.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + chunk.length))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(chunk, length)
      length += chunk.length
    },
  })
  const answer = length < bytes.length / 4 ? bytes.slice(0, length) : bytes.subarray(0, length)
  // A backend that does not come back to “ready for the next statement” has died of the last one.
  if (transactionStatus(answer) === undefined) process.exit(1)
  return answer
}

/** The last byte of the last message, ReadyForQuery: I idle, T in a transaction, E in a failed one. */
function transactionStatus(answer: Uint8Array): string | undefined {
  const tail = answer.subarray(-6)
  return tail[0] === 0x5a && tail[4] === 5 ? String.fromCharCode(tail[5]!) : undefined
}

async function close(): Promise<void> {
  execute(new MessageWriter().query('CHECKPOINT').take())
  await database.close()
  process.exit(0)
}
