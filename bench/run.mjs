// Rounds over workloads: servers alternate (A B C, C B A, …), each answer checked first, each figure kept with its round.
import { spawnSync } from 'node:child_process'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { checkAnswers, prepareCheck } from './check/check-answers.mjs'
import { bareKernels, bareWarp, copyBinary, startFastifyLimit, startNginxLimit } from './limits.mjs'
import { load } from './load/generator.mjs'
import { costOf } from './load/processes.mjs'
import { calibration, get } from './support/measure.mjs'

/**
 * Runs and returns the result as plain data: `{ machine, versions, absent, settings, plan, cells, limits, memory, failures }`. A cell is one measurement:
 * `{ workload, server, concurrency, round, perSecond, p50, p99, cpu, databaseCpu, requests, wrong }`, `cpu` being processor seconds per request.
 */
export async function runBench(world, peers, plan, { cleanup, say }) {
  const wanted = world.workloads.filter(
    ({ name }) => plan.workloads.length === 0 || plan.workloads.some(word => isMeant(word, name, world)),
  )
  const result = {
    when: new Date().toISOString(),
    plan,
    machine: machine(),
    versions: {},
    settings: {},
    absent: {},
    titles: {},
    cells: [],
    checks: {},
    limits: [],
    memory: {},
    failures: [],
  }
  const present = []
  for (const peer of peers) {
    result.titles[peer.name] = peer.title
    const { version, absent } = await peer.check()
    if (absent) result.absent[peer.title] = absent
    else {
      result.versions[peer.name] = version
      result.settings[peer.name] = peer.settings
      present.push(peer)
    }
    say(`${peer.title}: ${version ?? absent}`)
  }
  const context = { world, plan, cleanup, say, result, present }
  await maps(
    context,
    wanted.filter(({ kind }) => kind === 'map'),
  )
  for (const workload of wanted) {
    if (workload.kind === 'cold') await cold(context, workload)
    if (workload.kind === 'start') await starts(context, workload)
    if (workload.kind === 'capabilities') await capabilities(context, workload)
    if (workload.kind === 'import') imports(context, workload)
  }
  return result
}

/** A whole name means that workload, the beginning of names all of them. */
const isMeant = (word, name, { workloads }) => (workloads.some(one => one.name === word) ? name === word : name.startsWith(word))
const layersOf = ({ workloads }) => [...new Map(workloads.filter(({ layer }) => layer).map(({ layer }) => [layer.name, layer])).values()]
/** A B C, then C B A: who comes after whom changes. */
const alternated = (list, round) => (round % 2 === 0 ? list : [...list].reverse())

async function maps(context, wanted) {
  if (wanted.length === 0) return
  const { world, plan, cleanup, say, result } = context
  const servers = await startAll(context, peer => peer.start(world, { cleanup, layers: layersOf(world) }))
  const folder = cleanup.folder('check')
  for (const { peer, server } of servers) result.memory[peer.name] = { rest: costOf(server.pid).rss, peak: 0 }
  for (const workload of wanted) {
    const right = await checked(context, workload, servers, folder)
    const names = new Map(right.map(({ peer, server }) => [peer.name, server]))
    // Everything has been asked for by every process: pages and blocks are in memory, code is compiled.
    for (const server of names.values())
      await load({ ...loadOf(server, workload), concurrency: 4, seconds: Math.max(6, plan.seconds), most: workload.requests.length * 4 })
    for (const concurrency of plan.concurrency)
      for (let round = 0; round < plan.rounds; round++)
        for (const name of alternated([...names.keys()], round)) {
          const cell = await measured(context, names.get(name), workload, { concurrency, round })
          result.cells.push({ workload: workload.name, server: name, concurrency, round, ...cell })
          result.memory[name].peak = Math.max(result.memory[name].peak, costOf(names.get(name).pid).rss)
        }
    await limitsOf(context, workload, right[0])
    say(summary(result, workload.name))
  }
  await new Promise(resolve => setTimeout(resolve, 2000))
  for (const { peer, server } of servers) {
    result.memory[peer.name].after = costOf(server.pid).rss
    await server.stop()
  }
}

async function startAll({ present, result, say }, start) {
  const servers = []
  for (const peer of present)
    try {
      const server = await start(peer)
      if (server) servers.push({ peer, server })
    } catch (error) {
      result.failures.push(`${peer.title} did not start: ${error.message.slice(0, 1000)}`)
      say(result.failures.at(-1))
    }
  return servers
}

