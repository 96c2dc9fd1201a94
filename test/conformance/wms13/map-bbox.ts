import assert from 'node:assert/strict'
import { childrenOf, textOf } from '#xml/read.js'
import { count, pictureOf, white } from '../image.js'
import type { Entry, Trial } from '../suite.js'
import { inherited, type Layer, named } from '../wms/capabilities.js'
import { expectException } from '../wms/exceptions.js'
import { ownBox } from '../wms/own-box.js'
import { expectType, layer, losslessFormat, mapAsk, mapFormat, type WmsWorld } from '../wms/world.js'

/** A square map of a layer in its own box. */
export const ownBoxAsk = (world: WmsWorld, found: Layer & { readonly name: string }, side = 200, more = {}): string =>
  mapAsk(world, { LAYERS: found.name, ...ownBox(found), WIDTH: side, HEIGHT: side, ...more })

const image = (world: WmsWorld, ask: string): Trial => ({ asks: [ask], judge: ([answer]) => expectType(answer, mapFormat(world)) })
const whitePicture = (ask: string): Trial => ({
  asks: [ask],
  judge: async ([answer]) => {
    const picture = await pictureOf(answer)
    assert.equal(count(picture, white), picture.width * picture.height, 'white pixels')
  },
})

/** Degrees that 200 pixels span at a scale denominator (0.28 mm pixels, 6,378,137 m radius). */
const spanOf = (denominator: number) => (denominator * 0.00028 * 200 * 360) / (2 * Math.PI * 6378137)

const scaled = (id: string, kind: 'MinScaleDenominator' | 'MaxScaleDenominator', factor: number, asserts: string): Entry<WmsWorld> => ({
  id: `getmap:${id}`,
  clause: 'OGC 06-042, 7.2.4.6.9',
  asserts,
  trials: world => {
    const found = named(world.capabilities).find(each => inherited(each, kind).some(limit => Number(textOf(limit)) > 0))
    if (!found) return `no layer with a name has a ${kind}`
    const span = spanOf(factor * Number(textOf(inherited(found, kind)[0])))
    return image(world, mapAsk(world, { LAYERS: found.name, BBOX: `0,0,${span},${span}`, WIDTH: 200, HEIGHT: 200 }))
  },
})

const overturned = (id: string, bbox: string, what: string): Entry<WmsWorld> => ({
  id: `getmap:${id}`,
  clause: 'OGC 06-042, 7.3.3.6',
  asserts: `A BBOX whose ${what} is an exception.`,
  trials: world => ({
    asks: [mapAsk(world, { LAYERS: layer(world, 'BasicPolygons'), BBOX: bbox })],
    judge: ([answer]) => expectException(answer),
  }),
})

/** BBOX of GetMap. */
export const mapBbox: readonly Entry<WmsWorld>[] = [
  {
    id: 'getmap:bbox-direct',
    clause: 'OGC 06-042, 7.3.3.6',
    asserts: 'A layer is drawn in the BoundingBox it states itself.',
    trials: world => {
      const found = named(world.capabilities).find(({ element }) => childrenOf(element, 'BoundingBox').length > 0)
      return found ? image(world, ownBoxAsk(world, found)) : 'no layer with a name states a BoundingBox'
    },
  },
  {
    id: 'getmap:bbox-inherited',
    clause: 'OGC 06-042, 7.3.3.6',
    asserts: 'A layer is drawn in the BoundingBox it inherits.',
    trials: world => {
      const found = named(world.capabilities).find(
        each => childrenOf(each.element, 'BoundingBox').length === 0 && inherited(each, 'BoundingBox').length > 0,
      )
      return found
        ? image(world, mapAsk(world, { LAYERS: found.name, WIDTH: 200, HEIGHT: 200 }))
        : 'no layer with a name inherits its BoundingBox'
    },
  },
  scaled('bbox-below-scale', 'MinScaleDenominator', 0.9, 'Closer than MinScaleDenominator, the answer is a map, and no exception.'),
  scaled('bbox-above-scale', 'MaxScaleDenominator', 1.1, 'Farther than MaxScaleDenominator, the answer is a map, and no exception.'),
  overturned('bbox-minx-gt-maxx', '1,0,0,1', 'first number is above its third'),
  overturned('bbox-minx-eq-maxx', '0,0,0,1', 'first number equals its third'),
  overturned('bbox-miny-gt-maxy', '0,1,1,0', 'second number is above its fourth'),
  overturned('bbox-miny-eq-maxy', '0,0,1,0', 'second number equals its fourth'),
  {
    // The official script misspells southBoundLatitude and so finds no layer to try; here one is tried.
    id: 'getmap:bbox-no-overlap',
    clause: 'OGC 06-042, 7.3.3.6',
    asserts: 'A map that does not meet its layer is all background.',
    trials: world => whitePicture(mapAsk(world, { BBOX: '-180,-90,-170,-80', FORMAT: losslessFormat(world) })),
  },
  {
    id: 'getmap:bbox-outside-crs',
    clause: 'OGC 06-042, 7.3.3.6',
    asserts: 'A map beyond what its CRS is defined for is all background.',
    trials: world => {
      const [first] = named(world.capabilities)
      return whitePicture(mapAsk(world, { LAYERS: first.name, BBOX: '-10,90,10,110', FORMAT: losslessFormat(world) }))
    },
  },
]
