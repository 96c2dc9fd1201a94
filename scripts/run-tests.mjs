// Runs tap over the compiled tests. Arguments that are folders or files below test/ narrow the run; the rest goes to tap.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// GDAL must not leave statistics beside the files it is asked about
const env = { ...process.env, NO_COLOR: '1', GDAL_PAM_ENABLED: 'NO' }
const tap = args => spawnSync(join(root, 'node_modules', '.bin', 'tap'), args, { cwd: root, stdio: 'inherit', env }).status ?? 1

if (!existsSync(join(root, '.tap'))) tap(['build'])
const args = process.argv.slice(2)
const isTest = arg => arg.startsWith('test/')
const chosen = args.filter(isTest).map(arg => `.build/${arg.replace(/\.ts$/, '.js')}`)
const files = (chosen.length ? chosen : ['.build/test']).map(path => (path.endsWith('.js') ? path : `${path}/**/*.test.js`))
process.exit(tap([...args.filter(arg => !isTest(arg)), ...files]))
