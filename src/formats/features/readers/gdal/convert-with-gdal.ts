import { Worker } from 'node:worker_threads'
import { Problem } from '#core/problem.js'
import { printable } from '../column-names.js'
import { brokenFile } from '../reader.js'

/** What a thread does: one file, as a GeoPackage. */
export interface Conversion {
  readonly driver: string
  /** The file itself first. */
  readonly parts: readonly { readonly path: string; readonly name: string }[]
  /** Where the GeoPackage is put. */
  readonly target: string
}

/** How a conversion ended. */
export type ConversionAnswer = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly message: string }

interface ConversionJob extends Conversion {
  readonly label: string
  /** Of the format. */
  readonly name: string
  readonly signal?: AbortSignal | undefined
}

/** A file of 100 MB takes less than half of it. */
const mostSeconds = 180

/** Converts a file in a thread of its own, which sees nothing but that file and ends with it. Throws `invalid-data`. */
export async function convertWithGdal({ label, name, signal, ...conversion }: ConversionJob): Promise<void> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./gdal-thread.js', import.meta.url), {
    workerData: conversion satisfies Conversion,
    name: 'gdal',
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  worker.stdout.resume()
  worker.stderr.resume()
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  try {
    const answer = await new Promise<ConversionAnswer>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
      worker.once('exit', () => resolve({ kind: 'failed', message: 'the conversion ended without a result' }))
      timer = setTimeout(() => resolve({ kind: 'failed', message: `it takes longer than ${mostSeconds} seconds` }), mostSeconds * 1000)
      stop = () => reject(signal?.reason)
      signal?.addEventListener('abort', stop, { once: true })
    })
    if (answer.kind === 'failed') throw brokenFile(label, `cannot be read as ${name}: ${printable(answer.message)}.`)
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error
    throw brokenFile(label, `cannot be read as ${name}: ${error instanceof Error ? printable(error.message) : 'unknown'}.`, error)
  } finally {
    clearTimeout(timer)
    if (stop) signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