async function checked({ world, result, say }, workload, servers, folder) {
  const prepared = await prepareCheck(world, workload, folder)
  const right = []
  result.checks[workload.name] ??= {}
  for (const one of servers) {
    const check = await checkAnswers(one.server, workload, prepared)
    result.checks[workload.name][one.peer.name] = check
    if (check.ok) right.push(one)
    else {
      result.failures.push(`${one.peer.title} answers ${workload.name} wrong: ${check.why}`)
      say(result.failures.at(-1))
    }
  }
  return right
}

function loadOf(server, workload) {
  server.paths ??= new Map()
  if (!server.paths.has(workload)) {
    const paths = workload.requests.map(request => server.mapPath(workload, request))
    server.paths.set(workload, paths)
  }
  return { port: server.port, paths: server.paths.get(workload), mediaType: workload.requests[0].mediaType }
}

async function measured({ world, plan, result, say }, server, workload, { concurrency, round, most, seconds = plan.seconds }) {
  const before = [costOf(server.pid).cpu, costOf(world.postgres.pid).cpu]
  const run = await load({ ...loadOf(server, workload), concurrency, seconds, most, first: most ? 0 : round * 61 })
  const requests = Math.max(1, run.requests)
  if (run.wrong > 0) {
    result.failures.push(`${workload.name}: ${run.wrong} wrong answers of ${run.requests}, the first ${run.firstWrong}`)
    say(result.failures.at(-1))
  }
  const { perSecond, p50, p99, wrong } = run
  const cpu = (costOf(server.pid).cpu - before[0]) / requests
  const databaseCpu = (costOf(world.postgres.pid).cpu - before[1]) / requests
  return {
    perSecond: wrong > 0 ? 0 : perSecond,
    p50,
    p99,
    cpu,
    databaseCpu,
    requests: run.requests,
    wrong,
    bytes: Math.round(run.bytes / requests),
  }
}

async function limitsOf({ world, plan, cleanup, result }, workload, first) {
  if (!first) return
  const isVector = workload.layer.type !== 'raster'
  const { body } = await get(`http://127.0.0.1:${first.server.port}${first.server.mapPath(workload, workload.requests[0])}`)
  const mediaType = workload.requests[0].mediaType
  for (const start of [startNginxLimit, startFastifyLimit]) {
    const limit = await start(cleanup, body, mediaType)
    if (!limit) continue
    const { perSecond } = await load({ port: limit.port, paths: [limit.path], mediaType, concurrency: 1, seconds: plan.seconds })
    result.limits.push({ workload: workload.name, title: limit.title, concurrency: 1, perSecond })
    await limit.stop()
  }
  if (!isVector) {
    result.limits.push({
      workload: workload.name,
      title: 'bare kernels: warp and JPEG, pixels in memory',
      concurrency: 1,
      perSecond: await bareWarp(world, workload, { seconds: plan.seconds }),
    })
    return
  }
  result.limits.push({
    workload: workload.name,
    title: 'COPY BINARY of the same rows',
    concurrency: 1,
    perSecond: await copyBinary(world, workload, { concurrency: 1, seconds: plan.seconds }),
  })
  result.limits.push({
    workload: workload.name,
    title: 'bare kernels: draw and PNG, rows in memory',
    concurrency: 1,
    perSecond: await bareKernels(world, workload, { seconds: plan.seconds }),
  })
}

/** Restarted before each round; every request needs what nobody has decoded. */
async function cold(context, workload) {
  const { world, plan, cleanup, result, say } = context
  let right
  for (let round = 0; round < plan.rounds; round++)
    for (const peer of alternated(right ?? context.present, round)) {
      const [one] = await startAll({ ...context, present: [peer] }, () => peer.start(world, { cleanup, layers: layersOf(world) }))
      if (!one) continue
      const cell = await measured(context, one.server, workload, { concurrency: 1, round, most: workload.requests.length, seconds: 60 })
      if (round === 0) {
        const [good] = await checked(context, workload, [one], cleanup.folder('check'))
        if (!good) cell.perSecond = 0
      }
      result.cells.push({ workload: workload.name, server: peer.name, concurrency: 1, round, ...cell })
      await one.server.stop()
    }
  say(summary(result, workload.name))
}

