import t from 'tap'
import type { Finding, RasterBand, RasterFile } from '#core/atlas.js'
import { buildAtlas } from '#core/build-atlas.js'
import type { Publication } from '#core/publication.js'
import type { Bbox } from '#geo/bbox.js'
import { atlasPlan, rasterFile } from '../support/publications.js'

const colours = (...meanings: RasterBand['meaning'][]): RasterBand[] =>
  meanings.map(meaning => ({ name: meaning, sampleType: 'uint8', meaning }))
const rgb = colours('red', 'green', 'blue')

/** 4,096 pixels of 0.2 m in blocks of `side`, its upper left corner at x,y. */
function file(x: number, y: number, side: number, changes: Partial<RasterFile> = {}): RasterFile {
  const bbox: Bbox = [x, y - 819.2, x + 819.2, y]
  const size = { blockWidth: side, blockHeight: side }
  const levels = [4096, 2048, 1024].map(width => ({ width, height: width, ...size }))
  return rasterFile({ width: 4096, height: 4096, transform: [x, 0.2, 0, y, 0, -0.2], bbox, levels, ...changes })
}
/** Of 2154_5cm, LAMB93_5cm: tiles of 51.2 m from 0, 12,000,000. */
const aligned = (side = 256) => file(51.2 * 13_000, 12_000_000 - 51.2 * 101_000, side)

function findings(files: readonly RasterFile[], bands: readonly RasterBand[] = rgb, notes: readonly Finding[] = []): Finding[] {
  const found = { kind: 'raster', store: 'rasters', files, bands } as const
  const publication: Publication = { source: 'x', name: 'ortho', settings: {}, found, findings: notes }
  return buildAtlas(atlasPlan([publication])).verdicts[0].findings.filter(({ code }) => code === 'not-aligned')
}

t.test('the verdict says once when no grid has the blocks of a photograph for tiles', async t => {
  t.same(findings([aligned()]), [])
  t.same(findings([file(650_000, 6_862_000, 512, { path: 'a b.tif' })]), [
    {
      severity: 'info',
      code: 'not-aligned',
      message:
        'Its blocks are no tiles of WebMercatorQuad or of a grid of EPSG:2154 (LAMB93, 2154_IGNF, LAMB93_5cm, …): every tile is drawn (1 ms of processor or more) instead of sent as it is stored (0.3 ms).',
      cure: "arpent cogify 'a b.tif' --grid LAMB93_5cm --output aligned",
    },
  ])
  const beside = file(650_000.07, 6_862_000, 256)
  t.match(findings([beside]), [{ cure: /--grid WebMercatorQuad --output aligned$/ }], 'where no grid has its pixels')
  const many = Array.from({ length: 500 }, (_, i) => file(650_000 + 819.2 * i, 6_862_000, 512))
  t.match(findings(many), [
    { message: /^Blocks of its files are no tiles/, cure: 'arpent cogify *.tif --grid LAMB93_5cm --output aligned' },
  ])
  t.match(findings([aligned(), beside]), [{ message: /^Blocks of 1 in 2 files are no tiles/ }])
  t.match(
    findings([file(0, 0, 512, { crs: 'EPSG:32631' })]),
    [{ message: /are no tiles of WebMercatorQuad: every/ }],
    'a CRS without grids',
  )
})

t.test('it says nothing where alignment would not help, or other trouble comes first', async t => {
  const off = [file(650_000, 6_862_000, 512)]
  t.equal(findings(off, colours('red', 'green', 'blue', 'alpha')).length, 1)
  t.same(findings(off, colours('red', 'green', 'blue', 'infrared')), [], 'no block of four colours is sent')
  t.same(findings(off, [{ name: 'height', sampleType: 'float32', meaning: 'value' }]), [], 'data are always drawn')
  t.same(findings([rasterFile()]), [], 'small ones are drawn in a moment')
  for (const code of ['not-tiled', 'no-overviews']) t.same(findings(off, rgb, [{ severity: 'warning', code, message: '' }]), [], code)
})
