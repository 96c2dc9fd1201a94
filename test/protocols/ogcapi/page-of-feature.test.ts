import t from 'tap'
import { feature, items } from '../../support/edited-features.js'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'

t.test('pages offer changes to who may make them, and what they offer works', { skip: withoutDatabase }, async t => {
  const { ask, troubles } = await editedWorld(t)
  const made = await ask('POST', items, feature({ nom: "l'un" }))
  const path = new URL(made.headers.get('location')!).pathname
  const page = await ask('GET', `${path}?f=html`)
  t.equal(page.status, 200, page.text)
  const [, address = ''] = /curl -X DELETE &#39;([^&]+)&#39;/.exec(page.text) ?? []
  for (const method of ['PUT', 'PATCH']) t.match(page.text, new RegExp(`curl -X ${method} -H`))
  t.match((await ask('GET', `${items}?f=html&lang=en`)).text, /You may add features/)
  t.match(page.headers.get('vary'), /Authorization/)
  for (const key of [null, 'key-of-bob']) {
    t.notMatch((await ask('GET', `${path}?f=html`, undefined, { 'x-api-key': key })).text, /curl/)
    t.notMatch((await ask('GET', `${items}?f=html&lang=en`, undefined, { 'x-api-key': key })).text, /You may add features/)
  }
  t.equal((await ask('DELETE', new URL(address).pathname)).status, 204)
  t.equal((await ask('GET', `${path}?f=html`)).status, 404)
  t.same(troubles(), [])
})
