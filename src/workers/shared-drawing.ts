import type { Renderer } from '#core/ports.js'
import type { EncodedImage, LayerJob, MapJob } from '#core/queries.js'
import { problemOfStop } from './stop.js'

interface Drawing {
  readonly image: Promise<EncodedImage>
  readonly controller: AbortController
  waiters: number
}

/**
 * A renderer that draws a map once for all who ask for it at the same time (two jobs are the same when everything but the deadline is), and
 * stops when the last of them has left. `onShared` hears of every request that joined another.
 */
export function sharedDrawing(renderer: Renderer, onShared: () => void = () => {}): Required<Renderer> {
  const drawings = new Map<string, Drawing>()
  const numbered = publishedAsNumbers()
  const start = (key: string, job: MapJob): Drawing => {
    const controller = new AbortController()
    const image = renderer.draw(job, controller.signal).finally(() => {
      if (drawings.get(key)?.controller === controller) drawings.delete(key)
    })
    // whoever waits hears of the failure through `image` itself
    image.catch(() => {})
    const drawing = { image, controller, waiters: 0 }
    drawings.set(key, drawing)
    return drawing
  }
  let edits = 0
  return {
    changed() {
      edits++
    },
    async draw(asked, signal) {
      if (signal?.aborted) throw problemOfStop(signal)
      const job = edits === 0 ? asked : { ...asked, edits }
      const key = JSON.stringify({ ...job, deadline: 0, layers: job.layers.map(numbered) })
      const known = drawings.get(key)
      if (known) onShared()
      const drawing = known ?? start(key, job)
      drawing.waiters++
      return await new Promise<EncodedImage>((resolve, reject) => {
        const leave = () => {
          drawing.waiters--
          if (drawing.waiters === 0) {
            // a newcomer must not join what is being stopped
            if (drawings.get(key) === drawing) drawings.delete(key)
            drawing.controller.abort()
          }
          reject(problemOfStop(signal))
        }
        signal?.addEventListener('abort', leave, { once: true })
        const settle = () => signal?.removeEventListener('abort', leave)
        drawing.image.then(resolve, reject).finally(settle)
      })
    },
  }
}

/** Layers in which whatever is published is a number: it is the same objects until the next reload, and writing them out takes longer than planning a map. */
function publishedAsNumbers(): (layer: LayerJob) => object {
  const numbers = new WeakMap<object, number>()
  let last = 0
  const numberOf = (published: object): number => {
    const known = numbers.get(published)
    if (known !== undefined) return known
    numbers.set(published, ++last)
    return last
  }
  return layer => {
    if (layer.kind === 'features') {
      // a style without a key is the request's own
      const style = layer.key === undefined ? layer.style : numberOf(layer.style)
      return { ...layer, style, source: numberOf(layer.source), geometry: numberOf(layer.geometry) }
    }
    if (layer.kind === 'raster') return { ...layer, bands: numberOf(layer.bands), files: layer.files.map(numberOf) }
    return layer
  }
}
