import assert from 'node:assert/strict'
import { attributeOf, textOf, type XmlElement } from '#xml/read.js'
import { headerOf } from '../ask.js'
import type { Answer } from '../suite.js'
import { inherited } from '../wms/capabilities.js'
import type { WmsWorld } from '../wms/world.js'

/** The dimension of the layer titled `cite:…`, its own or inherited. Throws where there is none. */
export function dimension({ capabilities }: WmsWorld, title: string, name: string): XmlElement {
  const layer = capabilities.layers.find(each => each.title === `cite:${title}`)
  assert.ok(layer, `no layer is titled cite:${title}`)
  const found = inherited(layer, 'Dimension').find(each => attributeOf(each, 'name')?.toLowerCase() === name)
  assert.ok(found, `cite:${title} has no dimension ${name}`)
  return found
}

/** Fails unless attributes are as stated and the extent holds each of `values`. `1` and `true` are the same. */
export function expectDeclared(found: XmlElement, attributes: Readonly<Record<string, string>>, values: readonly string[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    const given = attributeOf(found, name) ?? ''
    assert.equal(/^\d$/.test(value) ? given.replace('true', '1').replace(/^(false)?$/, '0') : given, value, name)
  }
  const extent = textOf(found)
    .split(',')
    .map(value => value.trim())
  for (const value of values) assert.ok(extent.includes(value), `${value} in the extent ${extent}`)
}

/** Fails unless the answer warns that a value was put in (OGC 06-042, C.4.3 and C.4.4). */
export function expectWarning(answer: Answer, kind: 'Default' | 'Nearest', value: string): void {
  const warning = headerOf(answer, 'Warning') ?? ''
  const wanted = `99 ${kind} value used: ${value}`
  assert.equal(warning.slice(0, wanted.length).toLowerCase(), wanted.toLowerCase(), 'the header Warning')
  assert.equal(warning.slice(0, 4), wanted.slice(0, 4), 'its first letter')
}
