import { resolve } from 'node:path'
import type { Config } from '#config/config.js'
import { readEnvironment } from '#config/environment.js'
import { Problem } from '#core/problem.js'
import { chooseConfig } from './choose-config.js'
import { askRunningServer, type ControlCommand } from './data/control-socket.js'
import { findMisuse, type ImportArguments, runImport } from './import.js'
import { createLog } from './log.js'
import type { ProgressOutput } from './progress.js'
import { chooseState, loadRecordsOf } from './publish/choose-state.js'
import type { StoresInUse } from './publish/stores-in-use.js'
import { curesFor, startPublishing } from './publishing.js'
import { stopSignal } from './stop-signal.js'

export interface ImportOptions extends ImportArguments {
  readonly store?: string
  readonly config?: string
  readonly data?: string
}

/** What goes to a running server: paths are absolute, because its working directory is another. */
interface ImportRequest {
  readonly args: ImportArguments
  readonly store?: string
  /** Whether progress is shown on a terminal, and how wide it is. */
  readonly terminal?: { readonly columns: number }
}

/** What comes back while it works. */
interface ImportOutput {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** Imports through the server that holds the data folder, or alone where none runs. Resolves to the exit code. */
export async function importCommand({ store, config: file, data, ...given }: ImportOptions): Promise<number> {
  const misuse = findMisuse(given)
  if (misuse !== undefined) {
    process.stderr.write(`${misuse}\n`)
    return 2
  }
  const environment = readEnvironment(process.env)
  const dataFolder = data ?? environment.data
  const stop = stopSignal()
  const args = { ...given, files: given.files.map(path => resolve(path)) }
  const { isTTY, columns = 80 } = process.stderr
  const request: ImportRequest = { args, ...(store !== undefined && { store }), ...(isTTY && { terminal: { columns } }) }
  const onProgress = (output: unknown) => {
    const { stream, text } = output as ImportOutput
    process[stream === 'stdout' ? 'stdout' : 'stderr'].write(text)
  }
  try {
    const asked = await askRunningServer(dataFolder, 'import', request, { onProgress, signal: stop.signal })
    if (asked.isRunning) return Number(asked.result)
    return await importAlone(args, { store, file, dataFolder, signal: stop.signal })
  } finally {
    stop.dispose()
  }
}

interface Alone {
  readonly store: string | undefined
  readonly file: string | undefined
  readonly dataFolder: string
  readonly signal: AbortSignal
}

async function importAlone(args: ImportArguments, { store: named, file, dataFolder, signal }: Alone): Promise<number> {
  const log = createLog(readEnvironment(process.env).logLevel === 'info' ? 'warn' : readEnvironment(process.env).logLevel)
  const { config } = await chooseConfig({ ...(file !== undefined && { config: file }), sources: [], isDemo: false }, process.env)
  const store = storeToImportInto(config, named)
  const { stores } = startPublishing({ dataFolder, load: async () => ({ tables: [], failed: [], others: [] }), log })
  try {
    await stores.prepare(config, ({ id }) => id === store)
    return await importInto(stores, config, store, args, { stdout: process.stdout, stderr: process.stderr, signal })
  } finally {
    await stores.close()
  }
}

/** The command of a running server: the same work there, what it prints sent back, and everything published anew behind it. */
export function importOverSocket(stores: StoresInUse, config: () => Config, reload: () => Promise<void>): ControlCommand {
  return async (received, report, signal) => {
    const { args, store, terminal } = received as ImportRequest
    const stdout = { write: (text: string) => report({ stream: 'stdout', text } satisfies ImportOutput) }
    const stderr: ProgressOutput = {
      write: text => report({ stream: 'stderr', text } satisfies ImportOutput),
      ...(terminal && { isTTY: true, columns: terminal.columns }),
    }
    const code = await importInto(stores, config(), storeToImportInto(config(), store), args, { stdout, stderr, signal })
    await reload()
    return code
  }
}

async function importInto(
  stores: StoresInUse,
  config: Config,
  id: string,
  args: ImportArguments,
  io: Pick<Parameters<typeof runImport>[1], 'stdout' | 'stderr' | 'signal'>,
): Promise<number> {
  const store = stores.open.features(id)
  const chosen = await chooseState(config, stores.open, curesFor)
  const records = await loadRecordsOf(id, chosen, config, stores.open, stores.nameOf)
  return runImport(args, { store, ...(records && { records }), ...io })
}

function storeToImportInto({ stores }: Config, named: string | undefined): string {
  const fitting = [...stores.values()].filter(({ kind }) => kind !== 'cog')
  const ids = fitting.map(({ id }) => id)
  if (named !== undefined && !ids.includes(named)) {
    throw new Problem('not-found', `There is no store "${named}" that takes features; --store names one of ${ids.join(', ') || 'none'}.`)
  }
  const id = named ?? fitting.find(({ kind }) => kind === 'embedded')?.id ?? (ids.length === 1 ? ids[0] : undefined)
  if (id !== undefined) return id
  throw new Problem(
    'missing-parameter',
    ids.length === 0 ? 'The running server has no store that takes features.' : `--store is missing: one of ${ids.join(', ')}.`,
  )
}
