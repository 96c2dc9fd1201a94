import { spawnSync } from 'node:child_process'
import t from 'tap'
import { caseOf, fuzz } from './fuzz.js'
import { minimise } from './minimise.js'
import { requestBytes } from './request.js'
import type { Fault, Outcome, Subject, Target } from './target.js'
import { targets } from './targets.js'

/** Cases of ten numbers; `answer` says what comes of them. */
function madeUp(answer: (numbers: readonly number[], count: number) => Partial<Outcome>, memory = (count: number) => count * 0): Target {
  return {
    name: 'made-up',
    title: '',
    cases: 100,
    growth: 50,
    make: random => ({ base: '', parts: Array.from({ length: 10 }, () => Math.floor(random() * 20)) }),
    inputOf: ({ parts }) => parts,
    shorter: part => (Number(part) > 0 ? [Number(part) >> 1] : []),
    async start() {
      let count = 0
      const subject: Subject<unknown> = {
        run: async input => ({ verdict: 'read', answer: JSON.stringify(input), ...answer(input as readonly number[], count++) }),
        memory: () => ({ megabytes: memory(count), starts: 1 }),
        stop: async () => {},
      }
      return subject
    },
  }
}

const kept = (): { readonly files: unknown[]; write: (target: string, fault: Fault, input: unknown) => string } => {
  const files: unknown[] = []
  return { files, write: (_target, _fault, input) => `file ${files.push(input)}` }
}

t.test('a failure is found, made small, and kept', async t => {
  const { files, write } = kept()
  const crash: Fault = { invariant: 'answers', message: 'it holds a 7 and a 13' }
  const target = madeUp(numbers => (numbers.includes(7) && numbers.includes(13) ? { fault: crash } : {}))
  const report = await fuzz(target, { seed: 1, cases: 100 }, write)
  t.same(
    report.findings.map(({ invariant, file }) => ({ invariant, file })),
    [{ invariant: 'answers', file: 'file 1' }],
    'once, however often it happens',
  )
  t.same((files[0] as number[]).toSorted(), [13, 7])
  t.equal(report.cases, 100, 'and the run goes on')
})

t.test('answers that change, memory that grows, and nothing at all', async t => {
  const { write } = kept()
  const found = async (target: Target) => (await fuzz(target, { seed: 2, cases: 100 }, write)).findings.map(({ invariant }) => invariant)
  t.same(await found(madeUp((_numbers, count) => ({ answer: String(count) }))), ['same'])
  t.same(await found(madeUp(() => ({}), count => count)), ['memory']) // biome-ignore format: short
  t.same(await found(madeUp(() => ({}), count => (count % 7) * 40)), [], 'that goes up and down does not grow') // biome-ignore format: short
  t.same(await found(madeUp(() => ({}))), [])
})

t.test('minimising ends, whatever it is told', async t => {
  const parts = Array.from({ length: 300 }, (_, i) => i)
  let asked = 0
  await minimise(parts, async () => asked++ % 2 === 0, part => [Number(part)]) // biome-ignore format: short
  t.ok(asked <= 150, `${asked} times`)
  t.same(await minimise(parts, async left => left.includes(17) && left.includes(170)), [17, 170])
  t.same(await minimise(['abcd'], async left => String(left[0]).includes('b'), part => [String(part).slice(0, 2)]), ['ab']) // biome-ignore format: short
})

t.test('a seed makes the same cases in every run, and not those of another', async t => {
  for (const target of targets) {
    const inputs = (seed: number) => Array.from({ length: 5 }, (_, number) => target.inputOf(caseOf(target, seed, number)))
    t.same(inputs(1), inputs(1), target.name)
    t.notSame(inputs(1), inputs(2), target.name)
  }
  const wms = targets.find(({ name }) => name === 'wms')!
  const sent = Array.from({ length: 200 }, (_, n) => requestBytes(wms.inputOf(caseOf(wms, 1, n)) as never).bytes.toString())
  for (const part of [/^GET .*GetMap/i, /^POST .*\r\n\r\n.*request=/is, /\r\n\r\n<\?xml/, /GetFeatureInfo/i])
    t.ok(sent.some(text => part.test(text)), String(part)) // biome-ignore format: short
})

t.test('the command lists its targets, and refuses what it does not know', async t => {
  const run = (...args: string[]) => spawnSync(process.execPath, ['.build/test/fuzz/run.js', ...args], { encoding: 'utf8' })
  const listed = run()
  t.equal(listed.status, 0)
  for (const { name } of targets) t.match(listed.stdout, new RegExp(`^  ${name} `, 'm'))
  t.equal(run('nothing').status, 2)
  t.equal(run('xml', '--seed', 'x').status, 2)
  const short = run('xml', '--cases', '20')
  t.match(short.stdout, /\n\d+ passed, 0 failed\n$/)
  t.equal(short.status, 0)
})
