// What all kinds share: starting servers, checking what they answer, one timed measurement.
import { loadavg } from 'node:os'
import { checkAnswers, enoughLetters, lettersOf, prepareCheck } from '../check/check-answers.mjs'
import { load } from '../load/generator.mjs'
import { costOf, watchMemory } from '../load/processes.mjs'
import { hasWrk, loadByWrk } from '../load/wrk.mjs'
import { median } from '../support/measure.mjs'

/** A B C, then C B A: who comes after whom changes. */
export const alternated = (list, round) => (round % 2 === 0 ? list : [...list].reverse())

/** Starts each peer; one that does not start is a failure by name, and the others go on. A start may resolve to undefined: it takes no part. `[{ peer, server }]`. */
export async function startAll({ present, result, say }, start) {
  const servers = []
  for (const peer of present)
    try {
      const server = await start(peer)
      if (server) servers.push({ peer, server })
    } catch (error) {
      fail({ result, say }, `${peer.title} did not start: ${error.message.slice(0, 1000)}`)
    }
  return servers
}

export function fail({ result, say }, text) {
  result.failures.push(text)
  say(text)
}

/** Paths of a workload's requests on a server; undefined when it has none such. */
export function pathsOf(server, workload) {
  server.paths ??= new Map()
  if (!server.paths.has(workload)) {
    const paths = workload.requests.map(request => server.mapPath(workload, request))
    server.paths.set(workload, paths[0] && paths)
  }
  return server.paths.get(workload)
}

/** Those of the servers whose answers are right. A door that is not there (404 of a tile) is noted, and no failure. */
export async function checked(context, workload, servers) {
  const { world, result, cleanup } = context
  if (workload.layer.rule?.label) return checkedByLetters(context, workload, servers)
  const folder = cleanup.folder('check')
  const prepared = await prepareCheck(world, workload, folder)
  const right = []
  result.checks[workload.name] ??= {}
  for (const one of servers) {
    if (!pathsOf(one.server, workload)) continue
    const check = await checkAnswers(one.server, workload, prepared)
    result.checks[workload.name][one.peer.name] = check
    if (check.ok) right.push(one)
    else if (check.isNotThere) result.notThere[workload.name] = [...(result.notThere[workload.name] ?? []), one.peer.name]
    else fail(context, `${one.peer.title} answers ${workload.name} wrong: ${check.why}`)
  }
  return right
}

/** Those of the servers that write about as many labels as the one with the most. */
async function checkedByLetters(context, workload, servers) {
  const shares = enoughLetters(
    await lettersOf(
      servers.filter(({ server }) => pathsOf(server, workload)),
      workload,
    ),
  )
  const text = shares.map(({ one, share }) => `${one.peer.title} ${(share * 100).toFixed(2)} %`).join(', ')
  context.result.facts.push({ workload: workload.name, text: `ink of letters in the picture: ${text}` })
  for (const { one, ok } of shares) if (!ok) fail(context, `${one.peer.title} writes too few labels for ${workload.name}`)
  return shares.filter(({ ok }) => ok).map(({ one }) => one)
}

/** A folder of the run for small files. */
export function scratchOf(context) {
  context.scratch ??= context.cleanup.folder('scratch')
  return context.scratch
}

/** One measurement of a server: a cell without its workload, server, concurrency and round. */
export async function measured(context, { peer, server }, workload, { concurrency, round, most, seconds = context.plan.seconds }) {
  const { world, result } = context
  const cost = () => [costOf(server.pid).cpu, world.postgres ? costOf(world.postgres.pid).cpu : 0]
  const before = cost()
  const watch = watchMemory(server.pid)
  const paths = pathsOf(server, workload)
  const client = !most && hasWrk() ? loadByWrk : load
  const run = await client({
    port: server.port,
    paths,
    mediaType: workload.requests[0].mediaType,
    concurrency,
    seconds,
    most,
    first: most ? 0 : round * 61,
    folder: scratchOf(context),
  })
  const [cpu, databaseCpu] = cost().map((now, k) => (now - before[k]) / Math.max(1, run.requests))
  const peak = watch.stop()
  result.memory[peer.name] &&= { ...result.memory[peer.name], peak: Math.max(result.memory[peer.name].peak, peak) }
  if (run.wrong > 0)
    fail(context, `${peer.title}, ${workload.name}: ${run.wrong} wrong answers of ${run.requests}, the first ${run.firstWrong}`)
  const { perSecond, p50, p99, wrong, requests } = run
  return {
    perSecond: wrong > 0 ? 0 : perSecond,
    p50,
    p99,
    cpu,
    databaseCpu,
    requests,
    wrong,
    bytes: Math.round(run.bytes / Math.max(1, requests)),
    load: loadavg()[0],
  }
}

/** One line of the rounds of a workload, for the terminal. */
export function summary({ cells, titles, notThere }, name) {
  const of = cells.filter(({ workload }) => workload === name)
  const middle = (server, c) =>
    median(of.filter(cell => cell.server === server && cell.concurrency === c).map(({ perSecond }) => perSecond)).toPrecision(3)
  const levels = [...new Set(of.map(({ concurrency }) => concurrency))]
  const absent = (notThere[name] ?? []).map(server => `, ${titles[server]} not there`).join('')
  return `${name}: ${[...new Set(of.map(({ server }) => server))].map(server => `${titles[server]} ${levels.map(c => middle(server, c)).join(' / ')}`).join(', ')}${absent}`
}
