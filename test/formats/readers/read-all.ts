import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeatureLayer, LayerValue } from '#core/ports.js'
import { openFeatureFile } from '#formats/features/readers/index.js'
import { readEwkb } from '#geo/ewkb.js'

export interface ReadLayer {
  readonly layer: FeatureLayer
  readonly rows: readonly (readonly LayerValue[])[]
}

/** Every layer of a file with all its rows. */
export async function readAll(path: string, options: Parameters<typeof openFeatureFile>[1] = {}): Promise<ReadLayer[]> {
  const file = await openFeatureFile(path, options)
  try {
    const layers: ReadLayer[] = []
    for (const layer of file.layers) {
      const rows: (readonly LayerValue[])[] = []
      for await (const batch of layer.read()) rows.push(...batch.rows)
      layers.push({ layer, rows })
    }
    return layers
  } finally {
    await file.close()
  }
}

/** The lone layer of a file. */
export async function readOne(path: string): Promise<ReadLayer> {
  const [layer] = await readAll(path)
  return layer
}

/** Rows as objects, geometries decoded. */
export function asObjects({ layer, rows }: ReadLayer): Record<string, unknown>[] {
  return rows.map(row => {
    const entries: [string, unknown][] = layer.columns.map(({ name }, i) => [name, row[i]])
    const wkb = row[layer.columns.length]
    if (layer.geometry) entries.push([layer.geometry.name, wkb instanceof Uint8Array ? readEwkb(wkb) : null])
    return Object.fromEntries(entries)
  })
}

export const kindsOf = (layer: FeatureLayer) => Object.fromEntries(layer.columns.map(({ name, kind }) => [name, kind]))

/** A folder of one's own that goes with the process, and a function that writes files into it. */
export function testFolder(): { folder: string; file: (name: string, content: string | Uint8Array) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-test-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    file: (name, content) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
  }
}

/** The message of the error that reading a file ends with; fails when there is none. */
export async function failure(path: string, options?: Parameters<typeof openFeatureFile>[1]): Promise<{ kind: string; message: string }> {
  try {
    await readAll(path, options)
  } catch (error) {
    return error as { kind: string; message: string }
  }
  throw new Error(`${path} was read without an error`)
}
