import { finished } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { checkFeatures, truthOf } from '../check/check-features.mjs'
import { load } from '../load/generator.mjs'
import { costOf } from '../load/processes.mjs'
import { figuresOf, ratioOf } from '../report/figures.mjs'
import { alternated, fail, measured, pathsOf, startAll, summary } from './rounds.mjs'

/** Some servers take a second for an answer, and only what is whole when time is up is counted. */
const leastSeconds = 4

/** Features of a box: servers, and beside them what PostgreSQL does itself, in the same rounds: GeoJSON by SQL, and the bare rows. */
export async function features(context, wanted) {
  const { world, plan, cleanup, result, say } = context
  const layers = [wanted[0].layer]
  const servers = await startAll(context, peer => peer.start(world, { cleanup, layers, ready: wanted }))
  for (const { peer, server } of servers) result.memory[peer.name] = { rest: costOf(server.pid).rss, peak: 0 }
  Object.assign(result.titles, { sql: 'bare SQL', copy: 'COPY BINARY' })
  Object.assign(result.settings, {
    sql: 'ST_AsGeoJSON(row) of PostGIS, put together by string_agg and read by one client over the unix socket',
    copy: 'the same columns, geometry as stored, by COPY BINARY over the unix socket, and nothing done with it',
  })
  result.versions.sql = result.versions.copy = 'as of the database'
  for (const workload of wanted) {
    const right = await checked(context, workload, servers)
    for (const { server } of right)
      await load({ port: server.port, paths: pathsOf(server, workload), mediaType: 'json', concurrency: 2, seconds: 60, most: 6 })
    const bare = [direct(world, workload, 'sql', bySql), direct(world, workload, 'copy', byCopy)]
    for (const concurrency of plan.concurrency.filter(c => c <= 16))
      for (let round = 0; round < plan.rounds; round++)
        for (const one of alternated([...right, ...bare], round)) {
          const cell = one.measure
            ? await one.measure({ concurrency, round, seconds: plan.seconds })
            : await measured(context, one, workload, { concurrency, round, seconds: Math.max(leastSeconds, plan.seconds) })
          result.cells.push({ workload: workload.name, server: one.peer.name, concurrency, round, ...cell })
        }
    addRatios(context, workload)
    say(summary(result, workload.name))
  }
  for (const { peer, server } of servers) {
    result.memory[peer.name].after = costOf(server.pid).rss
    await server.stop()
  }
}

async function checked(context, workload, servers) {
  const { world, result, say } = context
  const right = []
  for (const [k, request] of [workload.requests[0], workload.requests.at(-1)].entries()) {
    const truth = await truthOf(world, workload.layer, request)
    for (const one of servers) {
      if (!pathsOf(one.server, workload)) continue
      const check = await checkFeatures(one.server, workload, request, truth, one.peer.name === 'arpent')
      if (!check.ok) fail(context, `${one.peer.title} answers ${workload.name} wrong: ${check.why}`)
      else if (k === 0) right.push(one)
      else say(`${one.peer.title}: ${check.count} features, means of coordinates off by ${check.worst.toPrecision(2)} at most`)
      if (!check.ok && right.includes(one)) right.splice(right.indexOf(one), 1)
    }
  }
  result.facts.push({ workload: workload.name, text: 'features, vertices and coordinates of all answers were held against PostGIS' })
  return right
}

/** Arpent against each of the others, round by round. */
function addRatios({ result, plan }, { name }) {
  for (const server of new Set(result.cells.filter(cell => cell.workload === name && cell.server !== 'arpent').map(cell => cell.server))) {
    const texts = plan.concurrency.flatMap(concurrency => {
      const [ours, theirs] = [figuresOf(result, name, 'arpent', concurrency), figuresOf(result, name, server, concurrency)]
      if (!ours || !theirs) return []
      const { ratio, least, most } = ratioOf(ours, theirs)
      return [`${ratio.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}) at c = ${concurrency}`]
    })
    if (texts.length > 0) result.facts.push({ workload: name, text: `Arpent / ${result.titles[server]}: ${texts.join(', ')}` })
  }
}

const columns = 'id, commune, prefixe, section, numero, contenance, arpente, created, updated'
const within = 'geom && ST_Transform(ST_MakeEnvelope($1, $2, $3, $4, 4326), 2154)'

async function bySql(client, { table }, { lonLat, isStored }) {
  const geometry = isStored ? 'geom' : 'ST_Transform(geom, 4326) AS geom'
  const digits = isStored ? 3 : 9
  const { rows } = await client.query(
    `SELECT '{"type":"FeatureCollection","features":[' || string_agg(ST_AsGeoJSON(t.*, 'geom', ${digits}), ',') || ']}' AS text FROM (SELECT ${columns}, ${geometry} FROM ${table} WHERE ${within}) AS t`,
    lonLat,
  )
  return rows[0].text.length
}

async function byCopy(client, { table }, { lonLat }) {
  const box = lonLat.reduce((text, value, k) => text.replace(`$${k + 1}`, value), within)
  await finished(client.query(copyTo(`COPY (SELECT ${columns}, geom FROM ${table} WHERE ${box}) TO STDOUT (FORMAT binary)`)).resume())
  return 0
}

/** Work of the database alone, measured as a server is. */
function direct({ postgres }, { layer, requests }, name, work) {
  const measure = async ({ concurrency, round, seconds }) => {
    const times = []
    const before = [process.cpuUsage(), costOf(postgres.pid).cpu]
    const began = performance.now()
    let next = round * 61
    let bytes = 0
    const one = async () => {
      const client = new pg.Client({ host: postgres.socket, port: postgres.port, user: postgres.user, database: postgres.database })
      await client.connect()
      while (performance.now() - began < seconds * 1000) {
        const started = performance.now()
        bytes += await work(client, layer, requests[next++ % requests.length])
        times.push(performance.now() - started)
      }
      await client.end()
    }
    await Promise.all(Array.from({ length: concurrency }, one))
    const taken = (performance.now() - began) / 1000
    const own = process.cpuUsage(before[0])
    times.sort((a, b) => a - b)
    return {
      perSecond: times.length / taken,
      p50: times[Math.floor(times.length / 2)],
      p99: times.at(-1),
      cpu: (own.user + own.system) / 1e6 / times.length,
      databaseCpu: (costOf(postgres.pid).cpu - before[1]) / times.length,
      requests: times.length,
      wrong: 0,
      bytes: Math.round(bytes / times.length),
    }
  }
  return { peer: { name, title: name }, measure }
}
