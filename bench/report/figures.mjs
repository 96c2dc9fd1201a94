import { median } from '../support/measure.mjs'

/**
 * What the rounds of one cell of the table say: medians, and the ratio to a rival round by round, with its range. `noise` is half the range of the
 * requests per second over their median.
 */
export function figuresOf(result, workload, server, concurrency) {
  const cells = result.cells.filter(cell => cell.workload === workload && cell.server === server && cell.concurrency === concurrency)
  if (cells.length === 0) return undefined
  const middle = name => median(cells.map(cell => cell[name]))
  const all = cells.map(({ perSecond }) => perSecond)
  const perSecond = middle('perSecond')
  const costs = cells.map(({ cpu, databaseCpu }) => cpu + (databaseCpu ?? 0))
  return {
    perSecond,
    cpuNoise: (Math.max(...costs) - Math.min(...costs)) / 2 / median(costs),
    noise: (Math.max(...all) - Math.min(...all)) / 2 / perSecond,
    least: Math.min(...all),
    most: Math.max(...all),
    ...Object.fromEntries(['p50', 'p99', 'cpu', 'databaseCpu'].map(name => [name, middle(name)])),
    rounds: new Map(cells.map(cell => [cell.round, cell.perSecond])),
  }
}

/** Ratio of two servers, taken per round: `{ ratio, least, most }`. */
export function ratioOf(ours, theirs) {
  const ratios = [...ours.rounds]
    .filter(([round]) => theirs.rounds.get(round) > 0)
    .map(([round, perSecond]) => perSecond / theirs.rounds.get(round))
  return { ratio: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

export const serversOf = (result, workload) => [
  ...new Set(result.cells.filter(cell => cell.workload === workload).map(({ server }) => server)),
]
export const workloadsOf = result => [...new Set(result.cells.map(({ workload }) => workload))]
export const concurrenciesOf = (result, workload) => [
  ...new Set(result.cells.filter(cell => cell.workload === workload).map(({ concurrency }) => concurrency)),
]

/** The fastest server that is not Arpent; undefined where none answered. */
export function rivalOf(result, workload, concurrency) {
  const speed = server => figuresOf(result, workload, server, concurrency)?.perSecond ?? 0
  const others = serversOf(result, workload).filter(server => server !== 'arpent' && speed(server) > 0)
  return others.sort((a, b) => speed(b) - speed(a))[0]
}
