import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import t from 'tap'

/** Level of each room; imports only point down, or stay inside a room (src/README.md, "Who may import whom"). */
const levels: Record<string, number> = {
  main: 7,
  server: 7,
  cli: 7,
  config: 7,
  workers: 7,
  protocols: 6,
  jobs: 6,
  stores: 6,
  formats: 5,
  core: 4,
  render: 3,
  styles: 2,
  filters: 1,
  geo: 0,
  rows: 0,
  xml: 0,
}

const src = 'src'
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  f => f.endsWith('.ts') && !f.includes(join('kernels', 'assembly')),
)
const roomOf = (path: string) => path.split(sep)[0].replace(/\.ts$/, '')
const importsOf = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1])

t.test('imports only point down', async t => {
  for (const file of files) {
    const room = roomOf(file)
    t.ok(room in levels, `${file} lies in a known room`)
    for (const name of importsOf(readFileSync(join(src, file), 'utf8'))) {
      if (name.startsWith('.')) {
        const target = roomOf(relative(src, join(src, dirname(file), name)))
        if (levels[room] < 7 || levels[target] < 7) t.equal(target, room, `${file}: relative import ${name} stays in its room`)
      } else if (name.startsWith('#')) {
        const target = roomOf(name.slice(1).replaceAll('/', sep))
        t.ok(target === room || levels[target] < levels[room] || levels[room] === 7, `${file} (${room}) may import ${name}`)
        if (target === 'protocols' && room === 'protocols') {
          const [standard, other] = [file.split(sep)[1], name.split('/')[1]]
          t.ok(other === standard || ['ows', 'http'].includes(other), `${file}: one standard does not import another (${name})`)
        }
      }
    }
  }
})

t.test('fastify stays at the edge, SQL in the stores, XML text in its writers', async t => {
  const sql =
    /[`'"]\s*(select\s.+\sfrom|insert into|update\s+\S+\s+set|delete from|create (table|schema|index)|drop (table|schema)|copy\s)/i
  const xml = /[`'"]\s*<\/?[A-Za-z]+:[A-Za-z]/
  for (const file of files) {
    const text = readFileSync(join(src, file), 'utf8')
    const room = roomOf(file)
    if (!['protocols', 'server'].includes(room)) t.notMatch(importsOf(text).join(' '), /(^| )fastify/, `${file}: no fastify`)
    if (room !== 'stores' && room !== 'formats') t.notMatch(text, sql, `${file}: no SQL`)
    if (!['xml', 'formats', 'protocols'].includes(room)) t.notMatch(text, xml, `${file}: no XML text`)
  }
})

// A library that a thread loads and does not use costs it up to 20 MB of memory and 100 ms of its start.
t.test('threads load large libraries when they need them', async t => {
  const valueImports = (text: string) => [...text.matchAll(/^(?:import|export)\s(?!type\b)[^;'"]*?from '([^']+)'/gm)].map(match => match[1])
  const loadedBy = (entry: string): ReadonlySet<string> => {
    const [seen, packages, rest] = [new Set<string>(), new Set<string>(), [entry]]
    for (let file = rest.pop(); file !== undefined; file = rest.pop()) {
      if (seen.has(file)) continue
      seen.add(file)
      for (const name of valueImports(readFileSync(join(src, file), 'utf8'))) {
        const path = name.startsWith('#') ? name.slice(1) : name.startsWith('.') ? join(dirname(file), name) : undefined
        if (path) rest.push(path.replace(/\.js$/, '.ts'))
        else packages.add(name.replace(/^((@[^/]+\/)?[^/]+).*/, '$1'))
      }
    }
    t.ok(seen.size > 100, `${entry} loads ${seen.size} files`)
    return packages
  }
  const [drawing, writing, serving] = ['workers/render-worker.ts', 'workers/export-worker.ts', 'cli/serve.ts'].map(loadedBy)
  t.ok(drawing.has('proj4') && serving.has('fastify'), 'loaded at once: what every request needs')
  for (const name of [
    'geotiff',
    'sharp',
    'undici',
    'hyparquet',
    'hyparquet-writer',
    'geojson-vt',
    'topojson-server',
    'yauzl',
    'yazl',
    'pg',
    'node-sqlite3-wasm',
  ])
    for (const [thread, loaded] of Object.entries({ drawing, writing, serving })) t.notOk(loaded.has(name), `${thread}: ${name}`)
  for (const name of ['kysely', 'fastify', 'yaml', 'ajv']) t.notOk(drawing.has(name) || writing.has(name), `drawing and writing: ${name}`)
})
