import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { EncodeOptions } from '#formats/images/index.js'
import { tiff } from '#formats/images/tiff.js'
import { requireCrs } from '#geo/crs.js'
import { gdalPython, gdalRead, withoutGdal } from '../../support/gdal.js'
import { unlessAll } from '../../support/programs.js'
import { readTags } from '../../support/read-tags.js'
import { seeded } from '../../support/seeded.js'

const folder = t.testdir()
const place = { crs: 'EPSG:2154', bbox: [930_000, 6_890_000, 930_260, 6_890_120] } as const
const random = seeded(7)

const pictureOf = (width: number, height: number, isOpaque = false) => ({
  width,
  height,
  rgba: Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? (isOpaque ? 255 : (i >> 4) & 255) : random() < 0.7 ? i >> 6 : random() * 256,
  ),
})
const encoded = async (picture: ReturnType<typeof pictureOf>, options: EncodeOptions = {}) => tiff.encode(picture, { place, ...options })

t.test('libvips reads the pixels that were written, and writes the same itself', async t => {
  for (const [width, height] of [
    [1, 1],
    [260, 120],
    [512, 512],
    [513, 1025],
  ])
    for (const isOpaque of [true, false]) {
      const picture = pictureOf(width, height, isOpaque)
      const raw = { width, height, channels: 4 as const }
      const theirs = sharp(picture.rgba, { raw })
      if (isOpaque) theirs.removeAlpha()
      const expected = await sharp(await theirs.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer())
        .raw()
        .toBuffer()
      const { data, info } = await sharp(await encoded(picture, { isOpaque }))
        .raw()
        .toBuffer({ resolveWithObject: true })
      t.same([info.width, info.height, info.channels], [width, height, isOpaque ? 3 : 4])
      t.ok(data.equals(expected), `${width} x ${height}, ${isOpaque ? 'opaque' : 'with alpha'}`)
    }
})

t.test('what is asked decides on the bands, not what is drawn', async t => {
  const picture = pictureOf(20, 10, true)
  t.equal((await sharp(await encoded(picture)).metadata()).channels, 4)
  t.equal((await sharp(await encoded(picture, { isOpaque: true })).metadata()).channels, 3)
})

t.test('one directory: blocks of 512, Deflate, predictor 2, unassociated alpha', async t => {
  const images = readTags(Buffer.from(await encoded(pictureOf(600, 300))))
  t.equal(images.length, 1)
  const [{ tags }] = images
  for (const [tag, values] of [
    [259, [8]],
    [262, [2]],
    [277, [4]],
    [317, [2]],
    [322, [512]],
    [323, [512]],
    [338, [2]],
  ] as const)
    t.same([...(tags.get(tag) ?? [])], values, `tag ${tag}`)
})

t.test('where it lies is said in the words of its system, x and y in that order', { skip: unlessAll(withoutGdal) }, async t => {
  for (const [crs, code, kind] of [
    ['EPSG:2154', '2154', 'projected'],
    ['EPSG:3857', '3857', 'projected'],
    ['EPSG:3948', '3948', 'projected'],
    ['EPSG:31467', '31467', 'projected'],
    ['EPSG:4326', '4326', 'geographic'],
    ['OGC:CRS84', '4326', 'geographic'],
    ['EPSG:4807', '4807', 'geographic'],
    ['IGNF:LAMB93', null, 'unknown'],
  ] as const) {
    const bbox = requireCrs(crs).kind === 'geographic' ? ([2, 48, 3, 48.5] as const) : place.bbox
    const path = join(folder, `${crs.replace(':', '-')}.tif`)
    const picture = pictureOf(260, 120)
    writeFileSync(path, await encoded(picture, { place: { crs, bbox } }))
    const found = gdalPython<{ code: string | null; kind: string; transform: number[]; colors: string[]; layout: string }>(
      `ds = gdal.Open(sys.argv[1])
srs = ds.GetSpatialRef()
print(json.dumps({
  'code': srs.GetAuthorityCode(None) if srs else None,
  'kind': 'unknown' if not srs else 'geographic' if srs.IsGeographic() else 'projected' if srs.IsProjected() else 'unknown',
  'transform': ds.GetGeoTransform(),
  'colors': [gdal.GetColorInterpretationName(ds.GetRasterBand(b + 1).GetColorInterpretation()) for b in range(ds.RasterCount)],
  'layout': ds.GetMetadataItem('LAYOUT', 'IMAGE_STRUCTURE')}))`,
      path,
    )
    t.same([found.code, found.kind], [code, kind], crs)
    const [x, dx, rx, y, ry, dy] = found.transform
    const corners = [x, y + 120 * dy, x + 260 * dx, y]
    t.ok(
      corners.every((value, i) => Math.abs(value - bbox[i]) < 1e-9 * Math.max(1, Math.abs(value))),
      `${crs}: ${corners}`,
    )
    t.same([rx, ry], [0, 0])
    t.same(found.colors, ['Red', 'Green', 'Blue', 'Alpha'])
    t.equal(found.layout, 'COG')
    const bands = gdalRead(path, 0, { left: 0, top: 0, width: 260, height: 120 })
    t.ok(
      [0, 1, 2, 3].every(b => bands[b].every((value, i) => value === picture.rgba[i * 4 + b])),
      'GDAL reads the pixels',
    )
  }
})

t.test('who leaves ends it', async t => {
  await t.rejects(encoded(pictureOf(20, 10), { signal: AbortSignal.abort() }), { name: 'AbortError' })
  await t.rejects(async () => tiff.encode(pictureOf(2, 2)), TypeError)
})
