import assert from 'node:assert/strict'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { at, formatsOf, hrefOf, inherited, type Layer, lineage, textAt, textsOf } from '../wms/capabilities.js'
import type { WmsWorld } from '../wms/world.js'
import { clause, look } from './entry.js'

const response = clause('7.1.4', 'wmsops-getcapabilities-response-')
const layers = clause('7.1.4.5', 'wmsops-getcapabilities-response-layer_properties-')
const dimensions = clause('C.2', 'dims-declaring-')

const told = ({ name, title }: Layer) => `layer ${name ?? title}`
/** Attributes of child elements of a layer. */
const attributes = ({ element }: Layer, child: string, name: string) => childrenOf(element, child).map(each => attributeOf(each, name))
const above = (layer: Layer) => lineage(layer).slice(1)
const dimensionsNamed = ({ element }: Layer, name: string): readonly XmlElement[] =>
  childrenOf(element, 'Dimension').filter(each => attributeOf(each, 'name')?.toLowerCase() === name)
const each = (check: (layer: Layer) => void) => look(({ capabilities }) => capabilities.layers.forEach(check))

/** What capabilities say. */
export const capabilitiesContent: readonly Entry<WmsWorld>[] = [
  clause('7.1.2', 'wmsops-getcapabilities-output_formats-')(
    1,
    'application/vnd.ogc.se_xml is listed as a format of exceptions.',
    look(({ capabilities }) => {
      const exceptions = at(capabilities.capability, 'Exception')
      assert.ok(exceptions && textsOf(exceptions, 'Format').includes('application/vnd.ogc.se_xml'))
    }),
  ),
  response(
    'capability_metadata-1',
    'Addresses for GET can be appended to: they end in ? or, where they have a query, in &.',
    look(({ capabilities }) => {
      for (const name of ['GetCapabilities', 'GetMap', 'GetFeatureInfo']) assert.match(hrefOf(capabilities, name), /\?$|\?.*&$/, name)
    }),
  ),
  response(
    'capability_metadata-2',
    'application/vnd.ogc.gml is a format of GetFeatureInfo.',
    look(({ capabilities }) => assert.ok(formatsOf(capabilities, 'GetFeatureInfo').includes('application/vnd.ogc.gml'))),
  ),
  response(
    'general_metadata-1',
    'The name of the service is OGC:WMS.',
    look(({ capabilities }) => assert.equal(textAt(capabilities.service, 'Name'), 'OGC:WMS')),
  ),
  response(
    'general_metadata-2',
    'Fees and access constraints of a service that is free are the word none.',
    look(({ capabilities }) => {
      for (const name of ['Fees', 'AccessConstraints']) assert.equal(textAt(capabilities.service, name)?.toLowerCase(), 'none', name)
    }),
  ),
  layers(
    'bbox-1',
    'No layer has two BoundingBoxes in one SRS.',
    each(layer => {
      const codes = attributes(layer, 'BoundingBox', 'SRS')
      assert.equal(new Set(codes).size, codes.length, told(layer))
    }),
  ),
  layers(
    'dim_and_extent-1',
    'No layer has a Dimension of a name it inherits, or two of one.',
    each(layer => {
      const names = [layer, ...above(layer)].flatMap(each => attributes(each, 'Dimension', 'name')).map(name => name?.toLowerCase())
      assert.equal(new Set(names).size, names.length, told(layer))
    }),
  ),
  layers(
    'dim_and_extent-2',
    'Every Extent has a Dimension of its name.',
    each(layer => {
      const names = inherited(layer, 'Dimension').map(dimension => attributeOf(dimension, 'name'))
      for (const name of attributes(layer, 'Extent', 'name')) assert.ok(names.includes(name), told(layer))
    }),
  ),
  layers(
    'identifier_and_authorityurl-1',
    'No layer has an AuthorityURL of a name it inherits.',
    each(layer => {
      const names = above(layer).flatMap(each => attributes(each, 'AuthorityURL', 'name'))
      for (const name of attributes(layer, 'AuthorityURL', 'name')) assert.ok(!names.includes(name), told(layer))
    }),
  ),
  layers(
    'identifier_and_authorityurl-2',
    'The authority of every Identifier has an AuthorityURL.',
    each(layer => {
      const names = inherited(layer, 'AuthorityURL').map(url => attributeOf(url, 'name'))
      for (const authority of attributes(layer, 'Identifier', 'authority')) assert.ok(names.includes(authority), told(layer))
    }),
  ),
  layers(
    'latlonbbox-1',
    'The root layer has a LatLonBoundingBox.',
    look(({ capabilities }) => assert.ok(at(capabilities.layers[0].element, 'LatLonBoundingBox'))),
  ),
  layers(
    'latlonbbox-2',
    'Every LatLonBoundingBox is four numbers of degrees.',
    each(layer => {
      for (const box of childrenOf(layer.element, 'LatLonBoundingBox'))
        for (const edge of ['minx', 'miny', 'maxx', 'maxy'])
          assert.ok(Math.abs(Number(attributeOf(box, edge) || Number.NaN)) <= 180, told(layer))
    }),
  ),
  layers(
    'srs-1',
    'The root layer has an SRS.',
    look(({ capabilities }) => assert.ok(at(capabilities.layers[0].element, 'SRS'))),
  ),
  layers(
    'style-1',
    'No layer has a Style of a name it inherits.',
    each(layer => {
      const names = above(layer).flatMap(each => childrenOf(each.element, 'Style').map(style => textAt(style, 'Name')))
      for (const style of childrenOf(layer.element, 'Style')) assert.ok(!names.includes(textAt(style, 'Name')), told(layer))
    }),
  ),
  dimensions(
    1,
    'No name of a dimension has white space in it.',
    each(layer => {
      for (const name of attributes(layer, 'Dimension', 'name')) assert.match(name ?? '', /^\S+$/, told(layer))
    }),
  ),
  dimensions(
    3,
    'Dimensions called time have the units ISO8601.',
    each(layer => {
      for (const time of dimensionsNamed(layer, 'time')) assert.equal(attributeOf(time, 'units'), 'ISO8601', told(layer))
    }),
  ),
  dimensions(
    4,
    'Dimensions called elevation are in a vertical datum of EPSG.',
    each(layer => {
      for (const elevation of dimensionsNamed(layer, 'elevation'))
        assert.match(attributeOf(elevation, 'units') ?? '', /^EPSG:/, told(layer))
    }),
  ),
]
