import assert from 'node:assert/strict'
import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { inherited, type Layer, lineage, named, textAt, textsOf } from '../wms/capabilities.js'
import type { WmsWorld } from '../wms/world.js'

/** A test that looks at the capabilities alone. */
const look = (id: string, clause: string, asserts: string, check: (world: WmsWorld) => void): Entry<WmsWorld> => ({
  id: `getcapabilities:${id}`,
  clause: `OGC 06-042, ${clause}`,
  asserts,
  trials: world => {
    check(world)
    return []
  },
})

/** Number that a child element holds. */
const numberAt = (element: XmlElement, name: string) => Number(textAt(element, name) ?? Number.NaN)
const told = ({ name, title }: Layer) => `layer ${name ?? title}`

/** What the capabilities say about layers, place by place. */
export const capabilitiesLayers: readonly Entry<WmsWorld>[] = [
  look('bbox-crs-advertised', '7.2.4.6.8', 'A BoundingBox names a CRS the layer has or inherits.', ({ capabilities }) => {
    for (const layer of capabilities.layers) {
      const known = inherited(layer, 'CRS').map(textOf)
      for (const box of childrenOf(layer.element, 'BoundingBox')) assert.ok(known.includes(attributeOf(box, 'CRS') ?? ''), told(layer))
    }
  }),
  look('bbox-present', '7.2.4.6.8', 'Every layer with a name has a BoundingBox or inherits one.', ({ capabilities }) => {
    for (const layer of named(capabilities)) assert.ok(inherited(layer, 'BoundingBox').length > 0, told(layer))
  }),
  look('bbox-distinct-crs', '7.2.4.6.8', 'No layer has two BoundingBoxes in one CRS.', ({ capabilities }) => {
    for (const layer of capabilities.layers) {
      const codes = childrenOf(layer.element, 'BoundingBox').map(box => attributeOf(box, 'CRS'))
      assert.equal(new Set(codes).size, codes.length, told(layer))
    }
  }),
  look('crs-auto2-declarations', '6.7.3.4', 'CRS of the namespace AUTO2 are declared by their number alone.', ({ capabilities }) => {
    for (const layer of capabilities.layers)
      for (const code of textsOf(layer.element, 'CRS')) if (/^AUTO2/i.test(code)) assert.match(code, /^AUTO2:\d+$/, told(layer))
  }),
  look('crs-present', '7.2.4.6.7', 'Every layer with a name has a CRS or inherits one.', ({ capabilities }) => {
    for (const layer of named(capabilities)) assert.ok(inherited(layer, 'CRS').length > 0, told(layer))
  }),
  look('crs-for-all-layers', '7.2.4.6.7', 'A CRS that all layers have stands at the root layer.', ({ capabilities }) => {
    const [root] = capabilities.layers
    const atRoot = new Set(textsOf(root.element, 'CRS'))
    const sets = named(capabilities).map(layer => new Set(inherited(layer, 'CRS').map(textOf)))
    for (const code of sets[0] ?? []) if (sets.every(set => set.has(code))) assert.ok(atRoot.has(code), code)
  }),
  look(
    'ex_geobbox-present',
    '7.2.4.6.6',
    'Every layer with a name has an EX_GeographicBoundingBox or inherits one.',
    ({ capabilities }) => {
      for (const layer of named(capabilities)) assert.ok(inherited(layer, 'EX_GeographicBoundingBox').length > 0, told(layer))
    },
  ),
  look('ex_geobbox-coordinates', '7.2.4.6.6', 'The bounds of an EX_GeographicBoundingBox are degrees in order.', ({ capabilities }) => {
    for (const layer of capabilities.layers)
      for (const box of childrenOf(layer.element, 'EX_GeographicBoundingBox')) {
        const [west, east] = [numberAt(box, 'westBoundLongitude'), numberAt(box, 'eastBoundLongitude')]
        const [south, north] = [numberAt(box, 'southBoundLatitude'), numberAt(box, 'northBoundLatitude')]
        assert.ok(west >= -180 && west <= east && east <= 180 && south >= -90 && south <= north && north <= 90, told(layer))
      }
  }),
  look(
    'layer-extents',
    '6.7.4',
    'BoundingBoxes in degrees have the axis order of their CRS and agree with the geographic one.',
    ({ capabilities }) => {
      for (const layer of capabilities.layers)
        for (const box of childrenOf(layer.element, 'BoundingBox')) {
          const code = attributeOf(box, 'CRS') ?? ''
          const nearest = inherited(layer, 'EX_GeographicBoundingBox')[0]
          if (!/4326$|84$/.test(code) || !nearest) continue
          const lows = [numberAt(nearest, 'westBoundLongitude'), numberAt(nearest, 'southBoundLatitude')].map(Math.fround)
          const given = ['minx', 'miny'].map(name => Math.fround(Number(attributeOf(box, name))))
          assert.deepEqual(given, code.endsWith('4326') ? lows.toReversed() : lows, `${told(layer)} in ${code}`)
        }
    },
  ),
  look('authorityurl-unique', '7.2.4.6.12', 'No layer has an AuthorityURL of a name it inherits already.', ({ capabilities }) => {
    for (const { element, parent } of capabilities.layers) {
      const above = parent ? inherited(parent, 'AuthorityURL').map(url => attributeOf(url, 'name')) : []
      for (const url of childrenOf(element, 'AuthorityURL')) assert.ok(!above.includes(attributeOf(url, 'name')))
    }
  }),
  look('identifier-matches-authorityurl', '7.2.4.6.12', 'The authority of every Identifier has an AuthorityURL.', ({ capabilities }) => {
    for (const layer of capabilities.layers) {
      const known = inherited(layer, 'AuthorityURL').map(url => attributeOf(url, 'name'))
      for (const id of childrenOf(layer.element, 'Identifier')) assert.ok(known.includes(attributeOf(id, 'authority')), told(layer))
    }
  }),
  look('style-unique', '7.2.4.6.5', 'No layer has a Style of a name it inherits already.', ({ capabilities }) => {
    for (const { element, parent } of capabilities.layers) {
      const above = parent ? inherited(parent, 'Style').map(style => textAt(style, 'Name')) : []
      for (const style of childrenOf(element, 'Style')) assert.ok(!above.includes(textAt(style, 'Name')))
    }
  }),
  look('dims-time', 'C.2', 'Dimensions called time have the units ISO8601.', ({ capabilities }) => {
    for (const layer of capabilities.layers)
      for (const dimension of dimensions(layer, 'time')) assert.equal(attributeOf(dimension, 'units'), 'ISO8601', told(layer))
  }),
  look('dims-elevation-crs88', 'C.2', 'Dimensions called elevation in CRS:88 have the unit symbol m.', ({ capabilities }) => {
    for (const layer of capabilities.layers)
      for (const dimension of dimensions(layer, 'elevation'))
        if (attributeOf(dimension, 'units') === 'CRS:88') assert.equal(attributeOf(dimension, 'unitSymbol'), 'm', told(layer))
  }),
  look('dims-no-redeclarations', 'C.2', 'No layer has a dimension it inherits in other units.', ({ capabilities }) => {
    const units = (dimension: XmlElement) => ['units', 'unitSymbol'].map(name => attributeOf(dimension, name)).join()
    for (const layer of capabilities.layers)
      for (const dimension of childrenOf(layer.element, 'Dimension')) {
        const name = attributeOf(dimension, 'name')?.toLowerCase()
        const above = lineage(layer)
          .slice(1)
          .flatMap(ancestor => dimensions(ancestor, name))
        for (const other of above) assert.equal(units(dimension), units(other), `${told(layer)}, ${name}`)
      }
  }),
]

const dimensions = ({ element }: Layer, name: string | undefined) =>
  childrenOf(element, 'Dimension').filter(dimension => attributeOf(dimension, 'name')?.toLowerCase() === name)
