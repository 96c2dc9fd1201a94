// Runs tap over the compiled tests. Arguments that are folders or files below test/ narrow the run; the rest goes to tap.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tap = join(root, 'node_modules', '.bin', 'tap')
const tap_ = args => spawnSync(tap, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NO_COLOR: '1' } }).status ?? 1

if (!existsSync(join(root, '.tap'))) tap_(['build'])
const args = process.argv.slice(2)
const chosen = args.filter(arg => arg.startsWith('test/')).map(arg => `.build/${arg.replace(/\.ts$/, '.js')}`)
const files = (chosen.length ? chosen : ['.build/test']).map(path => (path.endsWith('.js') ? path : `${path}/**/*.test.js`))
process.exit(tap_([...args.filter(arg => !arg.startsWith('test/')), ...files]))
