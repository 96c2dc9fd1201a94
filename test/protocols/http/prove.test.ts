import t from 'tap'
import type { Access } from '#core/atlas.js'
import { hashKey, hashPassword } from '#core/secret-hash.js'
import { createProver } from '#protocols/http/prove.js'

const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` })
const access = (accounts: Record<string, { password?: string; keys?: string[] }>): Access => ({
  accounts: new Map(Object.entries(accounts).map(([name, account]) => [name, { keys: [], ...account }])),
  write: new Map(),
})
const real = access({ ann: { password: hashPassword('pässword:1'), keys: [hashKey('k1'), hashKey('k2')] }, bob: { keys: [hashKey('k3')] } })

t.test('names with passwords and keys prove accounts, and nothing else does', async t => {
  const prove = createProver()
  t.equal(await prove({}, real), undefined)
  t.equal(await prove(basic('ann', 'pässword:1'), real), 'ann', 'a colon and an accent in it')
  t.equal(await prove({ 'x-api-key': 'k2' }, real), 'ann')
  t.equal(await prove({ 'x-api-key': 'k3' }, real), 'bob')
  t.equal(await prove({ authorization: 'Bearer x' }, real), undefined, 'another scheme proves nothing and is not ours')
  for (const credentials of [
    basic('ann', 'password:1'),
    basic('bob', ''),
    basic('nobody', 'x'),
    basic('ann', real.accounts.get('ann')?.password ?? ''),
    { 'x-api-key': 'k4' },
    { 'x-api-key': hashKey('k1') },
    { 'x-api-key': '' },
    { ...basic('ann', 'pässword:1'), 'x-api-key': 'wrong' },
    { authorization: 'Basic' },
    { authorization: 'Basic !!!' },
    { authorization: `Basic ${Buffer.from('ann').toString('base64')}` },
    { authorization: `Basic ${'A'.repeat(5000)}` },
  ])
    await t.rejects(prove(credentials, real), { message: /not known here/ }, JSON.stringify(credentials).slice(0, 60))
  t.equal(await prove(basic('ann', 'x'), access({})), undefined, 'without accounts these headers belong to somebody in front')
})

/** A prover whose passwords are tried when `release` says so. */
function slowProver() {
  const tried: string[] = []
  const held: (() => void)[] = []
  const prove = createProver((password, hash) => {
    tried.push(password)
    return new Promise(resolve => held.push(() => resolve(hash === `hash of ${password}`)))
  })
  const release = async () => {
    for (let i = 0; i < 100; i++) {
      held.shift()?.()
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  return { prove, tried, release }
}

t.test('a proven password is not tried again, a changed config counts at once', async t => {
  const { prove, tried, release } = slowProver()
  const before = access({ ann: { password: 'hash of a' } })
  const both = [prove(basic('ann', 'a'), before), prove(basic('ann', 'a'), before)]
  await release()
  t.same(await Promise.all(both), ['ann', 'ann'])
  t.equal(await prove(basic('ann', 'a'), before), 'ann')
  t.same(tried, ['a'], 'tried once, for both that came together and the one after')
  const after = prove(basic('ann', 'a'), access({ ann: { password: 'hash of b' } }))
  await Promise.all([release(), t.rejects(after, { message: /not known here/ })])
  const gone = prove(basic('ann', 'a'), access({ bob: { password: 'hash of a' } }))
  await Promise.all([release(), t.rejects(gone, { message: /not known here/ }, 'an account that is gone')])
})

t.test('an unknown name is tried like a known one', async t => {
  const { prove, tried, release } = slowProver()
  const attempt = prove(basic('nobody', 'guess'), access({ ann: { password: 'hash of a' } }))
  await Promise.all([release(), t.rejects(attempt, { message: /not known here/ })])
  t.same(tried, ['guess'])
})

t.test('a flood of guesses is bounded, and those who are known are not held up by it', async t => {
  const { prove, tried, release } = slowProver()
  const accounts = access({ ann: { password: 'hash of a' } })
  const known = prove(basic('ann', 'a'), accounts)
  await release()
  await known
  const guesses = Array.from({ length: 100 }, (_, i) => prove(basic('ann', `guess ${i}`), accounts).catch(error => error.kind as string))
  t.equal(await prove(basic('ann', 'a'), accounts), 'ann')
  t.equal(tried.length, 3, 'two at a time')
  await release()
  const kinds = await Promise.all(guesses)
  t.equal(kinds.filter(kind => kind === 'overloaded').length, 82)
  t.equal(kinds.filter(kind => kind === 'unauthorized').length, 18)
  const next = prove(basic('ann', 'later'), accounts)
  await Promise.all([release(), t.rejects(next, { message: /not known here/ }, 'afterwards everything is as before')])
})
