import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeTiff } from '../support/make-tiff.js'
import { runProgram } from '../support/run-program.js'

t.test('a mosaic of a thousand files that nothing remembers says so, and what it names cures it', async t => {
  const folder = t.testdir({ rasters: {} })
  const first = join(folder, 'rasters', '0.tif')
  writeTiff(first, [{ width: 16, height: 16, bands: [() => 100], epsg: 2154, place: [600_000, 6_800_000, 100, 100] }])
  for (let i = 1; i < 1000; i++) copyFileSync(first, join(folder, 'rasters', `${i}.tif`))
  const check = async (more: object) => {
    const config = join(folder, 'arpent.json')
    const stores = { ortho: { kind: 'cog', root: join(folder, 'rasters') }, ...('state' in more && { local: { kind: 'embedded' } }) }
    writeFileSync(config, JSON.stringify({ stores, collections: { ortho: { store: 'ortho', files: '*.tif' } }, ...more }))
    mkdirSync(join(folder, 'data'), { recursive: true })
    const { code, stdout, stderr } = await runProgram(['check', '--config', config, '--data', join(folder, 'data')])
    t.equal(code, 0, stderr)
    t.match(stdout, /1000 files|1,000 files/)
    return stdout
  }
  t.match(await check({}), /1000 files are read at every start[^\n]*\n *cure: in the config: stores: \{ local: \{ kind: embedded/)
  t.notMatch(await check({ state: { store: 'local' } }), /at every start/)
})
