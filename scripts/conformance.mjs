// `npm run conformance -- SUITE… | all [--bless]`: builds what is out of date, then runs the conformance suites (docs/conformance.md) from the
// project's folder. Exit code 0 when nothing is lost, 1 when something is, 2 on wrong use.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const child = spawn(process.execPath, ['.build/test/conformance/run.js', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
// the child stops its servers before it ends
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', code => process.exit(code ?? 1))
