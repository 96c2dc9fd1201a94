// Runs tap over the compiled tests. Arguments that are folders or files below test/ narrow the run, those with `!` before them are left out; the rest
// goes to tap.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// GDAL must not leave statistics beside the files it is asked about
const env = { ...process.env, NO_COLOR: '1', GDAL_PAM_ENABLED: 'NO' }
const tap = args => spawnSync(join(root, 'node_modules', '.bin', 'tap'), args, { cwd: root, stdio: 'inherit', env }).status ?? 1

if (!existsSync(join(root, '.tap'))) tap(['build'])
const args = process.argv.slice(2)
const pathOf = arg => arg.replace(/^!/, '').replace(/\/$/, '').replace(/\.ts$/, '.js')
const wanted = args.filter(arg => /^test\b/.test(arg)).map(pathOf)
const unwanted = args.filter(arg => arg.startsWith('!test/')).map(pathOf)
const isBelow = file => path => file === path || file.startsWith(`${path}/`)
const files = readdirSync(join(root, '.build', 'test'), { recursive: true, encoding: 'utf8' })
  .map(name => `test/${name}`)
  .filter(name => name.endsWith('.test.js') && !unwanted.some(isBelow(name)) && (wanted.length === 0 || wanted.some(isBelow(name))))
if (files.length === 0) {
  console.error(`There are no tests at ${args.join(' ')}.`)
  process.exit(2)
}
// tap would leave a core free; but some test always waits for something
const jobs = Math.min(16, availableParallelism() + 1)
process.exit(tap([`--jobs=${jobs}`, ...args.filter(arg => !/^!?test\b/.test(arg)), ...files.sort().map(name => `.build/${name}`)]))
