// Says of the TAP output of a run what was skipped, what failed and how, which files took longest, and ends with "N passed, N failed": the assertions of
// every file, and what further logs (second argument on) end with in the same words. Exits 1 when something did not run or failed.
import { readFileSync } from 'node:fs'

const lines = readFileSync(process.argv[2], 'utf8').split('\n')
const summary = lines.findLast(line => /^# \{ total: \d+/.test(line)) ?? ''
const count = name => Number(summary.match(new RegExp(`${name}: (\\d+)`))?.[1] ?? 0)

for (const line of lines) {
  const skipped = line.match(/^\s*ok \d+ - (.*) # SKIP ?(.*)$/)
  if (skipped) console.log(`skipped: ${skipped[1]}${skipped[2] ? `: ${skipped[2]}` : ''}`)
}
for (const [at, line] of lines.entries()) {
  if (!/^\s*not ok /.test(line)) continue
  const indent = line.match(/^\s*/)[0]
  const end = lines.findIndex((other, i) => i > at && other === `${indent}  ...`)
  console.log(lines.slice(at, Math.min(end < 0 ? at + 1 : end, at + 40)).join('\n'))
}
const files = lines.flatMap(line => {
  const file = line.match(/^(?:not )?ok \d+ - \.build\/(test\/.*)\.js # time=([\d.]+)ms/)
  return file ? [{ name: file[1], seconds: Number(file[2]) / 1000 }] : []
})
for (const { name, seconds } of files.sort((a, b) => b.seconds - a.seconds).slice(0, 15))
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`)
const totals = [{ passed: count('pass'), failed: count('fail') }]
for (const log of process.argv.slice(3)) {
  const [, passed, failed] = readFileSync(log, 'utf8').match(/^(\d+) passed, (\d+) failed\s*$/m) ?? [log, 0, 1]
  totals.push({ passed: Number(passed), failed: Number(failed) })
}
const sum = name => totals.reduce((all, each) => all + each[name], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exit(totals.every(({ passed, failed }) => passed > 0 && failed === 0) ? 0 : 1)
