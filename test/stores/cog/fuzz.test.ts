import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import type { FuzzReport } from './fuzz-tiff.js'

/** More cases, or other ones: ARPENT_FUZZ_CASES=1000000 ARPENT_FUZZ_FIRST=5000000. A failure names its case; that number alone shows it again. */
const cases = Number(process.env.ARPENT_FUZZ_CASES ?? (process.env.ARPENT_TEST_EVERYTHING ? 100_000 : 20_000))
const first = Number(process.env.ARPENT_FUZZ_FIRST ?? 1)

t.setTimeout(900_000 + cases * 5)

t.test(`${cases} damaged GeoTIFFs: pixels or a Problem, in bounded time and memory`, async t => {
  const half = cases >> 1
  const [a, b] = await Promise.all([run(first, half), run(first + half, cases - half)])
  t.same([...a.failures, ...b.failures], [])
  const [pixels, problems] = [a.pixels + b.pixels, a.problems + b.problems]
  const slowest = Math.round(Math.max(a.slowestMilliseconds, b.slowestMilliseconds))
  const largest = Math.round(Math.max(a.mostBytes, b.mostBytes) / 1e6)
  t.equal(pixels + problems, cases, `the slowest took ${slowest} ms, the largest ${largest} MB`)
  t.ok(problems > cases / 4 && pixels > cases / 10, `${pixels} still gave pixels, ${problems} were refused`)
})

async function run(first: number, cases: number): Promise<FuzzReport> {
  const { stdout } = await promisify(execFile)(process.execPath, ['.build/test/stores/cog/fuzz-run.js', String(first), String(cases)])
  return JSON.parse(stdout) as FuzzReport
}
