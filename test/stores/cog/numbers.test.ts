import { join } from 'node:path'
import t from 'tap'
import { commonBands } from '#core/raster-mosaic.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'

// Promised: a raster of classes from 0 to 3 is not a black picture, and a picture is as it is.
t.test('few numbers in a single 8-bit band have a range, pictures have none', async t => {
  const folder = t.testdir()
  const store = openCogStore({ id: 'x', root: folder })
  t.teardown(() => store.close())
  const rangeOf = async (name: string, spec: Partial<TiffSpec>) => {
    const image: TiffSpec = { width: 300, height: 200, tile: [64, 64], bands: [x => x % 4], place: [0, 0, 1, 1], epsg: 2154, ...spec }
    writeTiff(join(folder, name), [image])
    return (await store.describe(name)).bands[0].range
  }
  t.same(await rangeOf('classes.tif', {}), [0, 3])
  t.same(await rangeOf('strips.tif', { tile: undefined as never, bands: [(x, y) => 2 + ((x + y) % 9)] }), [2, 10])
  t.same(await rangeOf('picture.tif', { bands: [x => x & 255] }), undefined)
  t.same(await rangeOf('one.tif', { bands: [() => 7] }), undefined)
  t.same(await rangeOf('three.tif', { bands: [x => x % 4, x => x % 4, x => x % 4] }), undefined)
  const described = await Promise.all(['classes.tif', 'strips.tif', 'picture.tif'].map(name => store.describe(name)))
  t.same(commonBands(described.slice(0, 2))[0].range, [0, 10], 'of several files, that of them all')
  t.same(commonBands(described)[0].range, undefined, 'and none where one of them is a picture')
})
