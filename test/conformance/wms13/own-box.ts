import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import { inherited, type Layer } from '../wms/capabilities.js'

/** CRS and BBOX of the BoundingBox that a layer states (or inherits) first, or first in that CRS. */
export function ownBox(layer: Layer, crs?: string): { readonly CRS: string; readonly BBOX: string } {
  const box = inherited(layer, 'BoundingBox').find(each => crs === undefined || attributeOf(each, 'CRS') === crs)
  assert.ok(box, `layer ${layer.name} has no BoundingBox${crs ? ` in ${crs}` : ''}`)
  return { CRS: attributeOf(box, 'CRS') ?? '', BBOX: ['minx', 'miny', 'maxx', 'maxy'].map(edge => attributeOf(box, edge)).join(',') }
}
