import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { steadyNow } from '#core/clock.js'
import type { RasterStore } from '#core/ports.js'
import type { LayerJob, MapJob } from '#core/queries.js'
import type { Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { type MemoryTable, memorySource, memoryStore } from './memory-store.js'

/** A table, and how it is drawn. */
export type StyledTable = readonly [table: MemoryTable, style: Style]

export interface Beneath {
  readonly below: LayerJob
  readonly raster: RasterStore
}

/** A map of tables in EPSG:2154, a pixel a metre unless `more` says otherwise; a raster may lie beneath. */
export async function drawTables(
  layers: readonly StyledTable[],
  mediaType: string,
  more: Partial<MapJob> = {},
  beneath?: Beneath,
): Promise<Uint8Array> {
  const store = memoryStore('memory', [...new Set(layers.map(([table]) => table))])
  const renderer = inlineRenderer({
    features: () => store,
    raster: () => {
      if (!beneath) throw new Error('no rasters here')
      return beneath.raster
    },
  })
  const { bytes } = await renderer.draw({
    width: 400,
    height: 400,
    crs: 'EPSG:2154',
    bbox: [770_000, 6_279_000, 770_400, 6_279_400],
    background: { color: 0xffffff, isTransparent: false },
    mediaType,
    scaleDenominator: 1 / 0.00028,
    pixelRatio: 1,
    layers: [
      ...(beneath ? [beneath.below] : []),
      ...layers.map(
        ([table, style]): LayerJob => ({
          kind: 'features',
          source: memorySource('memory', table),
          geometry: table.geometries[0],
          style,
        }),
      ),
    ],
    maxFeatures: 1_000_000,
    deadline: steadyNow() + 900_000,
    ...more,
  })
  return bytes
}

/** An SVG by librsvg, so many pixels wide and high. */
export function rasterizeSvg(svg: Uint8Array, width: number, height?: number): Promise<Buffer> {
  const millimetres = Number(/ width="([\d.]+)mm"/.exec(Buffer.from(svg.subarray(0, 1000)).toString())?.[1])
  return sharp(Buffer.from(svg), { unlimited: true, density: (width * 25.4) / millimetres })
    .resize({ width, ...(height && { height, fit: 'fill' }) })
    .png()
    .toBuffer()
}

/** Runs a program of poppler-utils over a document; what it writes to its last argument. */
export function poppler(pdf: Uint8Array, program: string, args: readonly string[], result: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-pdf-'))
  try {
    writeFileSync(join(folder, 'map.pdf'), pdf)
    const { status, stderr } = spawnSync(program, [...args, join(folder, 'map.pdf'), join(folder, 'out')], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    if (status !== 0 || /error/i.test(stderr)) throw new Error(`${program} says ${status}: ${stderr}`)
    return readFileSync(join(folder, result))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The first page of a PDF by poppler, one pixel for a pixel of a map of 90.714 dots per inch. */
export const rasterizePdf = (pdf: Uint8Array, width: number, height: number) =>
  poppler(pdf, 'pdftocairo', ['-png', '-singlefile', '-scale-to-x', String(width), '-scale-to-y', String(height)], 'out.png')

export const textOfPdf = (pdf: Uint8Array): string => new TextDecoder().decode(poppler(pdf, 'pdftotext', ['-raw', '-enc', 'UTF-8'], 'out'))

/** Mean difference of a channel, 0 to 255, of pictures that are blurred a little: how edges are smoothed does not count, where they are does. */
export async function blurredDistance(a: Uint8Array, b: Uint8Array): Promise<{ readonly mean: number; readonly off: number }> {
  const [one, other] = await Promise.all(
    [a, b].map(image => sharp(image).flatten({ background: '#ffffff' }).removeAlpha().blur(1.2).raw().toBuffer()),
  )
  if (one.length !== other.length) return { mean: Infinity, off: 1 }
  let [sum, off] = [0, 0]
  for (let i = 0; i < one.length; i++) {
    const distance = Math.abs(one[i] - other[i])
    sum += distance
    if (distance > 48) off++
  }
  return { mean: sum / one.length, off: off / one.length }
}
