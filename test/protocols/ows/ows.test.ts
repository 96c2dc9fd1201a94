import t from 'tap'
import { Problem, problemKinds } from '#core/problem.js'
import type { Service, ServiceRequest } from '#protocols/http/service.js'
import { ows, owsExceptionReport } from '#protocols/ows/index.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'

const echo: Service = async ({ query }) => ({ status: 200, mediaType: 'text/plain', body: query })
const ask = (query: string, more: Partial<ServiceRequest> = {}) => ows({ wms: echo })({ method: 'GET', query, ...more } as ServiceRequest)

t.test('SERVICE chooses, in any case, in the address or in a form', async t => {
  t.equal((await ask('service=wms&x=1')).body, 'service=wms&x=1')
  t.equal(
    (await ask('x=1', { method: 'POST', body: Buffer.from('SERVICE=WMS'), contentType: 'application/x-www-form-urlencoded' })).status,
    200,
  )
})

t.test('what names no service is told which there are', async t => {
  for (const [query, code] of [
    ['x=1', 'MissingParameterValue'],
    ['service=WPS', 'InvalidParameterValue'],
    ['service=constructor', 'InvalidParameterValue'],
    ['service=<script>', 'InvalidParameterValue'],
  ]) {
    const answer = await ask(query)
    t.equal(answer.status, 400)
    t.equal(answer.mediaType, 'text/xml; charset=utf-8')
    const exception = childOf(readXml(answer.body), 'Exception')!
    t.equal(attributeOf(exception, 'exceptionCode'), code)
    t.equal(attributeOf(exception, 'locator'), 'service')
    t.match(textOf(exception), /WMS would work/)
  }
})

t.test('bodies in XML are refused by name', async t => {
  const answer = await ask('', { method: 'POST', body: Buffer.from('<GetMap/>'), contentType: 'application/xml' })
  t.equal(answer.status, 501)
  t.match(String(answer.body), /does not read XML/)
})

t.test('OWS exception reports are valid against the official schema', { skip: withoutOgcSchemas }, async t => {
  for (const kind of problemKinds.slice(0, 3))
    t.equal(schemaFaults(owsExceptionReport(new Problem(kind, 'a < b', { locator: 'x"' })).body), '')
})

t.test('a page for people who open the address alone', async t => {
  const view = { key: '', title: '<Title>', atlas: { service: { languages: ['fr'] } } } as unknown as ServiceRequest['view']
  const answer = await ask('', { view, baseUrl: 'https://maps.example.org', languages: [] })
  t.equal(answer.mediaType, 'text/html; charset=utf-8')
  t.match(String(answer.body), '<a href="https://maps.example.org/wms">WMS</a>')
  t.match(String(answer.body), '&#60;Title&#62;')
})
