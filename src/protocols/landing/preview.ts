import type { Collection } from '#core/atlas.js'
import { drawMap, standardDpi, standardPixel } from '#core/draw-map.js'
import { Problem, toProblem } from '#core/problem.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import { problemAnswer } from '../http/problem-json.js'
import type { Service, ServiceContext } from '../http/service.js'

const [width, height] = [320, 200]
const kept = 500

/** `/preview/{collection}`: a small map of the whole collection, drawn once per generation of the atlas; the newest 500 are kept. */
export function previews({ renderer }: ServiceContext): Service {
  const images = new Map<string, Uint8Array>()
  return async ({ view, path, deadline, signal, timings }) => {
    const collection = view.collections.get(path.collection ?? '')
    if (!collection?.extent) return problemAnswer(new Problem('not-found', 'There is no collection of that name with a map.'))
    const key = `${view.atlas.generation}/${collection.edits ?? 0}/${collection.id}`
    const known = images.get(key)
    if (known) return { status: 200, mediaType: 'image/png', body: known, cacheSeconds: 300 }
    try {
      const image = await drawMap(previewQuery(collection), { renderer, limits: view.atlas.limits, deadline }, signal)
      Object.assign(timings, image.timings)
      images.set(key, image.bytes)
      if (images.size > kept) images.delete(images.keys().next().value as string)
      return { status: 200, mediaType: image.mediaType, body: image.bytes, cacheSeconds: 300 }
    } catch (error) {
      return problemAnswer(toProblem(error))
    }
  }
}

/** The collection's extent in Web Mercator, with a margin, grown to the picture's shape; of one that shows only from some scale on, the middle at that scale. */
function previewQuery(collection: Collection) {
  const [west, south, east, north] = collection.extent?.crs84 ?? [-180, -85, 180, 85]
  const world: Bbox = [west, Math.max(south, -85), east, Math.min(north, 85)]
  const box = transformBbox(world, 'OGC:CRS84', 'EPSG:3857') ?? [-2e7, -2e7, 2e7, 2e7]
  const whole = Math.max((box[2] - box[0]) / (width - 16), (box[3] - box[1]) / (height - 16), 0.05)
  const { minScaleDenominator = 0, maxScaleDenominator = Number.POSITIVE_INFINITY } = collection
  const unitsPerPixel = Math.max(1.01 * minScaleDenominator * standardPixel, Math.min(whole, 0.99 * maxScaleDenominator * standardPixel))
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  return {
    layers: [{ collection, style: collection.styles[0] }],
    crs: 'EPSG:3857',
    bbox: [
      x - (unitsPerPixel * width) / 2,
      y - (unitsPerPixel * height) / 2,
      x + (unitsPerPixel * width) / 2,
      y + (unitsPerPixel * height) / 2,
    ] as const,
    width,
    height,
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    dpi: standardDpi,
  }
}
