import assert from 'node:assert/strict'
import { attributeOf, childrenOf } from '#xml/read.js'
import type { Answer } from '../suite.js'
import { parseXml } from './capabilities.js'

/** Fails unless the answer is an exception report in XML, in OGC's namespace from 1.3.0 on, with that code if one is given. */
export function expectException({ mediaType, bytes }: Answer, code?: string): void {
  assert.match(mediaType, /[/+_]xml$/, `an exception in XML was expected, ${mediaType} came`)
  const root = parseXml(bytes)
  assert.equal(root.name, 'ServiceExceptionReport', 'the root element')
  const is13 = attributeOf(root, 'version') === '1.3.0'
  assert.equal(root.namespace, is13 ? 'http://www.opengis.net/ogc' : '', 'the namespace of the report')
  const codes = childrenOf(root, 'ServiceException').map(exception => attributeOf(exception, 'code'))
  assert.ok(codes.length > 0, 'the report holds no ServiceException')
  if (code !== undefined) assert.ok(codes.includes(code), `the code ${code} was expected, ${codes.join(', ')} came`)
}
