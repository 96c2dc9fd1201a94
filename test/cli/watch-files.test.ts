import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createLog } from '#cli/log.js'
import { watchFiles } from '#cli/watch-files.js'
import { until } from '../support/until.js'

const root = mkdtempSync(join(tmpdir(), 'arpent-watch-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

t.test('changes of the config and of files in folders are told once they are over', async t => {
  mkdirSync(join(root, 'data', 'deep'), { recursive: true })
  writeFileSync(join(root, 'arpent.yaml'), '')
  let changes = 0
  const watch = watchFiles(
    () => [join(root, 'arpent.yaml'), join(root, 'data'), join(root, 'nope')],
    () => changes++,
    createLog('silent'),
  )
  t.teardown(() => watch.close())
  const told = async (count: number, what: string) => {
    await until(() => changes >= count)
    t.equal(changes, count, what)
  }
  writeFileSync(join(root, 'other.txt'), '')
  writeFileSync(join(root, 'data', 'deep', 'a.geojson'), '{}')
  writeFileSync(join(root, 'data', 'b.geojson'), '{}')
  await told(1, 'two files at once')
  writeFileSync(join(root, 'draft'), 'service: {}')
  renameSync(join(root, 'draft'), join(root, 'arpent.yaml'))
  await told(2, 'the config, replaced as editors do')
  rmSync(join(root, 'data', 'b.geojson'))
  await told(3, 'a file removed')
  watch.close()
  writeFileSync(join(root, 'arpent.yaml'), '')
  await sleep(900)
  t.equal(changes, 3, 'nothing after the end')
})
