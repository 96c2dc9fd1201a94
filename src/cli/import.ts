import { basename, resolve } from 'node:path'
import { importFile, type LoadedLayer } from '#core/load-features.js'
import type { FeatureStore, LoadRecords } from '#core/ports.js'
import { type Problem, toProblem } from '#core/problem.js'
import { fingerprint, openFeatureFile, recognise } from '#formats/features/readers/index.js'
import { crsOf, unknownCrs } from '#geo/crs.js'
import { type ProgressOutput, startProgress } from './progress.js'

/** `arpent import FILE… [--store ID] [--as ID] [--crs EPSG:n] [--replace|--append]` */
export interface ImportArguments {
  readonly files: readonly string[]
  readonly as?: string
  readonly crs?: string
  readonly replace?: boolean
  readonly append?: boolean
}

export interface ImportContext {
  /** Of `--store`, opened. */
  readonly store: FeatureStore
  /** Of files that `store` follows: one that is replaced follows no longer. */
  readonly records?: LoadRecords
  /** Schema of the tables; `public` when absent. */
  readonly schema?: string
  /** Folder for unpacked archives. */
  readonly scratch?: string
  readonly stdout: { write(text: string): unknown }
  readonly stderr: ProgressOutput
  readonly signal?: AbortSignal
}

/**
 * Loads files into a store, each whole or not at all, and says on stdout what became of them; progress and failures go to stderr. Resolves
 * to the exit code: 0 all loaded, 1 some failed (the others are loaded), 2 wrong use (nothing was done).
 */
export async function runImport(args: ImportArguments, context: ImportContext): Promise<number> {
  const misuse = findMisuse(args)
  if (misuse) {
    context.stderr.write(`${misuse}\n`)
    return 2
  }
  const progress = startProgress(context.stderr)
  const taken = new Set<string>()
  let failures = 0
  for (const path of wholeFiles(args.files)) {
    try {
      const layers = await importFile(
        path,
        { ...optionsOf(args), taken },
        {
          store: context.store,
          ...(context.records ? { records: context.records } : {}),
          schema: context.schema ?? 'public',
          ...(context.signal ? { signal: context.signal } : {}),
          fingerprint,
          open: (path, signal) =>
            openFeatureFile(path, {
              ...(context.scratch ? { scratch: context.scratch } : {}),
              ...(signal ? { signal } : {}),
              onScan: share => progress.update(`${basename(path)}, looking through it`, share, Math.round(share * 100), 'of 100'),
            }),
          onProgress: ({ layer, rows, share }) => progress.update(`${basename(path)}, ${layer}`, share, rows, 'rows'),
        },
      )
      progress.clear()
      for (const layer of layers) context.stdout.write(report(layer))
    } catch (error) {
      progress.clear()
      const problem = toProblem(error)
      if (problem.kind === 'cancelled') {
        context.stderr.write('Stopped; the file under way was not loaded.\n')
        return 1
      }
      failures++
      context.stderr.write(`${failure(path, problem)}\n`)
    }
  }
  return failures > 0 ? 1 : 0
}

/** What is wrong with the arguments, before anything is opened; undefined when nothing is. */
export function findMisuse({ files, as, crs, replace, append }: ImportArguments): string | undefined {
  if (files.length === 0) return 'import needs a file: arpent import FILE… [--as ID] [--crs EPSG:n] [--replace|--append]'
  if (replace && append) return '--replace and --append exclude each other.'
  if (as !== undefined && files.length > 1 && !append)
    return '--as names one table; with several files it needs --append, which loads them all into it.'
  if (crs !== undefined && !crsOf(crs)) return `--crs: ${unknownCrs(crs)}`
  return undefined
}

/** Absolute, each once; a part stands for its whole (`roads.dbf` for `roads.shp`). */
function wholeFiles(files: readonly string[]): string[] {
  const whole = files.map(file => {
    const path = resolve(file)
    const known = recognise(path)
    return known?.kind === 'part' ? known.of : path
  })
  return [...new Set(whole)]
}

function optionsOf({ as, crs, replace, append }: ImportArguments) {
  return {
    mode: replace ? ('replace' as const) : append ? ('append' as const) : ('create' as const),
    ...(as === undefined ? {} : { as }),
    ...(crs === undefined ? {} : { crs: crsOf(crs)?.code ?? crs }),
  }
}

function report({ path, name, schema, table, rows, notes }: LoadedLayer): string {
  const lines = [`${basename(path)}, ${name}: ${rows.toLocaleString('en')} rows into ${schema}.${table}`, ...notes.map(note => `  ${note}`)]
  return `${lines.join('\n')}\n`
}

/** Messages of readers name the file themselves. */
function failure(path: string, { message, kind, cause }: Problem): string {
  const name = basename(path)
  const reason = kind === 'internal' && cause instanceof Error ? `${message} (${cause.message})` : message
  return message.startsWith(name) ? reason : `${name}: ${reason}`
}
