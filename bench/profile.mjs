// Where the time of profiled threads went: shares of what was not idle, by function, by file and by room.
// ARPENT_BENCH_PROFILE=FOLDER npm run bench -- ortho-warm --peers none && node bench/profile.mjs FOLDER [rows=25]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, rows = '25'] = process.argv.slice(2)
if (!folder) throw new Error('usage: node bench/profile.mjs FOLDER [rows]')
const idle = new Set(['(idle)', '(program)', '(root)'])

for (const name of readdirSync(folder).filter(one => one.endsWith('.cpuprofile'))) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const byId = new Map(nodes.map(node => [node.id, node]))
  const sums = { function: new Map(), file: new Map(), room: new Map() }
  let [busy, whole] = [0, 0]
  samples.forEach((id, k) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame
    const spent = timeDeltas[k]
    whole += spent
    if (idle.has(functionName)) return
    busy += spent
    const file = url.replace(/^.*\/(dist|node_modules)\//, '') || functionName
    const add = (map, key) => map.set(key, (map.get(key) ?? 0) + spent)
    add(sums.function, `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`)
    add(sums.file, file)
    add(sums.room, roomOf(url) ?? (functionName === '(garbage collector)' ? 'garbage collector' : 'node'))
  })
  if (busy < 200_000) continue
  console.log(`\n${name}: busy ${(busy / 1e6).toFixed(1)} of ${(whole / 1e6).toFixed(1)} s`)
  for (const [what, map] of Object.entries(sums)) {
    console.log(`by ${what}`)
    const sorted = [...map].sort(([, a], [, b]) => b - a).slice(0, Number(rows))
    for (const [key, spent] of sorted) console.log(`${((100 * spent) / busy).toFixed(1).padStart(6)} %  ${key}`)
  }
}

/** A room of Arpent or a package. */
function roomOf(url) {
  if (url.startsWith('wasm')) return 'kernels (WebAssembly)'
  const found = url.match(/\/(dist|node_modules)\/(@[^/]+\/[^/]+|protocols\/[^/]+|[^/]+)/)
  return found && (found[1] === 'dist' ? found[2] : `package ${found[2]}`)
}
