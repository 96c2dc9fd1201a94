import type { Renderer } from '#core/ports.js'
import type { EncodedImage, LayerJob, MapJob } from '#core/queries.js'
import { problemOfStop } from './stop.js'

interface Drawing {
  readonly job: MapJob
  /** Everything of the job that matters, written out when another map of this place is asked for. */
  key?: string
  readonly image: Promise<EncodedImage>
  readonly controller: AbortController
  waiters: number
  /** All who ever waited for it. */
  asked: number
}

/**
 * A renderer that draws a map once for all who ask for it at the same time (two jobs are the same when everything but the deadline is), and
 * stops when the last of them has left. `onShared` hears of every request that joined another.
 */
export function sharedDrawing(renderer: Renderer, onShared: () => void = () => {}): Required<Renderer> {
  const drawings = new Set<Drawing>()
  const numbered = publishedAsNumbers()
  const keyOf = (job: MapJob) => JSON.stringify({ ...job, deadline: 0, layers: job.layers.map(numbered) })
  const find = (job: MapJob): Drawing | undefined => {
    let key: string | undefined
    for (const drawing of drawings) {
      if (!isOfSamePlace(drawing.job, job)) continue
      key ??= keyOf(job)
      drawing.key ??= keyOf(drawing.job)
      if (drawing.key === key) return drawing
    }
    return undefined
  }
  const start = (job: MapJob): Drawing => {
    const controller = new AbortController()
    const image = renderer.draw(job, controller.signal)
    const drawing: Drawing = { job, image, controller, waiters: 0, asked: 0 }
    drawings.add(drawing)
    // whoever waits hears of the failure through `image` itself
    const end = () => void drawings.delete(drawing)
    image.then(end, end)
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
      const known = find(job)
      if (known) onShared()
      const drawing = known ?? start(job)
      drawing.waiters++
      drawing.asked++
      return await new Promise<EncodedImage>((resolve, reject) => {
        const leave = () => {
          drawing.waiters--
          if (drawing.waiters === 0) {
            // a newcomer must not join what is being stopped
            drawings.delete(drawing)
            drawing.controller.abort()
          }
          reject(problemOfStop(signal))
        }
        signal?.addEventListener('abort', leave, { once: true })
        const settle = () => signal?.removeEventListener('abort', leave)
        drawing.image.then(
          image => {
            settle()
            // who shares it cannot know when others have done with it
            resolve(drawing.asked > 1 && image.giveBack ? { ...image, giveBack: undefined } : image)
          },
          error => {
            settle()
            reject(error)
          },
        )
      })
    },
  }
}

/** What two jobs that are the same have in common, and nearly no others: found out without writing them out. */
const isOfSamePlace = (a: MapJob, b: MapJob) =>
  a.width === b.width && a.height === b.height && a.bbox.every((edge, i) => edge === b.bbox[i])

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
