import t from 'tap'
import type { FeatureLayerJob, MapJob, RasterLayerJob } from '#core/queries.js'
import type { Style } from '#styles/style.js'
import { partKeeper, partSender } from '#workers/sent-parts.js'
import { memorySource } from '../support/memory-store.js'
import { smallTown } from '../support/small-town.js'

const { trees } = smallTown('EPSG:2154', (x, y) => [x, y])
const source = memorySource('memory', trees)
const style = (name: string): Style => ({ name, passes: [] })
const layer = (style: Style, key?: string): FeatureLayerJob => ({
  kind: 'features',
  source,
  geometry: trees.geometries[0],
  style,
  ...(key !== undefined && { key }),
})
const jobOf = (...layers: MapJob['layers']) => ({ width: 1, height: 1, layers }) as unknown as MapJob
/** As it goes from thread to thread. */
const sent = <T>(message: T): T => structuredClone(message)

t.test('a job arrives as it was, and what is published is sent once', async t => {
  const [pack, unpack] = [partSender(), partKeeper()]
  const [a, b] = [style('a'), style('b')]
  const own = jobOf(layer(a, 'a 1'), layer(style('own')), { kind: 'sketch', items: [] }, layer(b, 'b 1'))
  for (let i = 0; i < 3; i++) {
    const packed = sent(pack(own))
    t.equal(packed.added.length, i === 0 ? 3 : 0, 'two styles and one source')
    t.same(unpack(packed), own)
  }
})

t.test('files of rasters are sent once, their styles each time', async t => {
  const [pack, unpack] = [partSender(), partKeeper()]
  const file = (path: string) => ({ path, levels: [{ width: 2, height: 1 }] }) as unknown as RasterLayerJob['files'][number]
  const bands: RasterLayerJob['bands'] = [{ name: '1', sampleType: 'uint8', meaning: 'value' } as RasterLayerJob['bands'][number]]
  const [a, b, c] = ['a', 'b', 'c'].map(file)
  const raster = (...files: RasterLayerJob['files']): RasterLayerJob => ({ kind: 'raster', store: 's', files, bands, style: style('own') })
  for (const [layers, added] of [
    [[raster(a, b)], 3],
    [[raster(b), layer(style('other'))], 0],
    [[raster(c, a), raster()], 1],
  ] as const) {
    const job = jobOf(...layers)
    const packed = sent(pack(job))
    t.equal(packed.added.length, added)
    t.same(unpack(packed), job)
  }
})

t.test('many styles do not stay for ever, and numbers never mean the wrong one', async t => {
  const [pack, unpack] = [partSender(), partKeeper()]
  const styles = Array.from({ length: 2500 }, (_, i) => style(`${i}`))
  let fresh = 0
  for (const order of [styles, styles.slice(0, 50), styles])
    for (const [i, each] of order.entries()) {
      const packed = sent(pack(jobOf(layer(each, `${i}`))))
      if (packed.isFresh) fresh++
      const [got] = unpack(packed).layers as FeatureLayerJob[]
      if (got.style.name !== each.name) t.fail(`${got.style.name} for ${each.name}`)
    }
  t.ok(fresh >= 2)
})
