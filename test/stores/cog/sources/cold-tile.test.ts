import { join } from 'node:path'
import t from 'tap'
import type { RasterFile } from '#core/atlas.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { serveFiles } from '../../../support/file-server.js'
import { gdal, withoutGdal } from '../../../support/gdal.js'
import { writeTiff } from '../../../support/make-tiff.js'
import { seeded } from '../../../support/seeded.js'

const folder = t.testdir()
const server = await serveFiles(folder)
t.teardown(() => server.close())

/** Requests and bytes of one read by somebody who has not read the header yet. */
async function cold(t: Tap, file: RasterFile, level: number, left: number, top: number, width: number, height: number) {
  const store = openCogStore({ id: 'cold' })
  server.reset()
  const pixels = await store.read(file, level, { left, top, width, height })
  t.equal(pixels.bands[0].length, width * height)
  await store.close()
  return { requests: server.asked.length, bytes: server.asked.reduce((sum, { bytes }) => sum + bytes, 0) }
}
type Tap = Pick<typeof t, 'equal'>

t.test('a cold tile of a remote COG takes few requests and few bytes', { skip: withoutGdal }, async t => {
  // noise, so that blocks have the size of those of photographs, and rows of blocks lie far apart
  const noise = seeded(7)
  const samples = Uint8Array.from({ length: 1024 * 1024 }, () => noise() * 256)
  const source = writeTiff(join(folder, 'source.tif'), [
    { width: 1024, height: 1024, bands: [samples, samples, samples], place: [700000, 6600000, 8, 8], epsg: 2154 },
  ])
  const size4k = ['-outsize', '4096', '4096']
  const kinds: Record<string, readonly string[]> = {
    'a photograph in blocks of 512': [...size4k, '-co', 'COMPRESS=JPEG'],
    'the same with a mask': [...size4k, '-mask', '1', '-co', 'COMPRESS=JPEG'],
    'many blocks': ['-outsize', '8192', '8192', '-b', '1', '-co', 'COMPRESS=DEFLATE', '-co', 'BLOCKSIZE=128', '-co', 'BIGTIFF=YES'],
  }
  for (const [kind, options] of Object.entries(kinds)) {
    gdal('gdal_translate', '-q', '-of', 'COG', ...options, source, join(folder, 'cog.tif'))
    const store = openCogStore({ id: 'describes' })
    server.reset()
    const { file } = await store.describe(`${server.address}/cog.tif`)
    const described = server.asked.length
    await store.close()
    t.ok(described <= 3, `${kind}: described by ${described} requests`)
    const { blockWidth: size } = file.levels[0]
    for (const level of [0, 1]) {
      const aligned = await cold(t, file, level, size, size, size, size)
      t.ok(aligned.requests <= 3 && aligned.bytes < 2e6, `${kind}, level ${level}: an aligned tile takes ${JSON.stringify(aligned)}`)
      const across = await cold(t, file, level, 1.5 * size, 1.5 * size, size, size)
      t.ok(
        across.requests <= 5 && across.bytes < 2e6,
        `${kind}, level ${level}: a tile over two rows of blocks takes ${JSON.stringify(across)}`,
      )
    }
  }
})
