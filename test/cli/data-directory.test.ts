import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { askRunningServer, serveControl } from '#cli/data/control-socket.js'
import { takeDataDirectory } from '#cli/data/data-directory.js'
import { Problem } from '#core/problem.js'
import { until } from '../support/until.js'

const scratch = mkdtempSync(join(tmpdir(), 'arpent-lock-'))
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

/** A process that takes `folder` and says `owner`, or why not. */
function startOwner(folder: string) {
  const code = `import('#cli/data/data-directory.js').then(async ({ takeDataDirectory }) => {
    try { await takeDataDirectory(${JSON.stringify(folder)}); console.log('owner'); setInterval(() => {}, 1000) } catch (error) { console.log(error.message) }
  })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: process.cwd(),
  })
  const said = once(child.stdout, 'data').then(([text]) => String(text).trim())
  return { child, said }
}

for (const [what, folder] of Object.entries({
  'a folder': join(scratch, 'data'),
  'a folder with a very long path': join(scratch, 'x'.repeat(120), 'data'),
})) {
  t.test(`${what} has one owner, whoever comes and however it dies`, async t => {
    const { child, said } = startOwner(folder)
    t.teardown(() => child.kill('SIGKILL'))
    t.equal(await said, 'owner')
    await t.rejects(takeDataDirectory(folder), { kind: 'conflict', message: new RegExp(`^Process ${child.pid} is using`) })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const directory = await takeDataDirectory(folder)
    t.equal(statSync(directory.path).mode & 0o777, 0o700)
    const sockets = readdirSync(folder).filter(name => name.endsWith('.sock'))
    t.equal(sockets.length, 1, 'the socket of the dead is swept away')
    t.equal(statSync(join(folder, sockets[0]!)).mode & 0o777, 0o600)
    await directory.release()
    t.same(readdirSync(folder), ['identity'], 'what the folder is known by stays')
    const again = await takeDataDirectory(folder)
    t.equal(again.identity, directory.identity)
    await again.release()
  })
}

t.test('of many that start at once, exactly one becomes the owner', async t => {
  const folder = join(scratch, 'crowd')
  const starters = Array.from({ length: 5 }, () => startOwner(folder))
  t.teardown(() => starters.map(({ child }) => child.kill('SIGKILL')))
  const said = await Promise.all(starters.map(starter => starter.said))
  t.equal(said.filter(text => text === 'owner').length, 1, said.join('\n'))
})

t.test('a file in the place of the folder is refused', async t => {
  writeFileSync(join(scratch, 'file'), '')
  await t.rejects(takeDataDirectory(join(scratch, 'file')), { kind: 'unavailable', message: /name another with --data/ })
})

t.test('commands go to the owner, progress and problems come back', async t => {
  const folder = join(scratch, 'control')
  t.same(await askRunningServer(folder, 'import', {}), { isRunning: false }, 'nobody is there')
  const directory = await takeDataDirectory(folder)
  t.teardown(() => directory.release())
  await t.rejects(askRunningServer(folder, 'import', {}), { kind: 'unavailable', message: /takes no commands yet/ })
  let aborted = false
  serveControl(directory, {
    import: async (request, report) => {
      report({ rows: 1 })
      report({ rows: 2 })
      return { request }
    },
    fail: async () => {
      throw new Problem('invalid-data', 'roads.gpkg is broken.')
    },
    crash: async () => {
      throw new Error('secret')
    },
    wait: async (_request, report, signal) => {
      report('waiting')
      await sleep(60_000, undefined, { signal }).catch(() => {
        aborted = true
      })
    },
  })
  const progress: unknown[] = []
  const answer = await askRunningServer(folder, 'import', { files: ['é\n"'] }, { onProgress: value => progress.push(value) })
  t.same(answer, { isRunning: true, result: { request: { files: ['é\n"'] } } })
  t.same(progress, [{ rows: 1 }, { rows: 2 }])
  await t.rejects(askRunningServer(folder, 'fail', null), { kind: 'invalid-data', message: 'roads.gpkg is broken.' })
  await t.rejects(askRunningServer(folder, 'crash', null), { kind: 'internal', message: /Something went wrong/ })
  await t.rejects(askRunningServer(folder, 'toString', null), { kind: 'unsupported', message: /it knows import, fail, crash, wait/ })
  const stop = new AbortController()
  await t.rejects(askRunningServer(folder, 'wait', null, { onProgress: () => stop.abort(), signal: stop.signal }), { name: 'AbortError' })
  t.ok(await until(() => aborted), 'the command is aborted when its asker leaves')
})

t.test('who speaks another language is shown the door', async t => {
  const folder = join(scratch, 'hostile')
  const directory = await takeDataDirectory(folder)
  t.teardown(() => directory.release())
  serveControl(directory, {})
  for (const bytes of ['not json\n', 'null\n', '[]\n', '{"command":5}\n', 'x'.repeat(3_000_000), '\u0000\n'.repeat(1000)]) {
    const socket = connect(join(folder, readdirSync(folder)[0]!))
    socket.on('error', () => {})
    socket.write(bytes)
    socket.resume()
    await new Promise(resolve => socket.on('close', resolve))
  }
  t.same((await askRunningServer(folder, 'x', 1).catch(error => error)).kind, 'unsupported', 'and the others are still served')
})
