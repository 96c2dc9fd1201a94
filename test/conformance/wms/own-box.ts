import assert from 'node:assert/strict'
import { attributeOf, type XmlElement } from '#xml/read.js'
import { inherited, type Layer } from './capabilities.js'

/** CRS and BBOX of the BoundingBox that a layer states (or inherits) first, or first in that CRS. */
export function ownBox(layer: Layer, crs?: string): { readonly CRS: string; readonly BBOX: string } {
  const box = inherited(layer, 'BoundingBox').find(each => crs === undefined || crsOf(each) === crs)
  assert.ok(box, `layer ${layer.name} has no BoundingBox${crs ? ` in ${crs}` : ''}`)
  return { CRS: crsOf(box), BBOX: ['minx', 'miny', 'maxx', 'maxy'].map(edge => attributeOf(box, edge)).join(',') }
}

const crsOf = (box: XmlElement) => attributeOf(box, 'CRS') ?? attributeOf(box, 'SRS') ?? ''
