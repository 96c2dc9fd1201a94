import { fuzzSeeds, fuzzTiff } from './fuzz-tiff.js'

/** `node fuzz-run.js FIRST CASES`: the report as JSON. A process of its own, because test runners watch every promise, which takes longer than the reading. */
const [first, cases] = process.argv.slice(2).map(Number)
process.stdout.write(JSON.stringify(await fuzzTiff(fuzzSeeds(), first, cases)))
