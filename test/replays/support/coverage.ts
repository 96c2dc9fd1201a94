import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ClientReplays } from './replay.js'

/** By row or trap: the files of tests, below `test/`, that name it in a text of theirs. */
export type Mentions = ReadonlyMap<string, readonly string[]>

export function mentionsIn(folder: string): Mentions {
  const found = new Map<string, string[]>()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.test.ts') && !name.startsWith('replays'),
  )
  for (const name of files.sort()) {
    const texts = readFileSync(join(folder, name), 'utf8').match(/'[^'\n]*'|`[^`\n]*`/g) ?? []
    const ids = new Set(texts.flatMap(text => text.match(/\b(?:T-\d+|[MK]\d+|Q?T\d+)\b/g) ?? []))
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), name.replace(/\.test\.ts$/, '')])
  }
  return found
}

/** Two tables, of rows and of traps: what stands behind each. Throws when a replay names one that titles.yaml does not know. */
export function coverageTables(clients: readonly ClientReplays[], mentions: Mentions): string {
  const titles = parse(readFileSync('test/replays/support/titles.yaml', 'utf8')) as Record<'rows' | 'traps', Record<string, string>>
  const all = clients.flatMap(({ id, replays }) => replays.map(replay => ({ ...replay, file: id })))
  for (const { row, traps } of all) {
    if (!(row in titles.rows)) throw new Error(`titles.yaml has no row ${row}`)
    for (const trap of traps) if (!(trap in titles.traps)) throw new Error(`titles.yaml has no trap ${trap}`)
  }

  const line = (id: string, title: string, replays: typeof all) => {
    const green = replays.filter(({ later }) => !later).length
    const later = replays.filter(({ later }) => later)
    const issues = [...new Set(later.map(({ later }) => later!.issue))].sort((a, b) => a - b)
    const files = [...new Set(replays.map(({ file }) => file))].sort()
    const tests = mentions.get(id) ?? []
    if (green + later.length + tests.length === 0) throw new Error(`nothing covers ${id}`)
    const state =
      later.length === 0
        ? 'green'
        : `${green + tests.length > 0 ? 'green in part' : 'later'}: ${later.length} with ${issues.map(n => `issue ${n}`).join(', ')}`
    return `| ${id} | ${title} | ${replays.length ? `${replays.length} in ${files.join(', ')}` : ''} | ${tests.join(', ')} | ${state} |`
  }
  const table = (name: string, entries: Readonly<Record<string, string>>, of: (id: string) => typeof all) =>
    [
      `| ${name} | what | replays | tests | state |`,
      '|---|---|---|---|---|',
      ...Object.entries(entries).map(([id, title]) => line(id, title, of(id))),
    ].join('\n')
  const rows = table('row', titles.rows, id => all.filter(({ row }) => row === id))
  const traps = table('trap', titles.traps, id => all.filter(({ traps }) => traps.includes(id)))
  return `${rows}\n\n${traps}\n`
}
