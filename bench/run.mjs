// A run: which servers are here, then the workloads, each by its kind.
import { cpus, loadavg, release } from 'node:os'
import { kinds } from './kinds/index.mjs'
import { calibration } from './support/measure.mjs'

/**
 * Runs and returns the result as plain data: `{ when, machine, versions, absent, settings, titles, plan, cells, checks, limits, memory, facts, notThere, failures }`. A cell is
 * one measurement: `{ workload, server, concurrency, round, perSecond, p50, p99, cpu, databaseCpu, requests, wrong, load }`, `cpu` being processor seconds per
 * request and `load` how many processes wanted a core. `facts` are what is counted or stated, not timed: `{ workload, text }`.
 * `begun` gets the result while it is still growing.
 */
export async function runBench(world, peers, plan, { cleanup, say, installs = true, begun = () => {} }) {
  const result = {
    when: new Date().toISOString(),
    plan,
    machine: machine(),
    versions: {},
    settings: {},
    absent: {},
    titles: Object.fromEntries(peers.map(({ name, title }) => [name, title])),
    cells: [],
    checks: {},
    limits: [],
    memory: {},
    facts: [],
    notThere: {},
    failures: [],
  }
  begun(result)
  const present = []
  for (const peer of peers) {
    const { version, absent } = await peer.check({ installs, say })
    if (absent) result.absent[peer.title] = absent
    else {
      result.versions[peer.name] = version
      result.settings[peer.name] = peer.settings
      present.push(peer)
    }
    say(`${peer.title}: ${version ?? absent}`)
  }
  const context = { world, plan, cleanup, say, result, present }
  for (const [kind, measure] of Object.entries(kinds)) {
    const wanted = world.workloads.filter(workload => workload.kind === kind)
    if (wanted.length > 0) await measure(context, wanted)
  }
  result.machine.loadAtEnd = loadavg()[0]
  return result
}

function machine() {
  const all = cpus()
  return {
    cores: all.length,
    processor: all[0]?.model,
    system: `Linux ${release()}`,
    node: process.version,
    calibrationMilliseconds: calibration(),
    loadAtStart: loadavg()[0],
  }
}
