// `count-tests.mjs FOLDER`: what the steps of a run did, from FOLDER: `steps` has a line `NAME KIND SECONDS STATUS PROCESSOR` for each. A step of kind `tap` wrote
// NAME.tap, one of kind `count` ended NAME.log with "N passed, N failed", one of kind `check` passes or fails as a whole, and one of kind `time` only took some. Says what was skipped,
// what failed and how, which files took longest; then the table, and "N passed, N failed". Exits 1 when something failed, or did not say what it did.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
const read = name => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
const seen = new Map()

const rows = read('steps')
  .split('\n')
  .filter(line => line)
  .map(line => {
    const [name, kind, seconds, status, processor = ''] = line.split(' ')
    const counted = { tap: countTap, count: countLog, check: () => ({}), time: () => ({ passed: 0 }) }[kind](name)
    const isBroken = status !== '0' && !counted.failed
    const faults = [...(counted.faults ?? []), ...(isBroken ? [`it ended with exit code ${status}`] : [])]
    const failed = (counted.failed ?? 0) + faults.length
    return {
      name,
      seconds: Number(seconds),
      processor: Number(processor),
      passed: counted.passed ?? (failed ? 0 : 1),
      failed,
      skipped: counted.skipped ?? 0,
      faults,
    }
  })

for (const { name, faults } of rows) {
  for (const fault of faults) console.log(`${name}: ${fault}`)
  if (faults.length) console.log(read(`${name}.log`).trimEnd().split('\n').slice(-40).join('\n'))
}

const cells = (...values) => console.log(values.map((value, i) => (i ? String(value).padStart(10) : value.padEnd(14))).join(''))
const sum = key => rows.reduce((all, row) => all + row[key], 0)
console.log()
cells('step', 'passed', 'failed', 'skipped', 'seconds', 'processor')
for (const { name, passed, failed, skipped, seconds, processor } of rows) cells(name, passed, failed, skipped, seconds, processor)
cells('all', sum('passed'), sum('failed'), sum('skipped'), sum('seconds'), sum('processor'))
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exit(rows.length > 0 && sum('failed') === 0 ? 0 : 1)

/** The assertions of all files of a TAP output; a file that another step ran, too, is a fault. */
function countTap(name) {
  const lines = read(`${name}.tap`).split('\n')
  const summary = lines.findLast(line => /^# \{ total: \d+/.test(line)) ?? ''
  const count = key => Number(summary.match(new RegExp(`${key}: (\\d+)`))?.[1] ?? 0)
  const skipped = lines.flatMap(line => {
    const found = line.match(/^\s*ok \d+ - (.*) # SKIP ?(.*)$/)
    return found
      ? [
          found
            .slice(1)
            .filter(text => text)
            .join(': '),
        ]
      : []
  })
  for (const what of skipped) console.log(`skipped: ${what}`)
  printFailures(lines)
  const faults = count('pass') === 0 ? ['it did not say how many passed'] : []
  const files = lines.flatMap(line => {
    const file = line.match(/^(?:not )?ok \d+ - \.build\/(test\/.*)\.js # time=([\d.]+)ms/)
    return file ? [{ file: file[1], seconds: Number(file[2]) / 1000 }] : []
  })
  for (const { file } of files) {
    if (seen.has(file)) faults.push(`${file} had been run by ${seen.get(file)}, too`)
    seen.set(file, name)
  }
  for (const { file, seconds } of files.sort((a, b) => b.seconds - a.seconds).slice(0, 8))
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${file}`)
  return { passed: count('pass'), failed: count('fail'), skipped: skipped.length, faults }
}

/** Each failed assertion with the difference it tells, without the frames around it. */
function printFailures(lines) {
  for (const [at, line] of lines.entries()) {
    const indent = line.match(/^(\s*)not ok /)?.[1]
    if (indent === undefined) continue
    const end = lines.findIndex((other, i) => i > at && other === `${indent}  ...`)
    console.log(lines.slice(at, Math.min(end < 0 ? at + 1 : end, at + 40)).join('\n'))
  }
}

/** What a log says of itself: the last "N passed, N failed". */
function countLog(name) {
  const log = read(`${name}.log`)
  const found = [...log.matchAll(/^(\d+) passed, (\d+) failed\s*$/gm)].at(-1)
  if (!found) return { passed: 0, faults: ['it did not say how many passed'] }
  const [passed, failed] = [Number(found[1]), Number(found[2])]
  if (failed > 0) console.log(`${name}:\n${log.trimEnd().split('\n').slice(-60).join('\n')}`)
  const skipped = [...log.matchAll(/^ *skipped: /gm)].length
  return { passed, failed, skipped, faults: passed + failed === 0 ? ['it ran nothing'] : [] }
}
