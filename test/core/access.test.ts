import t from 'tap'
import { decide, requireAccess } from '#core/access.js'

const atlas = (write: Record<string, readonly string[]>) => ({
  access: { accounts: new Map([['ann', { keys: [] }]]), write: new Map(Object.entries(write)) },
  spaces: new Map([['eau', { id: 'eau', title: 'Eau', collections: ['rivers'] }]]),
})

t.test('everybody reads, nobody writes unless a rule names them', async t => {
  for (const [rules, caller, decision] of [
    [{}, undefined, 'forbidden'],
    [{}, 'ann', 'forbidden'],
    [{ '*': ['ann'] }, undefined, 'needs-proof'],
    [{ '*': ['ann'] }, 'ann', 'allowed'],
    [{ '*': ['ann'] }, 'bob', 'forbidden'],
    [{ '*': ['anonymous'] }, undefined, 'allowed'],
    [{ '*': ['anonymous'] }, 'bob', 'allowed'],
    [{ '*': ['ann'], rivers: [] }, 'ann', 'forbidden'],
    [{ '*': ['ann'], rivers: ['bob'] }, 'ann', 'forbidden'],
    [{ '*': ['ann'], lakes: ['bob'] }, 'ann', 'allowed'],
    [{ 'eau:rivers': ['bob'] }, 'bob', 'allowed'],
    [{ 'sol:rivers': ['bob'] }, 'bob', 'forbidden'],
    [{ 'eau:rivers': ['bob'], rivers: ['ann'] }, 'ann', 'allowed'],
  ] as const) {
    t.equal(decide(atlas(rules), caller, 'write', 'rivers'), decision, `${JSON.stringify(rules)} ${caller}`)
    t.equal(decide(atlas(rules), caller, 'read', 'rivers'), 'allowed')
  }
  t.equal(decide(atlas({ 'ws:name': ['ann'] }), 'ann', 'write', 'ws:name'), 'allowed', 'ids with a prefix are ids')
})

t.test('what is not allowed says what would help', async t => {
  const rules = atlas({ '*': ['ann'] })
  requireAccess(rules, 'ann', 'write', 'rivers')
  t.throws(() => requireAccess(rules, undefined, 'write', 'rivers'), { kind: 'unauthorized', message: /X-API-Key/ })
  t.throws(() => requireAccess(rules, 'bob', 'write', 'rivers'), {
    kind: 'forbidden',
    message: 'The account bob is not allowed to change the collection rivers.',
  })
  t.throws(() => requireAccess(atlas({}), undefined, 'write', 'rivers'), { kind: 'forbidden', message: /Nobody/ })
})