async function starts(context, workload) {
  const { world, plan, cleanup, result, say, present } = context
  for (let round = 0; round < plan.rounds; round++)
    for (const peer of alternated(present, round)) {
      const began = performance.now()
      const [one] = await startAll({ ...context, present: [peer] }, () => peer.start(world, { cleanup, layers: layersOf(world) }))
      if (!one) continue
      // What prepares a peer's files is no part of its start.
      const seconds = one.server.startedIn ?? (performance.now() - began) / 1000
      const { cpu, rss } = costOf(one.server.pid)
      result.cells.push({
        workload: workload.name,
        server: peer.name,
        concurrency: 1,
        round,
        perSecond: 1 / seconds,
        p50: seconds * 1000,
        p99: seconds * 1000,
        cpu,
        databaseCpu: 0,
        rss,
        requests: 1,
        wrong: 0,
      })
      await one.server.stop()
    }
  say(summary(result, workload.name))
}

async function capabilities(context, workload) {
  const { world, plan, cleanup, result, say } = context
  const servers = await startAll(context, peer => peer.start(world, { cleanup, count: workload.count }))
  const right = []
  for (const { peer, server } of servers) {
    const { body } = await get(`http://127.0.0.1:${server.port}${server.capabilitiesPath}`)
    const found = body.toString().match(/<Name>layer_\d+<\/Name>/g)?.length ?? 0
    if (found === workload.count) right.push({ peer, server: { ...server, paths: new Map([[workload, [server.capabilitiesPath]]]) } })
    else result.failures.push(`${peer.title} lists ${found} of ${workload.count} layers`)
  }
  const asked = { ...workload, requests: [{ mediaType: 'xml' }] }
  for (const { server } of right) {
    server.paths.set(asked, [server.capabilitiesPath])
    await load({ ...loadOf(server, asked), concurrency: 1, seconds: plan.seconds, most: 20 })
  }
  for (const concurrency of plan.concurrency)
    for (let round = 0; round < plan.rounds; round++)
      for (const { peer, server } of alternated(right, round)) {
        const cell = await measured(context, server, asked, { concurrency, round })
        result.cells.push({ workload: workload.name, server: peer.name, concurrency, round, ...cell })
      }
  for (const { server } of servers) await server.stop()
  say(summary(result, workload.name))
}

/** The program of its own that compares imports with ogr2ogr, in turns and on the same file. */
function imports({ world, plan, result, say }, workload) {
  const script = fileURLToPath(new URL('./import-vs-ogr2ogr.mjs', import.meta.url))
  const run = spawnSync(process.execPath, [script, String(world.importRows), String(Math.min(3, plan.rounds))], {
    encoding: 'utf8',
    env: { ...process.env, ARPENT_TEST_DATABASE_URL: world.postgres.url },
  })
  if (run.status !== 0) {
    result.failures.push(`import against ogr2ogr: ${(run.stderr || String(run.error)).slice(0, 500)}`)
    return
  }
  Object.assign(result.titles, { ogr2ogr: 'ogr2ogr' })
  result.versions.ogr2ogr = run.stdout.match(/GDAL ([\d.]+)/)?.[1]
  for (const [, round, ours, theirs] of run.stdout.matchAll(/round (\d+): Arpent ([\d.]+) s, ogr2ogr ([\d.]+) s/g))
    for (const [server, seconds] of [
      ['arpent', Number(ours)],
      ['ogr2ogr', Number(theirs)],
    ])
      result.cells.push({
        workload: workload.name,
        server,
        concurrency: 1,
        round: Number(round) - 1,
        perSecond: world.importRows / seconds,
        p50: seconds * 1000,
        p99: seconds * 1000,
        cpu: Number.NaN,
        databaseCpu: Number.NaN,
        requests: 1,
        wrong: 0,
      })
  say(summary(result, workload.name))
}

function summary({ cells, titles }, name) {
  const of = cells.filter(({ workload }) => workload === name)
  const servers = [...new Set(of.map(({ server }) => server))]
  return `${name}: ${servers.map(server => `${titles[server]} ${[...new Set(of.map(({ concurrency }) => concurrency))].map(c => middle(of.filter(cell => cell.server === server && cell.concurrency === c).map(({ perSecond }) => perSecond)).toPrecision(3)).join(' / ')}`).join(', ')}`
}

const middle = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

function machine() {
  const all = cpus()
  return {
    cores: all.length,
    processor: all[0]?.model,
    system: `Linux ${release()}`,
    node: process.version,
    calibrationMilliseconds: calibration(),
  }
}
