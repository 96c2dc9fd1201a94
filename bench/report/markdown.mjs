import { row } from '../support/measure.mjs'
import { concurrenciesOf, figuresOf, ratioOf, rivalOf, serversOf, workloadsOf } from './figures.mjs'

/** The tables of a result. */
export function markdownOf(result) {
  const lines = [
    `${result.isUnfinished ? '**Unfinished** run' : 'Run'} of ${result.when.slice(0, 16).replace('T', ' ')} UTC: \`npm run bench${result.plan.command ? ` -- ${result.plan.command}` : ''}\`, ${result.plan.rounds} rounds of ${result.plan.seconds} s a server, alternated; ${result.machine.cores} cores (${result.machine.processor}), ${result.machine.node}; load ${number(result.machine.loadAtStart)} before, ${number(result.machine.loadAtEnd ?? Number.NaN)} after; ${result.plan.world}.`,
    '',
  ]
  for (const [server, version] of Object.entries(result.versions))
    lines.push(`* ${result.titles[server]} ${version}${result.settings[server] ? `: ${result.settings[server]}` : ''}`)
  for (const [title, why] of Object.entries(result.absent)) lines.push(`* **absent**: ${title}: ${why}`)
  if (result.cells.length > 0) lines.push('', ...speed(result), '', ...cost(result))
  if (result.growth) lines.push('', ...growth(result))
  if (result.limits.length > 0) lines.push('', ...limits(result))
  if (result.facts.length > 0) lines.push('', ...result.facts.map(({ workload, text }) => `* ${title(result, workload)}: ${text}`))
  if (Object.keys(result.memory).length > 0) lines.push('', ...memory(result))
  if (Object.keys(result.checks).length > 0) lines.push('', ...checks(result))
  if (result.failures.length > 0)
    lines.push('', '**Failures**', '', ...result.failures.map(failure => `* ${failure.replace(/\s+/g, ' ').slice(0, 400)}`))
  return `${lines.join('\n')}\n`
}

const number = value => (!Number.isFinite(value) ? '' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2))
const title = (result, name) => result.plan.titles?.[name] ?? name

function speed(result) {
  const servers = [...new Set(result.cells.map(({ server }) => server))]
  const head = [
    'requests/s (import: rows/s)',
    'c',
    ...servers.map(server => result.titles[server]),
    'Arpent / the fastest other',
    'range over rounds',
    'noise',
  ]
  const lines = [row(head), row(head.map(() => '---'))]
  for (const workload of workloadsOf(result))
    for (const concurrency of concurrenciesOf(result, workload)) {
      const of = server => figuresOf(result, workload, server, concurrency)
      const [ours, rival] = [of('arpent'), rivalOf(result, workload, concurrency)]
      const ratio = ours && rival ? ratioOf(ours, of(rival)) : undefined
      lines.push(
        row([
          title(result, workload),
          concurrency,
          ...servers.map(server =>
            of(server) ? number(of(server).perSecond) : result.notThere[workload]?.includes(server) ? 'not there' : '',
          ),
          ratio ? `**${ratio.ratio.toFixed(2)}** (${result.titles[rival]})` : '',
          ratio ? `${ratio.least.toFixed(2)} – ${ratio.most.toFixed(2)}` : '',
          ours ? `±${Math.round(ours.noise * 100)} %` : '',
        ]),
      )
    }
  return lines
}

function cost(result) {
  const head = ['at c = 1', 'server', 'p50 ms', 'p99 ms', 'ms of processor a request', 'of PostgreSQL', 'the other / Arpent, both added']
  const lines = [row(head), row(head.map(() => '---'))]
  for (const workload of workloadsOf(result))
    for (const server of serversOf(result, workload)) {
      const { p50, p99, cpu, databaseCpu } = figuresOf(result, workload, server, 1) ?? {}
      const ours = figuresOf(result, workload, 'arpent', 1)
      const share = server !== 'arpent' && ours ? (cpu + databaseCpu) / (ours.cpu + ours.databaseCpu) : Number.NaN
      if (p50 !== undefined)
        lines.push(
          row([
            title(result, workload),
            result.titles[server],
            number(p50),
            number(p99),
            number(cpu * 1000),
            number(databaseCpu * 1000),
            number(share),
          ]),
        )
    }
  return lines
}

function growth(result) {
  const head = ['growth', 'server', 'ms (p50) at each size', 'exponent', 'ms of processor (with PostgreSQL) at each size', 'exponent']
  const lines = [row(head), row(head.map(() => '---'))]
  const list = (points, of) => points.map(point => `${point.size.toLocaleString('en')}: ${number(of(point))}`).join('; ')
  for (const { workload, server, points, exponent, cpuExponent } of result.growth) {
    const cells = [
      list(points, ({ p50 }) => p50),
      exponent.toFixed(2),
      list(points, ({ cpu, databaseCpu }) => (cpu + databaseCpu) * 1000),
      cpuExponent.toFixed(2),
    ]
    lines.push(row([title(result, workload), result.titles[server], ...cells]))
  }
  return lines
}

function limits(result) {
  const head = ['limit', 'workload', 'c', 'per second', 'Arpent is slower by', 'ms of processor']
  const lines = [row(head), row(head.map(() => '---'))]
  for (const { workload, title: what, concurrency, perSecond, cpu } of result.limits) {
    const ours = figuresOf(result, workload, 'arpent', concurrency)
    lines.push(
      row([
        what,
        title(result, workload),
        concurrency,
        number(perSecond),
        ours ? `${(perSecond / ours.perSecond).toFixed(1)} x` : '',
        number(cpu * 1000),
      ]),
    )
  }
  return lines
}

function memory(result) {
  const lines = [row(['MB of memory of their own', 'at rest', 'most', 'after']), row(['---', '---', '---', '---'])]
  for (const [server, { rest, peak, after }] of Object.entries(result.memory))
    lines.push(row([result.titles[server], number(rest), number(peak), number(after ?? Number.NaN)]))
  return lines
}

function checks(result) {
  const servers = Object.keys(result.versions).filter(server => server !== 'ogr2ogr')
  const lines = [
    row(['PSNR to the reference, dB (the worst of the sample)', 'more than', ...servers.map(server => result.titles[server])]),
    row(['---', '---', ...servers.map(() => '---')]),
  ]
  for (const [workload, found] of Object.entries(result.checks))
    lines.push(
      row([
        title(result, workload),
        number(Math.max(...Object.values(found).map(({ needed }) => needed ?? 0))),
        ...servers.map(server => (found[server]?.psnr ? `${found[server].psnr.toFixed(0)}${found[server].ok ? '' : ' wrong'}` : '')),
      ]),
    )
  return lines
}
