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
