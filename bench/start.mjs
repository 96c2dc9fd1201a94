// First and second start over a folder, embedded database: seconds and memory of the process.
// node bench/start.mjs ../shared/data/demo [--rounds 3]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { get, median, row } from './support/measure.mjs'
import { startArpent } from './support/server.mjs'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '3' } } })
const starts = { first: [], second: [] }
for (let round = 0; round < Number(values.rounds); round++) {
  const data = mkdtempSync(join(tmpdir(), 'arpent-bench-'))
  try {
    for (const which of ['first', 'second']) {
      const server = await startArpent(positionals, { data })
      const ready = server.memory()
      await get(`${server.address}/wms?service=WMS&request=GetCapabilities`)
      const stopping = performance.now()
      starts[which].push({ ...server.started, ready: ready.now, peak: ready.peak })
      const code = await server.stop()
      if (code !== 0) throw new Error(`exit code ${code}: ${server.output.stderr}`)
      starts[which].at(-1).stop = (performance.now() - stopping) / 1000
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}
console.log(row(['start', 's until ready', 's of processor', 'MB when ready', 'MB at most', 's to stop']))
console.log(row(['---', '---', '---', '---', '---', '---']))
for (const [which, all] of Object.entries(starts)) {
  const of = (name, digits) => {
    const figures = all.map(start => start[name])
    return `${median(figures).toFixed(digits)} (${Math.min(...figures).toFixed(digits)} – ${Math.max(...figures).toFixed(digits)})`
  }
  console.log(row([which, of('wall', 1), of('processor', 1), of('ready', 0), of('peak', 0), of('stop', 1)]))
}
