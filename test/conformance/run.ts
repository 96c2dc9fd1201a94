import { parseArgs } from 'node:util'
import { failuresOf, runOfficial, skippedOf, untranscribed, withoutOfficial } from './official.js'
import { bless, type Expected, type Judged, judgeResults, readExpected } from './ratchet.js'
import { printFindings, printTable, type Row } from './report.js'
import { type Result, runEntries } from './run-suite.js'
import type { ConformanceServer, ServerStarter, Suite } from './suite.js'
import { suites } from './suites.js'

const schemaPrefix = 'schema: '
const officialPrefix = 'official: '

const usage = `usage: npm run conformance -- SUITE… | all [--bless] [--without-official]
suites: ${suites.map(({ id, title }) => `${id} (${title})`).join(', ')}
--bless             adds what passes for the first time to test/conformance/expected.json
--without-official  leaves the official suites alone, also where they are in the suite cache`

/** Every part of a suite, as rows of the table. */
async function runSuite(
  suite: Suite,
  server: ConformanceServer,
  expected: Expected | undefined,
  isOfficial: boolean,
): Promise<readonly Row[]> {
  const row = async (part: string, prefix: string, run: () => Promise<readonly Result[]>): Promise<Row> => {
    const started = performance.now()
    const results = await run().catch((error: Error): readonly Result[] => [
      { name: `${prefix}it can be run`, outcome: 'failed', message: error.message, asked: 0 },
    ])
    return {
      part: `${suite.id} ${part}`,
      judged: judgeResults(results, only(expected, prefix)),
      seconds: (performance.now() - started) / 1000,
    }
  }
  const absent = (part: string, why: string): Row => ({ part: `${suite.id} ${part}`, judged: [], absent: why, seconds: 0 })
  const { schemas } = suite
  const schemaRow =
    typeof schemas === 'string'
      ? absent('schemas', schemas)
      : await row('schemas', schemaPrefix, async () => runEntries(await schemas(server), schemaPrefix))
  const testRow = await row('transcription', '', async () => runEntries(await suite.tests(server)))
  const without = isOfficial ? withoutOfficial(suite) : 'not asked for'
  const officialRow = without
    ? absent('official suite', without)
    : await row('official suite', officialPrefix, () => official(suite, server, testRow.judged))
  return [schemaRow, testRow, officialRow]
}

/** The official suite's own verdicts, name by name, and whether the transcription says the same. */
async function official(suite: Suite, server: ConformanceServer, ours: readonly Judged[]): Promise<readonly Result[]> {
  const run = await runOfficial(suite, server)
  const failures = failuresOf(run)
  const skipped = skippedOf(run)
  const byName = new Map(ours.map(result => [result.name, result]))
  const missing = untranscribed(run, new Set([...byName.keys(), ...suite.groups]))
  const stricter = [...failures.keys()].filter(name => byName.get(name)?.outcome === 'passed')
  const compared: Result[] = [
    {
      name: `${officialPrefix}every test is transcribed`,
      outcome: missing.length ? 'failed' : 'passed',
      message: missing.join(', '),
      asked: 0,
    },
    {
      name: `${officialPrefix}what fails there fails here`,
      outcome: stricter.length ? 'failed' : 'passed',
      message: stricter.join(', '),
      asked: 0,
    },
  ]
  const verdicts = [...new Set(run.tests.map(({ name }) => name))].map((name): Result => {
    const [failure, skip] = [failures.get(name), skipped.get(name)]
    const outcome = failure !== undefined ? 'failed' : skip !== undefined ? 'void' : 'passed'
    return { name: officialPrefix + name, asked: 0, outcome, message: failure ?? skip }
  })
  console.log(`${suite.id} official suite ${run.version}: ${run.passed} passed, ${run.failed} failed, ${run.skipped} skipped`)
  return [...compared, ...verdicts]
}

/** What is expected of the part of a suite whose names begin with `prefix`. */
function only(expected: Expected | undefined, prefix: string): Expected | undefined {
  const belongs = (name: string) => (prefix ? name.startsWith(prefix) : !name.startsWith(schemaPrefix) && !name.startsWith(officialPrefix))
  const filtered = (reasons: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(reasons).filter(([name]) => belongs(name)))
  return expected && { passed: expected.passed.filter(belongs), red: filtered(expected.red), void: filtered(expected.void) }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { bless: { type: 'boolean' }, 'without-official': { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const wanted = positionals.includes('all') ? suites : suites.filter(({ id }) => positionals.includes(id))
  const unknown = positionals.filter(name => name !== 'all' && !suites.some(({ id }) => id === name))
  if (values.help || wanted.length === 0 || unknown.length > 0) {
    if (unknown.length > 0) console.error(`There is no suite ${unknown.join(', ')}.`)
    console.error(usage)
    return values.help ? 0 : 2
  }
  const expected = readExpected()
  const servers = new Map<ServerStarter, Promise<ConformanceServer>>()
  const stop = () => Promise.all([...servers.values()].map(server => server.then(({ stop }) => stop()).catch(() => {})))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(130)))
  const rows: Row[] = []
  const judged: Record<string, readonly Judged[]> = {}
  try {
    for (const suite of wanted) {
      if (suite.skip) {
        rows.push({ part: suite.id, judged: [], absent: suite.skip, seconds: 0 })
        continue
      }
      const server = servers.get(suite.server) ?? suite.server()
      servers.set(suite.server, server)
      const ofSuite = await runSuite(suite, await server, expected[suite.id], !values['without-official'])
      for (const row of ofSuite) printFindings(row)
      rows.push(...ofSuite)
      judged[suite.id] = ofSuite.flatMap(row => row.judged)
    }
  } finally {
    await stop()
  }
  console.log()
  const { passed, failed } = printTable(rows)
  if (values.bless) bless(expected, judged)
  const isLost = rows.some(row => row.judged.some(({ standing }) => standing === 'lost'))
  console.log(`\n${passed} passed, ${failed} failed`)
  return isLost || (failed > 0 && !values.bless) ? 1 : 0
}

process.exitCode = await main().catch(error => {
  console.error(error)
  return 1
})
