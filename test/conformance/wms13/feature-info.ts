import type { Entry, Trial } from '../suite.js'
import { formatsOf, isYes, named } from '../wms/capabilities.js'
import { expectException } from '../wms/exceptions.js'
import { ownBox } from '../wms/own-box.js'
import { expectSchema } from '../wms/schemas.js'
import { expectType, infoAsk, infoFormat, layersTitled, type WmsWorld } from '../wms/world.js'

type Ask = (world: WmsWorld) => string

const entry = (
  id: string,
  clause: string,
  asserts: string,
  trials: (world: WmsWorld) => Trial | readonly Trial[] | string,
): Entry<WmsWorld> => ({
  id: `getfeatureinfo:${id}`,
  clause: `OGC 06-042, ${clause}`,
  asserts,
  trials: world => (formatsOf(world.capabilities, 'GetFeatureInfo').length === 0 ? 'GetFeatureInfo is not served' : trials(world)),
})
const info = (ask: Ask) => (world: WmsWorld) => ({
  asks: [ask(world)],
  judge: ([answer]: Parameters<Trial['judge']>[0]) => expectType(answer, infoFormat(world)),
})
const exception = (ask: Ask, code: string) => (world: WmsWorld) => ({
  asks: [ask(world)],
  judge: ([answer]: Parameters<Trial['judge']>[0]) => expectException(answer, code),
})
const undefinedLayer = { LAYERS: 'UndefinedLayer', BBOX: '0,0,1,1', WIDTH: 200, HEIGHT: 200, I: 100, J: 100 }

/** GetFeatureInfo, whatever the data. */
export const featureInfo: readonly Entry<WmsWorld>[] = [
  ...[
    {
      id: 'exceptions-default',
      more: {},
      asserts: 'An exception is valid XML of the type text/xml where the request does not say otherwise.',
    },
    { id: 'exceptions-xml', more: { EXCEPTIONS: 'XML' }, asserts: 'With EXCEPTIONS=XML, an exception is valid XML of the type text/xml.' },
  ].map(({ id, more, asserts }) =>
    entry(id, '7.4.3.9', asserts, world => ({
      asks: [infoAsk(world, { ...undefinedLayer, ...more })],
      judge: ([answer]) => {
        expectType(answer, 'text/xml')
        expectException(answer)
        expectSchema(answer.bytes)
      },
    })),
  ),
  entry(
    'invalid-info_format',
    '7.4.3.5',
    'An INFO_FORMAT that is not listed is the exception InvalidFormat.',
    exception(world => infoAsk(world, { INFO_FORMAT: 'InvalidInfoFormat' }), 'InvalidFormat'),
  ),
  entry('each-info_format', '7.4.3.5', 'Information comes in each format that is listed.', world =>
    formatsOf(world.capabilities, 'GetFeatureInfo').map(format => ({
      of: format,
      asks: [infoAsk(world, { INFO_FORMAT: format })],
      judge: ([answer]) => expectType(answer, format),
    })),
  ),
  entry(
    'invalid-i',
    '7.4.3.7',
    'A column outside of the map is the exception InvalidPoint.',
    exception(world => infoAsk(world, { I: 250 }), 'InvalidPoint'),
  ),
  entry(
    'invalid-j',
    '7.4.3.7',
    'A row outside of the map is the exception InvalidPoint.',
    exception(world => infoAsk(world, { J: 150 }), 'InvalidPoint'),
  ),
  entry(
    'two-query_layers',
    '7.4.3.4',
    'Two layers can be asked about.',
    info(world => infoAsk(world, { LAYERS: layersTitled(world, 'NamedPlaces', 'Lakes') })),
  ),
  entry(
    'three-query_layers',
    '7.4.3.4',
    'Three layers can be asked about.',
    info(world => infoAsk(world, { LAYERS: layersTitled(world, 'NamedPlaces', 'Lakes', 'Forests') })),
  ),
  entry(
    'less-query_layers',
    '7.4.3.4',
    'Fewer layers than the map has can be asked about.',
    info(world =>
      infoAsk(world, {
        LAYERS: layersTitled(world, 'NamedPlaces', 'Streams', 'Lakes'),
        QUERY_LAYERS: layersTitled(world, 'NamedPlaces', 'Lakes'),
      }),
    ),
  ),
  entry(
    'invalid-query_layers',
    '7.4.3.4',
    'Asking about a layer there is not is the exception LayerNotDefined.',
    exception(world => infoAsk(world, { QUERY_LAYERS: 'InvalidLayer' }), 'LayerNotDefined'),
  ),
  entry(
    'query_layers-not-queryable',
    '7.4.3.4',
    'Asking about a layer that is not queryable is the exception LayerNotQueryable.',
    world => {
      const found = named(world.capabilities).find(({ element }) => !isYes(element, 'queryable'))
      if (!found) return 'every layer with a name is queryable'
      return exception(() => infoAsk(world, { LAYERS: found.name, ...ownBox(found), WIDTH: 100, I: 50, J: 50 }), 'LayerNotQueryable')(world)
    },
  ),
  entry('each-queryable-layer', '7.4.3.4', 'Every layer that is queryable can be asked about.', world =>
    named(world.capabilities)
      .filter(({ element }) => isYes(element, 'queryable'))
      .map(found => ({
        of: found.name,
        ...info(() => infoAsk(world, { LAYERS: found.name, ...ownBox(found, 'CRS:84'), WIDTH: 100, I: 50, J: 50 }))(world),
      })),
  ),
]
