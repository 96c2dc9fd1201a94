import t from 'tap'
import { rasterFaults } from '#cli/raster-faults.js'
import { buildAtlas } from '#core/build-atlas.js'
import type { MapJob } from '#core/queries.js'
import { atlasPlan, rasterFile, tablePublication } from '../support/publications.js'

t.test('a fault is told once in the log, and in the verdict until the file changes', async t => {
  const lines: string[] = []
  const faults = rasterFaults({ warn: (_details: object, message?: string) => void lines.push(String(message)) })
  const fault = { store: 'ortho', path: 'b.tif', version: '1', message: '"b.tif" is damaged: a block cannot be decoded.' }
  const renderer = faults.watch({ draw: async () => ({ mediaType: 'image/png', bytes: new Uint8Array(), timings: {}, faults: [fault] }) })
  const publish = (version: string) => {
    const found = { kind: 'raster' as const, store: 'ortho', files: [rasterFile(), rasterFile({ path: 'b.tif', version })], bands: [] }
    return buildAtlas(atlasPlan([tablePublication({}, { name: 'ortho', found })]))
  }
  const atlas = publish('1')
  t.equal(faults.tell(atlas), atlas)
  await renderer.draw({} as MapJob)
  await renderer.draw({} as MapJob)
  t.equal(lines.length, 1)
  t.match(faults.tell(atlas).verdicts[0].findings, [{ severity: 'error', code: 'damaged', message: /b\.tif/ }])
  t.equal(faults.tell(atlas), faults.tell(atlas), 'the same object, so that what is made of it can be kept')
  t.same(faults.tell(publish('2')).verdicts[0].findings, [])
})
