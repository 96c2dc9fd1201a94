import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Conversion, ConversionAnswer } from './convert-with-gdal.js'

/** What is used of gdal3.js. */
interface Gdal {
  ogr2ogr(
    dataset: { readonly pointer: number; readonly path: string },
    options: readonly string[],
    name: string,
  ): Promise<{ readonly local: string }>
  readonly Module: {
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void; readFile(path: string): Uint8Array; unlink(path: string): void }
    ccall(name: string, returns: 'number' | 'string' | null, types: readonly string[], values: readonly unknown[]): number
    _malloc(bytes: number): number
    setValue(pointer: number, value: number, type: string): void
    lengthBytesUTF8(text: string): number
    stringToUTF8(text: string, pointer: number, room: number): void
  }
}

type Start = (config: {
  readonly path: string
  readonly logHandler: () => void
  readonly errorHandler: () => void
  readonly env: Readonly<Record<string, string>>
}) => Promise<Gdal>

/** GDAL_OF_VECTOR */
const vector = 4

async function convert({ driver, parts, target }: Conversion): Promise<ConversionAnswer> {
  const require = createRequire(import.meta.url)
  const start = require('gdal3.js/node.js') as Start
  const folder = join(dirname(require.resolve('gdal3.js/package.json')), 'dist', 'package')
  // it looks for its files below the working folder
  const gdal = await start({ path: relative(process.cwd(), folder), logHandler: nothing, errorHandler: nothing, env: {} })
  const { Module } = gdal
  for (const { path, name } of parts) Module.FS.writeFile(`/input/${name}`, readFileSync(path))
  const path = `/input/${parts[0].name}`
  const pointer = Module.ccall(
    'GDALOpenEx',
    'number',
    ['string', 'number', 'number', 'number', 'number'],
    [path, vector, stringList(Module, [driver]), 0, 0],
  )
  if (pointer === 0) return { kind: 'failed', message: lastError(Module) || 'it is no such file' }
  const options = ['-f', 'GPKG', '-lco', 'GEOMETRY_NAME=geom']
  const { local } = await gdal.ogr2ogr({ pointer, path: parts[0].name }, options, 'converted')
  writeFileSync(target, Module.FS.readFile(local))
  return { kind: 'done' }
}

const nothing = () => {}

/** As C has it: pointers to texts, and zero behind them. */
function stringList(Module: Gdal['Module'], texts: readonly string[]): number {
  const list = Module._malloc(4 * (texts.length + 1))
  for (const [i, text] of texts.entries()) {
    const room = Module.lengthBytesUTF8(text) + 1
    const pointer = Module._malloc(room)
    Module.stringToUTF8(text, pointer, room)
    Module.setValue(list + 4 * i, pointer, '*')
  }
  Module.setValue(list + 4 * texts.length, 0, '*')
  return list
}

const lastError = (Module: Gdal['Module']) => String(Module.ccall('CPLGetLastErrorMsg', 'string', [], []))

/** Errors of gdal3.js are objects with a message, or lists of them. */
function messageOf(error: unknown): string {
  const [first] = [error].flat()
  return typeof first === 'object' && first !== null && 'message' in first ? String(first.message) : String(first)
}

try {
  parentPort?.postMessage(await convert(workerData as Conversion))
} catch (error) {
  parentPort?.postMessage({ kind: 'failed', message: messageOf(error) } satisfies ConversionAnswer)
}
