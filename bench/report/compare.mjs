import { row } from '../support/measure.mjs'
import { concurrenciesOf, figuresOf, ratioOf, rivalOf, serversOf, workloadsOf } from './figures.mjs'

/**
 * What moved between two results by more than the noise of both. Where a rival ran in both, Arpent's ratio to it is compared, which does not care
 * how busy the machine was; else requests per second. And processor time a request.
 */
export function compareResults(before, after) {
  const lines = [row(['workload', 'c', 'server', 'before', 'after', 'change', 'noise', '']), row(Array.from({ length: 8 }, () => '---'))]
  let moved = 0
  for (const workload of workloadsOf(after))
    for (const concurrency of concurrenciesOf(after, workload))
      for (const server of serversOf(after, workload)) {
        const rival = rivalOf(before, workload, concurrency)
        for (const measure of [measureOf, costOf]) {
          const pair = [before, after].map(result => measure(result, workload, server, concurrency, rival))
          if (pair.some(one => !one || !(one.value > 0))) continue
          const change = pair[1].value / pair[0].value - 1
          const noise = Math.hypot(pair[0].noise, pair[1].noise)
          const isMove = Math.abs(change) > noise
          if (isMove) moved++
          lines.push(
            row([
              workload,
              concurrency,
              `${after.titles[server]}${pair[1].unit}`,
              ...pair.map(({ value }) => value.toPrecision(3)),
              `${(change * 100).toFixed(0)} %`,
              `±${(noise * 100).toFixed(0)} %`,
              isMove ? (change > 0 === pair[1].isMoreBetter ? '**better**' : '**worse**') : '',
            ]),
          )
        }
      }
  return `${lines.join('\n')}\n\n${moved} moved by more than the noise.\n`
}

function measureOf(result, workload, server, concurrency, rival) {
  const figures = figuresOf(result, workload, server, concurrency)
  const other = server === 'arpent' && rival ? figuresOf(result, workload, rival, concurrency) : undefined
  if (!figures) return undefined
  if (!other) return { value: figures.perSecond, noise: figures.noise, unit: ' /s', isMoreBetter: true }
  const { ratio, least, most } = ratioOf(figures, other)
  return { value: ratio, noise: (most - least) / 2 / ratio, unit: ` / ${result.titles[rival]}`, isMoreBetter: true }
}

/** Processor time of a request, the database's with it: hardly moved by what else the machine does. */
function costOf(result, workload, server, concurrency) {
  const { cpu, databaseCpu, cpuNoise } = figuresOf(result, workload, server, concurrency) ?? {}
  return { value: (cpu + (databaseCpu ?? 0)) * 1000, noise: cpuNoise, unit: ' ms of processor', isMoreBetter: false }
}
