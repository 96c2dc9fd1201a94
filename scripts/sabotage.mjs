// `npm run sabotage [-- NAME…]`: proves the instruments. Each must be green on a copy of the built project and turn red on a copy that is broken on
// purpose (docs/hostile-input.md). The source and `dist/` are never touched; the copy is removed. Exit code 0 when all of them did, 2 on wrong use.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { breakages, broken } from './sabotage/breakages.mjs'
import { instruments } from './sabotage/instruments.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const shared = resolve(process.env.ARPENT_SHARED ?? join(root, '../shared'))
const asked = process.argv.slice(2)
const unknown = asked.filter(name => !breakages.some(breakage => breakage.name === name))
if (unknown.length > 0) {
  console.error(`There is no sabotage ${unknown.join(', ')}; there are ${breakages.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
const chosen = breakages.filter(({ name }) => asked.length === 0 || asked.includes(name))
if (spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1)
for (const breakage of chosen) broken(readFileSync(join(root, breakage.file), 'utf8'), breakage)

const copy = mkdtempSync(join(tmpdir(), 'arpent-sabotage-'))
let running
const clean = () => rmSync(copy, { recursive: true, force: true })
process.once('exit', clean)
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    running?.once('exit', () => process.exit(130))
    if (running) running.kill()
    else process.exit(130)
  })

for (const name of ['package.json', 'dist', '.build/test', 'bench', 'config', 'fixtures', 'scripts', 'test', 'web', 'docs'])
  cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const memory = {}
const greens = new Map()
const rows = []
for (const breakage of chosen) {
  const instrument = instruments[breakage.instrument]
  const lacks = instrument.lacks?.(shared)
  if (lacks) {
    rows.push({ breakage, standing: 'not tried', told: lacks })
    continue
  }
  if (!greens.has(breakage.instrument)) {
    console.log(`${breakage.instrument}, nothing broken`)
    greens.set(breakage.instrument, await instrument.run(run, copy, memory))
  }
  const sound = greens.get(breakage.instrument)
  console.log(`${breakage.instrument}, broken: ${breakage.what}`)
  const path = join(copy, breakage.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, broken(text, breakage))
  const sabotaged = await instrument.run(run, copy, memory)
  writeFileSync(path, text)
  // what a fuzz run found there would fail again in the next
  rmSync(join(copy, 'fixtures/fuzz'), { recursive: true, force: true })
  if (existsSync(join(root, 'fixtures/fuzz'))) cpSync(join(root, 'fixtures/fuzz'), join(copy, 'fixtures/fuzz'), { recursive: true })
  const standing = sound.isRed ? 'red before' : sabotaged.isRed ? 'seen' : 'NOT SEEN'
  rows.push({ breakage, standing, told: sound.isRed ? sound.told : sabotaged.told })
}

console.log(`\n${'sabotage'.padEnd(10)}${'instrument'.padEnd(13)}${''.padEnd(11)}what it says`)
for (const { breakage, standing, told } of rows)
  console.log(`${breakage.name.padEnd(10)}${breakage.instrument.padEnd(13)}${standing.padEnd(11)}${told}`)
const count = standing => rows.filter(row => standing.includes(row.standing)).length
const [passed, failed] = [count(['seen']), count(['NOT SEEN', 'red before'])]
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** Runs a program to its end: exit code and all it wrote. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    let output = ''
    running = spawn(command, args, {
      ...options,
      env: { ...process.env, ARPENT_SHARED: shared, ARPENT_TEST_WORLD: '', TAP_TIMEOUT: '600' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [running.stdout, running.stderr])
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    running.once('error', reject)
    running.once('close', code => {
      running = undefined
      resolve({ code, output })
    })
  })
}
