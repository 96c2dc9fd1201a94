// Arpent beside its peers, on the same data, in the same run. See docs/benchmarks.md.
//
//   npm run bench -- [WORKLOAD…] [--peers mapserver,qgis,mapnik] [--quick] [--features 100000] [--cogs 1] [--out FOLDER]
//   npm run bench -- compare BEFORE.json AFTER.json
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCleanup } from './cleanup.mjs'
import { peers } from './peers/index.mjs'
import { compareResults } from './report/compare.mjs'
import { markdownOf } from './report/markdown.mjs'
import { plotOf } from './report/plot.mjs'
import { runBench } from './run.mjs'
import { makeWorld } from './world/index.mjs'
import { workloadNames } from './world/workloads.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const usage = `npm run bench -- [WORKLOAD…] [--peers NAME,…] [--quick] [--features N] [--cogs N] [--rounds N] [--seconds S] [--out FOLDER]
npm run bench -- compare BEFORE.json AFTER.json
Workloads (or beginnings of their names): ${workloadNames.join(' ')}
Peers: ${peers.map(({ name }) => name).join(' ')}; --peers none measures Arpent alone.`

const options = {
  peers: { type: 'string' }, quick: { type: 'boolean' }, features: { type: 'string', default: '100000' }, cogs: { type: 'string', default: '1' },
  rounds: { type: 'string' }, seconds: { type: 'string' }, out: { type: 'string', default: join(root, '.build/bench/results') }, help: { type: 'boolean' },
} // biome-ignore format: a list

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  if (values.help) return say(usage)
  if (positionals[0] === 'compare') return compare(positionals.slice(1))
  const chosen = choosePeers(values.peers)
  if (!existsSync(join(root, 'dist/main.js'))) throw new Error('Arpent is not built: npm run build')
  const unknown = positionals.find(word => !workloadNames.some(name => name.startsWith(word) || /^capabilities-\d+$/.test(word)))
  if (unknown) throw new Error(`There is no workload ${unknown}.\n${usage}`)
  const [features, cogs] = ['features', 'cogs'].map(name => wholeNumber(name, values[name]))
  const plan = {
    command: process.argv.slice(2).join(' '),
    workloads: positionals,
    rounds: number('rounds', values.rounds ?? (values.quick ? 5 : 7)),
    seconds: number('seconds', values.seconds ?? (values.quick ? 0.5 : 5)),
    concurrency: values.quick ? [1, 4] : [1, 4, 16, 64],
  }
  const sizes = {
    features,
    cogs,
    orthoSide: values.quick ? 6144 : 12_288,
    layerCounts: values.quick ? [10, 1000] : [10, 1000, 7500],
    importRows: values.quick ? 200_000 : 1_000_000,
  }
  const cleanup = startCleanup()
  try {
    say('making the data')
    const world = await makeWorld(cleanup, sizes)
    plan.titles = Object.fromEntries(world.workloads.map(({ name, title }) => [name, title]))
    plan.world = `${features.toLocaleString('en')} parcels, streets and places each, ${world.ortho.paths.length} COG of ${sizes.orthoSide} px`
    const result = await runBench(world, chosen, plan, { cleanup, say })
    return write(result, resolve(values.out))
  } finally {
    await cleanup.all()
  }
}

function choosePeers(list) {
  if (!list) return peers
  const names = list === 'none' ? [] : list.split(',')
  const unknown = names.find(name => !peers.some(peer => peer.name === name))
  if (unknown) throw new Error(`There is no peer ${unknown}.\n${usage}`)
  return peers.filter(({ name }) => name === 'arpent' || names.includes(name))
}

function number(name, text) {
  const value = Number(text)
  if (!(value > 0 && value <= 1000)) throw new Error(`--${name} ${text} is not a number above 0, and 1,000 at most.`)
  return value
}

function wholeNumber(name, text) {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 1e7) throw new Error(`--${name} ${text} is not a whole number from 1 to 10,000,000.`)
  return value
}

function write(result, folder) {
  mkdirSync(folder, { recursive: true })
  const name = join(folder, result.when.slice(0, 19).replace(/[:T]/g, '-'))
  const table = markdownOf(result)
  writeFileSync(`${name}.json`, JSON.stringify(result, null, 1))
  writeFileSync(`${name}.md`, table)
  writeFileSync(`${name}.svg`, plotOf(result))
  say(`\n${table}\nWritten: ${name}.json, .md, .svg`)
  return result.failures.length > 0 ? 1 : 0
}

function compare(paths) {
  if (paths.length !== 2) throw new Error(usage)
  const [before, after] = paths.map(path => JSON.parse(readFileSync(path, 'utf8')))
  return say(compareResults(before, after))
}

function say(text) {
  console.log(text)
  return 0
}
