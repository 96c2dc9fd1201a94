import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** By how much a workload must fall before it counts: a busy machine alone moves it less. */
const fall = 0.6

/** Runs a program in the copy; red when its exit code says so. */
const byExitCode =
  (...args) =>
  async (run, copy) => {
    const { code, output } = await run(process.execPath, args, { cwd: copy })
    return { isRed: code !== 0, told: toldOf(output) }
  }

/** How each instrument is run on a copy of the project, and how it says red. `lacks`: why it cannot run here. */
export const instruments = {
  replays: { run: byExitCode('.build/test/replays/replays.test.js') },
  conformance: {
    lacks: shared => (existsSync(join(shared, 'data/conformance')) ? '' : 'the data of the suites are absent'),
    run: byExitCode('.build/test/conformance/run.js', 'wms13', '--without-official'),
  },
  'fuzz wms': { run: byExitCode('.build/test/fuzz/run.js', 'wms', '--cases', '800') },
  'fuzz ewkb': { run: byExitCode('.build/test/fuzz/run.js', 'ewkb') },
  bench: {
    lacks: () => (existsSync('/usr/lib/postgresql') ? '' : 'PostgreSQL is not installed'),
    /** Against the first run, which was of the sound server: red when the workload is slower by more than noise explains. */
    async run(run, copy, memory) {
      const args = [
        'bench/index.mjs',
        'png-light',
        '--quick',
        '--peers',
        'none',
        '--features',
        '2000',
        '--rounds',
        '3',
        '--out',
        join(copy, 'results'),
      ]
      const { code, output } = await run(process.execPath, args, { cwd: copy })
      const result = output.match(/Written: (\S+\.json)/)?.[1]
      if (code !== 0 || !result) return { isRed: true, told: toldOf(output) }
      memory.before ??= result
      const compared = await run(process.execPath, ['bench/index.mjs', 'compare', memory.before, result], { cwd: copy })
      // requests per second, before, after, change, noise: read by number, not by word
      const rows = [...compared.output.matchAll(/ \/s \|.*?\| (-?\d+) % \| ±(\d+) %/g)].map(([, change, noise]) => ({
        change: +change,
        noise: +noise,
      }))
      if (rows.length === 0) throw new Error(`bench compare tells no requests per second: ${compared.output}`)
      const falls = rows.filter(({ change, noise }) => change < -noise).map(({ change }) => change)
      const worst = Math.min(0, ...falls)
      return { isRed: worst <= -100 * fall, told: `${-worst} % fewer requests per second` }
    },
  },
}

/** The lines that say most: what was lost, found or failed, else the last one. */
function toldOf(output) {
  const lines = output.split('\n').filter(line => line.trim())
  const faults = lines.filter(line => /^(LOST|RED|FOUND|FAILED)|^\s*not ok /.test(line))
  const [first = lines.at(-1) ?? ''] = faults
  return `${first.trim().slice(0, 90)}${faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''}`
}
