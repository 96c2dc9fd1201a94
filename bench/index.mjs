// Arpent beside its peers, on the same data, in the same run. See docs/benchmarks.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCleanup } from './cleanup.mjs'
import { growthOf, growthSizes } from './grow.mjs'
import { peers } from './peers/index.mjs'
import { compareResults } from './report/compare.mjs'
import { markdownOf } from './report/markdown.mjs'
import { plotGrowth, plotOf } from './report/plot.mjs'
import { runBench } from './run.mjs'
import { makeWorld } from './world/index.mjs'
import { chosenWorkloads, workloadsFor } from './world/workloads.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const usage = `npm run bench -- [WORKLOAD…] [--peers NAME,…] [--quick] [--grow] [--features N] [--cogs N] [--tiles N] [--rounds N] [--seconds S] [--concurrency 1,4] [--no-install] [--out FOLDER]
npm run bench -- compare BEFORE.json AFTER.json
WORKLOAD is a name or the beginning of several; --grow repeats it over smaller data and fits a power. --peers none measures Arpent alone; there are ${peers.map(({ name }) => name).join(' ')}.`

const options = {
  peers: { type: 'string' }, quick: { type: 'boolean' }, grow: { type: 'boolean' }, features: { type: 'string' }, cogs: { type: 'string', default: '1' }, tiles: { type: 'string' },
  rounds: { type: 'string' }, seconds: { type: 'string' }, concurrency: { type: 'string' }, 'no-install': { type: 'boolean' }, 'no-limits': { type: 'boolean' },
  out: { type: 'string', default: join(root, '.build/bench/results') }, help: { type: 'boolean' },
} // biome-ignore format: a list

const say = text => console.log(text)

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  if (values.help) return done(usage)
  if (positionals[0] === 'compare') return compare(positionals.slice(1))
  if (!existsSync(join(root, 'dist/main.js'))) throw new Error('Arpent is not built: npm run build')
  const cleanup = startCleanup()
  const unfinished = { result: undefined }
  // What was measured until a signal or an error came is kept.
  cleanup.add(() => unfinished.result?.cells.length > 0 && write({ ...unfinished.result, isUnfinished: true }, resolve(values.out)))
  const begun = result => {
    unfinished.result = result
  }
  try {
    const result = values.grow
      ? await growth(cleanup, values, positionals)
      : await once(cleanup, values, positionals, sizesOf(values), begun)
    cleanup.refuseIfOver()
    unfinished.result = undefined
    return write(result, resolve(values.out))
  } finally {
    await cleanup.all()
  }
}

async function once(cleanup, values, words, sizes, begun) {
  const plan = { ...planOf(values), workloads: words }
  const chosen = chosenWorkloads(workloadsFor(sizes), words)
  const world = await makeWorld(cleanup, sizes, chosen, say)
  plan.titles = Object.fromEntries(world.workloads.map(({ name, title }) => [name, title]))
  plan.world = `${sizes.features.toLocaleString('en')} parcels, streets and places each; orthophotos of ${sizes.orthoSide} px${sizes.cogs > 1 ? `, or of ${sizes.cogs} files` : ''}`
  return runBench(world, choosePeers(values.peers), plan, { cleanup, say, installs: !values['no-install'], begun })
}

/** Every size a run of its own, with its data and servers removed before the next; the result is that of the largest. */
async function growth(cleanup, values, words) {
  const largest = sizesOf(values)
  const chosen = chosenWorkloads(workloadsFor(largest), words).filter(({ grows }) => grows)
  const dimensions = [...new Set(chosen.map(({ grows }) => grows))]
  if (dimensions.length !== 1)
    throw new Error(
      `--grow takes workloads that grow with one thing: features (${names(largest, 'features')}) or files (${names(largest, 'cogs')}).`,
    )
  const [dimension] = dimensions
  const runs = []
  for (const size of growthSizes[dimension](largest[dimension])) {
    say(`\n${size.toLocaleString('en')} ${dimension}`)
    const result = await once(
      cleanup,
      { ...values, concurrency: '1', 'no-limits': true },
      chosen.map(({ name }) => name),
      { ...largest, [dimension]: size },
    )
    runs.push({ size, result })
    await cleanup.steps()
  }
  const last = runs.at(-1).result
  last.growth = growthOf(
    runs,
    dimension,
    chosen.map(({ name }) => name),
  )
  last.failures = runs.flatMap(({ result }) => result.failures)
  return last
}

const names = (sizes, dimension) =>
  workloadsFor(sizes)
    .filter(({ grows }) => grows === dimension)
    .map(({ name }) => name)
    .join(' ')

function planOf(values) {
  const levels = values.concurrency?.split(',').map(text => number('concurrency', text))
  return {
    command: process.argv.slice(2).join(' '),
    rounds: number('rounds', values.rounds ?? 5),
    seconds: number('seconds', values.seconds ?? (values.quick ? 0.5 : 3)),
    concurrency: levels ?? (values.quick ? [1, 4] : [1, 4, 16, 64]),
    limits: !values['no-limits'],
  }
}

function sizesOf(values) {
  return {
    features: wholeNumber('features', values.features ?? (values.grow ? 1e6 : 1e5)),
    cogs: wholeNumber('cogs', values.cogs),
    orthoSide: values.quick ? 6144 : 12_288,
    layerCounts: values.quick ? [10, 1000] : [10, 1000, 7500],
    importRows: values.quick ? 200_000 : 1_000_000,
    files: values.quick ? 2000 : 20_000,
    tiles: wholeNumber('tiles', values.tiles ?? (values.quick ? 5000 : 100_000)),
  }
}

function choosePeers(list) {
  if (!list) return peers
  const wanted = list === 'none' ? [] : list.split(',')
  const unknown = wanted.find(name => !peers.some(peer => peer.name === name))
  if (unknown) throw new Error(`There is no peer ${unknown}.\n${usage}`)
  return peers.filter(({ name }) => name === 'arpent' || wanted.includes(name))
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
  // first of all: what has been measured for an hour is not lost to a fault of the report
  writeFileSync(`${name}.json`, JSON.stringify(result, null, 1))
  const table = markdownOf(result)
  writeFileSync(`${name}.md`, table)
  if (result.cells.length > 0) writeFileSync(`${name}.svg`, plotOf(result))
  if (result.growth) writeFileSync(`${name}-growth.svg`, plotGrowth(result))
  say(`\n${table}\nWritten: ${name}.json, .md, .svg`)
  return result.failures.length > 0 ? 1 : 0
}

function compare(paths) {
  if (paths.length !== 2) throw new Error(usage)
  const [before, after] = paths.map(path => JSON.parse(readFileSync(path, 'utf8')))
  return done(compareResults(before, after))
}

function done(text) {
  say(text)
  return 0
}
