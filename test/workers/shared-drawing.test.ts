import t from 'tap'
import type { EncodedImage, MapJob } from '#core/queries.js'
import { sharedDrawing } from '#workers/shared-drawing.js'

const jobOf = (change: Partial<MapJob> = {}) =>
  ({ width: 1, height: 2, bbox: [0, 0, 1, 2], crs: 'EPSG:2154', layers: [], deadline: 1, ...change }) as unknown as MapJob

t.test(
  'a map is drawn once for all who ask at the same time, whatever their deadlines; another of the same place is drawn, too',
  async t => {
    const drawn: MapJob[] = []
    let shared = 0
    const renderer = {
      draw: async (job: MapJob): Promise<EncodedImage> => {
        drawn.push(job)
        await new Promise(setImmediate)
        return { mediaType: job.mediaType, bytes: new Uint8Array(0), timings: {} }
      },
    }
    const { draw, changed } = sharedDrawing(renderer, () => {
      shared++
    })
    const jobs = [jobOf(), jobOf({ deadline: 2 }), jobOf({ crs: 'EPSG:3857' }), jobOf({ bbox: [0, 0, 1, 3] }), jobOf({ crs: 'EPSG:3857' })]
    await Promise.all(jobs.map(job => draw(job)))
    t.same([drawn.length, shared], [3, 2])
    await draw(jobs[0])
    t.equal(drawn.length, 4, 'nothing is kept')
    const before = draw(jobs[0])
    changed()
    await Promise.all([before, draw(jobs[0])])
    t.equal(drawn.length, 6, 'what was begun before a change is not shown after it')
  },
)

t.test('the memory of an image is given back by the only one who has it', async t => {
  let given = 0
  const giveBack = () => {
    given++
  }
  const { draw } = sharedDrawing({ draw: async ({ mediaType }) => ({ mediaType, bytes: new Uint8Array(3), timings: {}, giveBack }) })
  const shared = await Promise.all([draw(jobOf()), draw(jobOf())])
  for (const image of shared) t.equal(image.giveBack, undefined)
  const alone = await draw(jobOf())
  alone.giveBack?.()
  t.equal(given, 1)
})

t.test('drawing goes on until the last who asked has left', async t => {
  const stops: AbortSignal[] = []
  const renderer = {
    draw: (_: MapJob, signal?: AbortSignal) =>
      new Promise<EncodedImage>((_, reject) => {
        stops.push(signal!)
        signal!.addEventListener('abort', () => reject(new Error('stopped')))
      }),
  }
  const { draw } = sharedDrawing(renderer)
  const [a, b] = [new AbortController(), new AbortController()]
  const both = Promise.allSettled([draw(jobOf(), a.signal), draw(jobOf(), b.signal)])
  await new Promise(setImmediate)
  a.abort()
  t.equal(stops[0].aborted, false)
  b.abort()
  t.same([stops.length, stops[0].aborted], [1, true])
  t.same(
    (await both).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})
