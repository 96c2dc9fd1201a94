import { fileURLToPath } from 'node:url'
import { steadyNow } from '#core/clock.js'
import type { Stores } from '#core/ports.js'
import type { MapJob } from '#core/queries.js'
import { transformBbox } from '#geo/transform.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'

/** Milliseconds after which no further map is begun. */
const budget = 150
/** 700 x 700 pixels of the demo's orthophoto, 20 cm each, in blocks of 256. */
const photograph = fileURLToPath(new URL('../../fixtures/warm-up/photograph.tif', import.meta.url))

/** Metres of a map: some 300 pixels of the photograph. */
const side = 60
const frame = {
  width: 256,
  height: 256,
  crs: 'EPSG:3857',
  background: { color: 0xffffff, isTransparent: false },
  mediaType: 'image/jpeg',
  scaleDenominator: 1000,
  pixelRatio: 1,
  maxFeatures: 1,
} satisfies Partial<MapJob>

/**
 * Draws maps that nobody asked for, so that code is compiled and codecs are loaded before the first request. `draw`
 * gets the stores to draw from; what goes wrong is left to the first request to find out.
 */
export async function warmUp(draw: (job: MapJob, stores: Stores) => Promise<unknown> | undefined): Promise<void> {
  const end = steadyNow() + budget
  // a cache of one block, so that blocks are decoded again and again
  const open = () => openCogStore({ id: 'warm-up', cache: createBlockCache(300e3) })
  let store = open()
  const stores: Stores = {
    raster: () => store,
    features() {
      throw new Error('There are no features here.')
    },
  }
  try {
    let { file, bands } = await store.describe(photograph)
    const [west, south, east, north] = transformBbox(file.bbox, file.crs, 'EPSG:3857') ?? file.bbox
    for (let i = 0; steadyNow() < end; i++) {
      // every second map from a store that has seen nothing: it reads the header, and parts of blocks
      if (i % 2 === 0) {
        await store.close()
        store = open()
        ;({ file, bands } = await store.describe(photograph))
      }
      // here and there, so that blocks are decoded, too
      const [x, y] = [west + (east - west) * ((i * 0.37) % 0.6), south + (north - south) * ((i * 0.53) % 0.6)]
      await draw(
        {
          ...frame,
          bbox: [x, y, x + side, y + side],
          layers: [{ kind: 'raster', store: 'warm-up', files: [file], bands, style: { passes: [] } }],
          deadline: end + 10_000,
        },
        stores,
      )
    }
  } catch {
    // a package without the photograph starts cold
  } finally {
    await store.close()
  }
}
