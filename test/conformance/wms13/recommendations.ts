import assert from 'node:assert/strict'
import { attributeOf, childrenOf, textOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { at, formatsOf, inherited, named, textAt } from '../wms/capabilities.js'
import type { WmsWorld } from '../wms/world.js'

const recommended = (id: string, clause: string, asserts: string, check: (world: WmsWorld) => void): Entry<WmsWorld> => ({
  id: `recommendations:${id}`,
  clause: `OGC 06-042, ${clause}`,
  asserts,
  trials: world => {
    check(world)
    return []
  },
})

const everyLayerHas = (id: string, clause: string, element: string) =>
  recommended(id, clause, `Every layer with a name has a ${element}.`, ({ capabilities }) => {
    for (const layer of named(capabilities)) assert.ok(at(layer.element, element), layer.name)
  })

const dimensionsOf = ({ capabilities }: WmsWorld) => capabilities.layers.flatMap(({ element }) => childrenOf(element, 'Dimension'))

/** What the standard recommends. */
export const recommendations: readonly Entry<WmsWorld>[] = [
  recommended('service-keywords', '7.2.4.3', 'The service has keywords.', ({ capabilities }) =>
    assert.ok(at(capabilities.service, 'KeywordList', 'Keyword')),
  ),
  recommended('service-contact-info', '7.2.4.3', 'The service says how to reach somebody.', ({ capabilities }) => {
    const contact = at(capabilities.service, 'ContactInformation')
    const ways = ['ContactAddress', 'ContactVoiceTelephone', 'ContactElectronicMailAddress']
    assert.ok(contact && ways.some(way => textAt(contact, way)?.trim()))
  }),
  recommended('png-getmap-format', '7.3.3.7', 'image/png is a format of maps.', ({ capabilities }) =>
    assert.ok(formatsOf(capabilities, 'GetMap').includes('image/png')),
  ),
  everyLayerHas('layer-abstracts', '7.2.4.6.4', 'Abstract'),
  everyLayerHas('layer-keywordlists', '7.2.4.6.4', 'KeywordList'),
  recommended('layer-crs', '6.7.3.1', 'Every layer with a name is in CRS:84 or EPSG:4326.', ({ capabilities }) => {
    for (const layer of named(capabilities))
      assert.ok(
        inherited(layer, 'CRS').some(crs => /^(CRS:84|EPSG:4326)$/.test(textOf(crs))),
        layer.name,
      )
  }),
  everyLayerHas('metadataurls', '7.2.4.6.11', 'MetadataURL'),
  recommended('dims-no-whitespace', 'C.2', 'No name of a dimension has white space in it.', world => {
    for (const dimension of dimensionsOf(world)) assert.match(attributeOf(dimension, 'name') ?? '', /^\S+$/)
  }),
  recommended('dims-defaults', 'C.2', 'Every dimension has a default.', world => {
    for (const dimension of dimensionsOf(world)) assert.ok(attributeOf(dimension, 'default'), attributeOf(dimension, 'name'))
  }),
]
