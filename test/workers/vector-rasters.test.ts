import { join } from 'node:path'
import t from 'tap'
import type { LayerJob } from '#core/queries.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'
import { missing, unlessAll } from '../support/programs.js'
import { blurredDistance, drawTables, rasterizePdf, rasterizeSvg } from '../support/vector-maps.js'
import { vectorScenes } from '../support/vector-scenes.js'

const withoutPoppler = unlessAll(missing('pdftocairo (poppler-utils)', 'pdftocairo', '-v'))
const store = openCogStore({ id: 'rasters' })
t.teardown(() => store.close())

/** A photograph of so many metres, west and north of the middle of the map. */
const photo = (side: number): TiffSpec => ({
  width: side / 4,
  height: side / 4,
  tile: [64, 64],
  deflate: true,
  bands: [x => 100 + x, (_, y) => 60 + y, (x, y) => (x + y) % 200],
  place: [769_950, 6_279_450, 4, 4],
  epsg: 2154,
})

async function rasterLayer(name: string, side: number): Promise<LayerJob> {
  const { file, bands } = await store.describe(writeTiff(join(t.testdirName, name), [photo(side)]))
  return { kind: 'raster', store: 'rasters', files: [file], bands, style: { passes: [] } }
}
t.testdir()

for (const [name, side, isWhole] of [
  ['photograph of the whole map', 520, true],
  ['photograph of a part of it', 300, false],
] as const)
  t.test(`a ${name} lies in the document beneath what is drawn over it`, { skip: withoutPoppler }, async t => {
    const layer = await rasterLayer(`${side}.tif`, side)
    const drawn = (type: string) => drawTables(vectorScenes.strokes, type, {}, { below: layer, raster: store })
    const [picture, drawing, document] = [await drawn('image/png'), await drawn('image/svg+xml'), await drawn('application/pdf')]
    t.equal(Buffer.from(drawing).includes('data:image/jpeg'), isWhole, 'an opaque photograph is one in the document')
    t.equal(Buffer.from(document).toString('latin1').includes('/DCTDecode'), isWhole)
    for (const shown of [await rasterizeSvg(drawing, 400), rasterizePdf(document, 400, 400)]) {
      const { mean, off } = await blurredDistance(picture, shown)
      t.ok(mean < 1.5 && off < 0.001, `${mean}, ${off}`)
    }
    const { mean } = await blurredDistance(picture, await drawTables(vectorScenes.strokes, 'image/png'))
    t.ok(mean > 10, 'and it can be seen')
  })
