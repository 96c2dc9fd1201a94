import t from 'tap'
import { defaultLimits, type RasterFile, type RasterSource } from '#core/atlas.js'
import { filesForMap } from '#core/files-for-map.js'
import { buildMosaic } from '#core/mosaic.js'
import { overviewGrid, overviewName, overviewTiles } from '#core/overview-grid.js'
import { selectFiles } from '#core/select-files.js'
import { type Bbox, bboxesMeet } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import { rasterFile } from '../support/publications.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'

/** A square file of 1,000 pixels. */
function square(path: string, left: number, bottom: number, pixel: number, changes: Partial<RasterFile> = {}): RasterFile {
  const [side, top] = [1000 * pixel, bottom + 1000 * pixel]
  return rasterFile({
    path,
    transform: [left, pixel, 0, top, 0, -pixel],
    bbox: [left, bottom, left + side, top],
    ...changes,
  })
}

const names = (files: readonly RasterFile[]) => files.map(({ path }) => path)

t.test('what is selected is what a look at every file finds, in any CRS and anywhere', async t => {
  const random = seeded(7)
  for (let round = 0; round < 30; round++) {
    const files = Array.from({ length: seededInteger(random, 1, 400) }, (_, i) => {
      const isConic = random() < 0.3
      const [left, bottom] = isConic
        ? [1_640_000 + random() * 60_000, 7_190_000 + random() * 60_000]
        : [630_000 + random() * 60_000, 6_840_000 + random() * 60_000]
      return square(`${i}.tif`, left, bottom, pick(random, [0.2, 0.5, 1]), isConic ? { crs: 'EPSG:3949' } : {})
    })
    const mosaic = buildMosaic(files)
    for (let i = 0; i < 20; i++) {
      const crs = pick(random, ['EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'EPSG:3949'])
      const [x, y, side] = [630_000 + random() * 60_000, 6_840_000 + random() * 60_000, 10 ** (1 + random() * 3.5)]
      const bbox = transformBbox([x, y, x + side, y + side], 'EPSG:2154', crs)!
      const found = new Set(names(selectFiles(mosaic, { crs, bbox, width: 256, height: 256 })))
      const meets = (file: RasterFile, slack: number) => {
        const box = transformBbox(bbox, crs, file.crs)!
        const more = slack * Math.max(box[2] - box[0], box[3] - box[1])
        return bboxesMeet([box[0] - more, box[1] - more, box[2] + more, box[3] + more], file.bbox)
      }
      const [missing, needless] = [
        files.filter(file => meets(file, 0) && !found.has(file.path)),
        files.filter(file => found.has(file.path) && !meets(file, 0.01)),
      ]
      if (missing.length + needless.length > 0) t.fail(`${crs} ${bbox}: missing ${names(missing)}, needless ${names(needless)}`)
    }
  }
})

t.test('the newest is on top, and the finest where the map can show it', async t => {
  const day = (n: number) => Date.UTC(2020, 0, n)
  const files = [
    square('c-old-fine', 0, 0, 0.1, { time: day(1) }),
    square('b-new-coarse', 0, 0, 1, { time: day(3) }),
    square('a-undated', 0, 0, 0.1),
    square('d-newer-fine', 0, 0, 0.1, { time: day(2) }),
  ]
  const at = (resolution: number, order?: Parameters<typeof buildMosaic>[1]) =>
    names(
      selectFiles(buildMosaic(files, order), { crs: 'EPSG:2154', bbox: [0, 0, 10, 10], width: 10 / resolution, height: 10 / resolution }),
    )
  t.same(at(0.1), ['b-new-coarse', 'a-undated', 'c-old-fine', 'd-newer-fine'], 'close')
  t.same(at(1), ['a-undated', 'c-old-fine', 'd-newer-fine', 'b-new-coarse'], 'far')
  t.same(at(1, { order: 'date asc' }), ['a-undated', 'b-new-coarse', 'd-newer-fine', 'c-old-fine'])
  t.same(at(1, { order: 'name' }), ['a-undated', 'b-new-coarse', 'c-old-fine', 'd-newer-fine'])
})

t.test('a time selects the files of an interval, its end excluded', async t => {
  const mosaic = buildMosaic([1, 2, 3, 4].map(n => square(`${n}`, 0, 0, 1, { time: n * 1000 })).concat(square('undated', 0, 0, 1)))
  const query = { crs: 'EPSG:2154', bbox: [0, 0, 10, 10] as Bbox, width: 10, height: 10 }
  t.same(names(selectFiles(mosaic, { ...query, times: [{ from: 2000, to: 3001 }] })), ['2', '3'])
  t.same(names(selectFiles(mosaic, { ...query, times: [{ from: 2500, to: 2600 }] })), [])
  t.equal(selectFiles(mosaic, query).length, 5)
  t.same(mosaic.times, [1000, 2000, 3000, 4000])
})

t.test('the storage CRS is that of most files, or the declared one', async t => {
  const files = [
    square('a', 1_650_000, 7_200_000, 1, { crs: 'EPSG:3949' }),
    square('b', 640_000, 6_850_000, 1),
    square('c', 641_000, 6_850_000, 1),
  ]
  const { parts, bbox } = buildMosaic(files)
  t.same(
    parts.map(({ crs, members }) => [crs, members.length]),
    [
      ['EPSG:2154', 2],
      ['EPSG:3949', 1],
    ],
  )
  t.ok(bbox[2] > 642_000, 'the box holds the files of the other CRS, too')
  t.equal(buildMosaic(files, { storageCrs: 'EPSG:3949' }).parts[0].crs, 'EPSG:3949')
  t.equal(buildMosaic(files, { storageCrs: 'EPSG:3857' }).parts[0].crs, 'EPSG:2154')
})

t.test('files beyond the antimeridian are found from either side', async t => {
  const file = rasterFile({ path: 'fiji', crs: 'EPSG:4326', transform: [179, 0.001, 0, -16, 0, -0.001], bbox: [179, -17, 180, -16] })
  const select = (bbox: Bbox) => selectFiles(buildMosaic([file]), { crs: 'EPSG:4326', bbox, width: 100, height: 100 }).length
  t.same([select([-181, -17, -180.5, -16]), select([179.2, -17, 181, -16]), select([-179, -17, -178, -16])], [1, 1, 0])
})

t.test('overview tiles are of files when they are of the same, wherever the folder of overviews is', async t => {
  const grid = overviewGrid(buildMosaic([square('a', 600_000, 6_850_000, 1)]))
  t.same(grid, { crs: 'EPSG:2154', origin: [0, 0], resolution: 2 })
  const [tile] = overviewTiles(grid, buildMosaic([square('a', 600_000, 6_850_000, 1)]), 1)
  const name = (folder: string, hash: string) =>
    overviewName(grid, tile, [square(`${folder}0/1_1-${hash}.tif`, 0, 0, 2, { version: folder })])
  t.equal(name('', 'aa'), name('ortho/', 'aa'))
  t.not(name('', 'aa'), name('', 'bb'))
  t.match(name('', 'aa'), /^1\/9_-105-[0-9a-f]{16}\.tif$/)
})

t.test('a map that touches too many files is refused with the cure', async t => {
  const mosaic = buildMosaic(Array.from({ length: 30 }, (_, i) => square(`${i}`, i * 1000, 0, 1)))
  const source: RasterSource = { kind: 'raster', store: 's', mosaic, bands: [] }
  const query = (files: number) => ({ crs: 'EPSG:2154', bbox: [500, 100, files * 1000 - 500, 200] as Bbox, width: 100, height: 100 })
  const limits = { ...defaultLimits, mapFiles: 20 }
  t.equal(filesForMap('ortho', source, query(20), limits).files.length, 20)
  t.throws(() => filesForMap('ortho', source, query(21), limits), {
    kind: 'too-large',
    message: /21 files.*at most 20.*arpent overviews ortho/,
  })
})
