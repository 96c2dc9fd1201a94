import t from 'tap'
import { buildAtlas } from '#core/build-atlas.js'
import { fetchTile } from '#core/fetch-tile.js'
import type { RasterStore } from '#core/ports.js'
import type { DimensionSetting, Publication } from '#core/publication.js'
import type { MapJob } from '#core/queries.js'
import { atlasPlan, rasterFile } from '../support/publications.js'

const files = [2012, 2015].map(year => rasterFile({ path: `${year}.tif`, time: Date.UTC(year, 0, 1) }))
const time = (more: Partial<DimensionSetting>): DimensionSetting => ({ name: 'time', place: { kind: 'files' }, ...more })

/** The files that a tile of the mosaic is drawn from. */
async function tileOf(setting: DimensionSetting) {
  const publication: Publication = {
    source: 'ortho',
    id: 'ortho',
    name: 'ortho',
    settings: { dimensions: [setting] },
    found: { kind: 'raster', store: 'cog', files, bands: [] },
    findings: [],
  }
  const { collections, grids, limits } = buildAtlas(atlasPlan([publication]))
  const collection = collections.get('ortho')!
  const grid = grids.get('WebMercatorQuad')!
  const matrix = grid.matrices[18]
  const jobs: MapJob[] = []
  const store = { id: 'cog', encodedBlock: async () => undefined } as unknown as RasterStore
  const [x, y] = [684_581, 6_286_653] // in the file, in the metres of the grid
  const at = (value: number) => Math.floor(value / (matrix.tileSize * matrix.cellSize))
  await fetchTile(
    {
      collection,
      style: collection.styles[0],
      grid,
      matrix,
      column: at(x - matrix.origin[0]),
      row: at(matrix.origin[1] - y),
      mediaTypes: ['image/png'],
      background: { color: 0xffffff, isTransparent: true },
    },
    {
      limits,
      deadline: Number.POSITIVE_INFINITY,
      renderer: {
        draw: async job => {
          jobs.push(job)
          return { mediaType: 'image/png', bytes: new Uint8Array(), timings: {} }
        },
      },
      stores: {
        raster: () => store,
        features: () => {
          throw new Error('no tables')
        },
      },
    },
  )
  return jobs[0].layers.flatMap(layer => (layer.kind === 'raster' ? layer.files.map(({ path }) => path) : []))
}

t.test('tiles, which nobody can ask for a time, show the default', async t => {
  t.same(await tileOf(time({})), ['2012.tif', '2015.tif'])
  t.same(await tileOf(time({ default: 'latest' })), ['2015.tif'])
  t.same(await tileOf(time({ default: '2012' })), ['2012.tif'])
  t.same(await tileOf(time({ default: 'none' })), ['2012.tif', '2015.tif'], 'all, where there is none')
})
