import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

interface Breakage {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly put: string
  readonly instrument: string
}

const load = async (name: string) => import(pathToFileURL(join(process.cwd(), 'scripts/sabotage', name)).href)

t.test('every sabotage finds its place in what is built, once, and an instrument', async t => {
  const { breakages, broken } = (await load('breakages.mjs')) as {
    breakages: readonly Breakage[]
    broken: (text: string, breakage: Breakage) => string
  }
  const { instruments } = (await load('instruments.mjs')) as { instruments: Readonly<Record<string, unknown>> }
  for (const breakage of breakages) {
    const text = readFileSync(breakage.file, 'utf8')
    t.not(broken(text, breakage), text, `${breakage.name}: ${breakage.file}`)
    t.ok(breakage.instrument in instruments, breakage.instrument)
    t.throws(() => broken(text.replaceAll(breakage.find, ''), breakage), /0 times/)
    t.throws(() => broken(text + breakage.find, breakage), /2 times/)
  }
})
