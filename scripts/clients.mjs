// `npm run clients [-- NAME…]`: programs that are not ours, and replays of their requests, against the built server; a table at the end. NAME is a file
// in test/clients without `.test.ts`, `replays`, or `mixed`: ten thousand of those requests, after which the log has no warning and no error.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (command, args, options = {}) => spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
const programs = readdirSync(join(root, 'test/clients'))
  .filter(name => name.endsWith('.test.ts'))
  .map(name => name.replace('.test.ts', ''))
const tests = { replays: 'test/replays', mixed: 'test/replays/mixed.test.ts' }
const names = [...programs, 'replays', 'mixed']

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !names.includes(name))
if (unknown.length) {
  console.error(`There is no client ${unknown.join(', ')}; there are ${names.join(', ')}.`)
  process.exit(2)
}
const chosen = asked.length ? asked : names

if (run(process.execPath, ['scripts/build.mjs', '--tests']).status !== 0) process.exit(1)
const fromPyPi = ['owslib', 'owslib-features', 'times', 'data-tools']
if (
  chosen.some(name => fromPyPi.includes(name)) &&
  run('scripts/python-clients.sh', [], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0
)
  console.error('The clients from PyPI could not be installed.')

const folder = mkdtempSync(join(tmpdir(), 'arpent-clients-'))
const rows = []
const world = await startWorld(join(folder, 'data'))
try {
  for (const name of chosen) {
    const output = join(folder, `${name}.tap`)
    const started = Date.now()
    const test = tests[name] ?? `test/clients/${name}.test.ts`
    console.log(name)
    const env = { ...process.env, ARPENT_TEST_WORLD: world.address, ...(name === 'mixed' && { ARPENT_TEST_REQUESTS: '10000' }) }
    const { status } = run(process.execPath, ['scripts/run-tests.mjs', test, '--reporter=silent', `--output-file=${output}`], { env })
    const tap = readFileSync(output, 'utf8')
    for (const fault of faultsOf(tap)) console.log(fault)
    rows.push({ name, status, seconds: (Date.now() - started) / 1000, ...summaryOf(tap) })
  }
} finally {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
}

console.log(`\n${'client'.padEnd(14)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'seconds'.padStart(9)}`)
for (const { name, passed, failed, skipped, seconds } of rows) {
  console.log(`${name.padEnd(14)}${String(passed).padStart(8)}${String(failed).padStart(8)}${seconds.toFixed(1).padStart(9)}`)
  for (const reason of skipped) console.log(`  skipped: ${reason}`)
}
const sum = key => rows.reduce((total, row) => total + row[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exit(rows.every(({ status }) => status === 0) && sum('passed') > 0 ? 0 : 1)

/** Counts of a TAP document, and what was skipped and why. */
function summaryOf(tap) {
  const summary = tap.match(/^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?.*\}$/m)
  const skipped = [...tap.matchAll(/^\s*ok \d+ - (.*?) # SKIP ?(.*)$/gm)].map(([, name, reason]) => `${name}${reason ? `: ${reason}` : ''}`)
  return { passed: Number(summary?.[2] ?? 0), failed: Number(summary?.[3] ?? 0), skipped }
}

/** What failed in a TAP document, each with the difference it tells. */
function faultsOf(tap) {
  const blocks = [...tap.matchAll(/^( *)not ok \d+ - [^\n]*(?:\n\1 {2}---\n.*?\n\1 {2}\.\.\.)?$/gms)].map(([block]) => block)
  return blocks.filter(block => !/isToplevel|not ok \d+ - \.build/.test(block)).map(block => block.replace(/\n *at:\n.*/s, ''))
}

/** The built server over what clients look at, for all tests that do not want one of their own; stopped with this process. */
async function startWorld(data) {
  const args = ['dist/main.js', 'serve', '--config', 'test/clients/world/arpent.yaml', '--port', '0', '--data', data]
  const env = { ...process.env, ARPENT_TRUST_PROXY: '127.0.0.1', ARPENT_LOG: 'error', DATABASE_URL: '' }
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill())
  let output = ''
  const address = await new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`The server ended with ${code}: ${output}`)))
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
      const found = output.match(/http:\/\/[^\s/]+:(\d+)\s/)
      if (found) resolve(`http://127.0.0.1:${found[1]}`)
    })
  })
  return {
    address,
    stop: () => {
      child.kill()
      return ended
    },
  }
}
