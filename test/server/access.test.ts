import t from 'tap'
import { requireAccess } from '#core/access.js'
import type { Access } from '#core/atlas.js'
import { toProblem } from '#core/problem.js'
import { hashKey, hashPassword } from '#core/secret-hash.js'
import { problemAnswer } from '#protocols/http/problem-json.js'
import type { Service } from '#protocols/http/service.js'
import { smallServer } from '../support/small-server.js'

/** The smallest service that writes. */
const pen: Service = async ({ view, caller, method, path }) => {
  try {
    requireAccess(view.atlas, caller, method === 'POST' ? 'write' : 'read', path.collection)
    return { status: 200, mediaType: 'text/plain', body: `${method} by ${caller ?? 'anybody'}` }
  } catch (error) {
    return problemAnswer(toProblem(error))
  }
}

const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` })

t.test('a service that writes asks who may, and a reload counts at once', async t => {
  const access: Access = {
    accounts: new Map([
      ['ann', { password: hashPassword('hush-hush'), keys: [hashKey('key-of-ann')] }],
      ['bob', { keys: [hashKey('key-of-bob')] }],
    ]),
    write: new Map([['arbres', ['ann']]]),
  }
  const server = await smallServer({ access, services: { 'pen/:collection': pen } })
  t.teardown(() => server.close(0))
  const ask = async (method: string, headers: Record<string, string>, path = '/pen/arbres') => {
    const response = await fetch(server.address + path, { method, headers })
    return { status: response.status, text: await response.text(), challenge: response.headers.get('www-authenticate') }
  }
  const challenge = /^Basic realm="Arpent"/
  t.match(await ask('GET', {}), { status: 200, text: 'GET by anybody', challenge: null })
  t.match(await ask('POST', {}), { status: 401, text: /An account is needed/, challenge })
  t.match(await ask('POST', basic('ann', 'hush-hush')), { status: 200, text: 'POST by ann' })
  t.match(await ask('POST', { 'x-api-key': 'key-of-ann' }), { status: 200, text: 'POST by ann' })
  t.match(await ask('POST', { 'x-api-key': 'key-of-bob' }), { status: 403, text: /bob is not allowed/, challenge: null })
  t.match(await ask('POST', basic('ann', 'hush')), { status: 401, challenge })
  t.match(await ask('POST', basic('ann', 'hush-hush'), '/pen/other'), { status: 403 })
  t.match(await ask('POST', basic('ann', 'hush-hush'), '/parcs/pen/arbres'), { status: 200 }, 'in a space, too')
  t.match(await ask('GET', basic('ann', 'hush')), { status: 401, challenge }, 'wrong credentials are told when reading, too')
  t.match(await ask('GET', basic('ann', 'hush'), '/wms?SERVICE=WMS&REQUEST=GetCapabilities'), { status: 401, challenge })
  server.setAccess({ ...access, write: new Map([['*', ['bob']]]) })
  t.match(await ask('POST', basic('ann', 'hush-hush')), { status: 403 })
  t.match(await ask('POST', { 'x-api-key': 'key-of-bob' }), { status: 200 })
  server.setAccess({ accounts: new Map([['ann', { password: hashPassword('new'), keys: [] }]]), write: new Map([['*', ['anonymous']]]) })
  t.match(await ask('POST', basic('ann', 'hush-hush')), { status: 401 }, 'the old password is forgotten')
  t.match(await ask('POST', {}), { status: 200, text: 'POST by anybody' })
  t.notMatch(JSON.stringify(server.log), /hush|key-of|authorization|Basic/i, 'no secret is logged')
})
