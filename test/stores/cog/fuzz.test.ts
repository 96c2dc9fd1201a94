import t from 'tap'
import { fuzzSeeds, fuzzTiff } from './fuzz-tiff.js'

/** More cases, or other ones: ARPENT_FUZZ_CASES=1000000 ARPENT_FUZZ_FIRST=5000000. A failure names its case; that number alone shows it again. */
const cases = Number(process.env.ARPENT_FUZZ_CASES ?? 100_000)
const first = Number(process.env.ARPENT_FUZZ_FIRST ?? 1)

t.setTimeout(60_000 + cases * 5)

t.test(`${cases} damaged GeoTIFFs: pixels or a Problem, in bounded time and memory`, async t => {
  const report = await fuzzTiff(fuzzSeeds(), first, cases)
  t.same(report.failures, [])
  const { pixels, problems, slowestMilliseconds, mostBytes } = report
  t.equal(pixels + problems, cases, `the slowest took ${Math.round(slowestMilliseconds)} ms, the largest ${Math.round(mostBytes / 1e6)} MB`)
  t.ok(problems > cases / 4 && pixels > cases / 10, `${pixels} still gave pixels, ${problems} were refused`)
})
