import { parseArgs } from 'node:util'
import { type Finding, fuzz, type Report } from './fuzz.js'
import { replay } from './replay.js'
import { type Invariant, invariants, type Target } from './target.js'
import { targets } from './targets.js'

const usage = `usage: npm run fuzz -- TARGET… | all [--seconds N] [--seed S] [--cases N]
       npm run fuzz -- --ci    every target: its regression files, then its fixed number of cases
${targets.map(({ name, title, cases }) => `  ${name.padEnd(12)}${title} (${cases} cases in CI)`).join('\n')}`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      cases: { type: 'string' },
      ci: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const isAll = values.ci || positionals.includes('all')
  const chosen = isAll ? targets : targets.filter(({ name }) => positionals.includes(name))
  const unknown = positionals.filter(name => name !== 'all' && !targets.some(target => target.name === name))
  const wrong = (['seconds', 'seed', 'cases'] as const).filter(name => values[name] !== undefined && !(Number(values[name]) > 0))
  if (chosen.length === 0 || unknown.length > 0 || wrong.length > 0) {
    if (unknown.length > 0) console.error(`There is no target ${unknown.join(', ')}.`)
    if (wrong.length > 0) console.error(`--${wrong.join(', --')} must be a number above 0.`)
    console.log(usage)
    return unknown.length + wrong.length > 0 ? 2 : 0
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds)
  const casesOf = (target: Target) => (values.cases ? Number(values.cases) : seconds ? Number.POSITIVE_INFINITY : target.cases)

  const counts = { passed: 0, failed: 0 }
  const head = ['target', 'cases', 'kept', 'findings', 'MB more', 'seconds'].map((text, i) => (i ? text.padStart(9) : text.padEnd(12)))
  console.log(`${head.join('')}  answers`)
  for (const target of chosen) {
    const kept = await replay(target)
    for (const { file, fault } of kept) if (fault) console.log(`FAILED AGAIN ${file}: ${fault.invariant}: ${fault.message}`)
    const report = await fuzz(target, { seed: Number(values.seed), cases: casesOf(target), seconds })
    for (const finding of report.findings) printFinding(target, finding)
    console.log(line(report, kept.length))
    const broken = new Set(report.findings.map(({ invariant }) => invariant))
    const again = kept.filter(({ fault }) => fault).length
    counts.failed += broken.size + again
    counts.passed += Object.keys(invariants).length - broken.size + kept.length - again
  }
  console.log(`\nOf each target: ${Object.keys(invariants).length} invariants over all its cases, and the files kept in fixtures/fuzz.`)
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed > 0 ? 1 : 0
}

function line({ target, cases, verdicts, findings, grown, seconds }: Report, kept: number): string {
  const cells = [cases, kept, findings.length, Math.round(grown), seconds.toFixed(1)].map(cell => String(cell).padStart(9))
  const answers = [...verdicts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([verdict, count]) => `${verdict} ${count}`)
  return `${target.padEnd(12)}${cells.join('')}  ${answers.join(', ')}`
}

function printFinding(target: Target, { invariant, message, of, file }: Finding): void {
  console.log(
    `FOUND ${target.name} ${of}: ${invariant} (${invariants[invariant as Invariant]})\n      ${message.replaceAll('\n', '\n      ')}`,
  )
  if (file) console.log(`      kept as ${file}`)
}

// what runs and lies about goes with this process
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

process.exitCode = await main().catch(error => {
  console.error(error)
  return 1
})
