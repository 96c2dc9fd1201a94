import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildOverviews } from '#cli/overviews/build-overviews.js'
import { sweepOverviews } from '#cli/overviews/overview-files.js'
import { defaultLimits, type RasterSource } from '#core/atlas.js'
import { attachOverviews } from '#core/attach-overviews.js'
import { filesForMap } from '#core/files-for-map.js'
import { buildMosaic } from '#core/mosaic.js'
import type { Bbox } from '#geo/bbox.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalRead, withoutGdal } from '../../support/gdal.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'

const [x0, y0] = [600_000, 6_900_000]
const store = openCogStore({ id: 'members' })
t.teardown(() => store.close())

/** 512 pixels of a metre with one overview; `value` is of metres east and south of the corner of all. */
function writePart(path: string, left: number, top: number, value: (x: number, y: number) => number, changes: Partial<TiffSpec> = {}) {
  const image = (step: number): TiffSpec => ({
    width: 512 / step,
    height: 512 / step,
    tile: [128, 128],
    deflate: true,
    type: 'float32',
    bands: [(x, y) => value(left + (x + 0.5) * step, top + (y + 0.5) * step)],
    ...changes,
    ...(step === 1 ? { place: [x0 + left, y0 - top, 1, 1] as const, epsg: 2154 } : { subfile: 1 }),
  })
  return writeTiff(path, [image(1), image(2)])
}

async function mosaicOf(paths: readonly string[]) {
  const described = await Promise.all(paths.map(path => store.describe(path)))
  return { mosaic: buildMosaic(described.map(({ file }) => file)), bands: described[0].bands }
}

const slope = (x: number, y: number) => x / 8 + y / 16

t.test('overviews hold the means of what lies below, made anew only where files changed', { skip: withoutGdal }, async t => {
  const folder = t.testdir({ members: {}, made: {} })
  const [members, out] = [join(folder, 'members'), join(folder, 'made')]
  // two side by side in the first tile of 8,192 m, one in the next, one far away
  const places = [
    [0, 0],
    [512, 0],
    [8192, 1024],
    [28_672, 512],
  ]
  const paths = places.map(([left, top], i) => writePart(join(members, `${i}.tif`), left, top, slope))
  const made = openCogStore({ id: 'made', root: out })
  t.teardown(() => made.close())
  const build = async (signal?: AbortSignal, onProgress?: (done: number) => void) =>
    buildOverviews({
      ...(await mosaicOf(paths)),
      store,
      made,
      folder: out,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    })

  const stop = new AbortController()
  await t.rejects(build(stop.signal, done => done === 1 && stop.abort()))
  t.equal(readdirSync(join(out, '0')).length, 1, 'what is done stays')
  const first = await build()
  t.same([first.built, first.kept, first.unread], [2, 1, []])
  t.equal((await build()).built, 0)

  const [near] = first.names.filter(name => name.startsWith('0/73_-843-'))
  // the corner of all lies inside its tile of 8,192 m
  const [left, top] = [x0 - 73 * 8192, 843 * 8192 - y0]
  for (const [level, step] of [2, 4, 8, 16].entries()) {
    const side = 1024 / step
    const [values, mask] = gdalRead(join(out, near), level, { left: left / step, top: top / step, width: side + 2, height: side / 2 + 2 })
    let [far, holes] = [0, 0]
    for (let y = 0; y < side / 2 + 2; y++)
      for (let x = 0; x < side + 2; x++) {
        const i = y * (side + 2) + x
        const isInside = x < side && y < side / 2
        if ((mask[i] !== 0) !== isInside) holes++
        else if (isInside) far = Math.max(far, Math.abs(values[i] - slope((x + 0.5) * step, (y + 0.5) * step)))
      }
    t.same([holes, far < 1e-3], [0, true], `level ${level}: ${far} off`)
  }

  writePart(paths[2], 8192, 1024, () => 7)
  const changed = await build()
  t.equal(changed.built, 1, 'only the tile of the changed file')
  const old = first.names.filter(name => !changed.names.includes(name))
  t.equal(old.length, 1)
  t.ok(statSync(join(out, old[0])).isFile(), 'what is outdated is there until what replaces it is published')
  const leftover = join(out, '0', '9_9-0123456789abcdef.tif.1.part')
  const underWay = join(out, '0', '8_8-0123456789abcdef.tif.2.part')
  for (const path of [leftover, underWay]) writeFileSync(path, '')
  utimesSync(leftover, 0, 0)
  await sweepOverviews(out, new Set(changed.names))
  t.same(readdirSync(join(out, '0')).sort(), [...changed.names.map(name => name.slice(2)), '8_8-0123456789abcdef.tif.2.part'].sort())

  paths.pop()
  rmSync(join(members, '3.tif'))
  const fewer = await build()
  t.same([fewer.built, fewer.kept], [0, 2])
})

t.test('maps of small scales are drawn from overviews, and the verdict knows outdated ones', async t => {
  const folder = t.testdir({ members: {}, made: {} })
  const paths = [0, 1, 2, 3, 4, 5].map(i => writePart(join(folder, 'members', `${i}.tif`), i * 512, 0, slope))
  const made = openCogStore({ id: '/overviews', root: join(folder, 'made') })
  t.teardown(() => made.close())
  const { mosaic, bands } = await mosaicOf(paths)
  const { names } = await buildOverviews({ mosaic, bands, store, made, folder: join(folder, 'made') })
  const found = await Promise.all(names.map(async name => (await made.describe(name)).file))
  const attached = attachOverviews('/overviews', mosaic, found)
  t.match(attached, { missing: 0, outdated: 0, overviews: { generations: [{ files: [{ path: names[0] }] }] } })
  const source: RasterSource = {
    kind: 'raster',
    store: 'members',
    mosaic,
    bands,
    ...(attached.overviews && { overviews: attached.overviews }),
  }
  const at = (metresPerPixel: number, changes: object = {}) => {
    const map = {
      crs: 'EPSG:2154',
      bbox: [x0, y0 - 512, x0 + 3072, y0] as Bbox,
      width: 3072 / metresPerPixel,
      height: 512 / metresPerPixel,
    }
    return filesForMap('dem', source, { ...map, ...changes }, { ...defaultLimits, mapFiles: 6 })
  }
  t.equal(at(1).store, 'members')
  t.match(at(2), { store: '/overviews', files: { length: 1 } })
  t.equal(at(64).files.length, 1)
  t.equal(at(64, { times: [{ from: 0, to: 1 }] }).store, 'members', 'a picture of all times is not that of one')
  const replaced = buildMosaic(mosaic.files.map((file, i) => (i === 0 ? { ...file, version: 'another' } : file)))
  t.match(attachOverviews('/overviews', replaced, found), { missing: 0, outdated: 1, overviews: {} })
  t.match(
    attachOverviews('/overviews', buildMosaic(mosaic.files.slice(1)), found),
    { missing: 0, outdated: 1 },
    'the grid stays where it is',
  )
})
