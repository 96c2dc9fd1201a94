// `npm run fuzz -- TARGET [--seconds N] [--seed S] [--cases N]`: builds what is out of date, then tries hostile input (docs/hostile-input.md) from the
// project's folder; without a target it lists them. Exit code 0 when everything held, 1 when something did not, 2 on wrong use.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const child = spawn(process.execPath, ['.build/test/fuzz/run.js', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', code => process.exit(code ?? 1))
