// Prints "N passed, N failed" from the TAP output of a run, counting assertions of every file; fails when nothing ran or something failed.
import { readFileSync } from 'node:fs'

const text = readFileSync(process.argv[2], 'utf8')
const summary = text.match(/^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?.*\}$/m)
const skipped = [...text.matchAll(/^\s*ok \d+ - (.*) # SKIP ?(.*)$/gm)].map(([, name, reason]) => `${name}${reason ? `: ${reason}` : ''}`)
for (const line of skipped) console.log(`skipped: ${line}`)
const [passed, failed] = [Number(summary?.[2] ?? 0), Number(summary?.[3] ?? 0)]
console.log(`${passed} passed, ${failed} failed`)
process.exit(passed > 0 && failed === 0 ? 0 : 1)
