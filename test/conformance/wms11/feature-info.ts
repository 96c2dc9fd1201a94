import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Answer, Entry } from '../suite.js'
import { formatsOf, named } from '../wms/capabilities.js'
import { expectWholeSchema } from '../wms/schemas.js'
import { expectType, infoAsk, infoFormat, layer, layersTitled, type WmsWorld } from '../wms/world.js'
import { clause, exception, expectSpelledType, trial, typed } from './entry.js'

const info = (name: string) => clause('7.3.3', `wmsops-getfeatureinfo-${name}`)
const queryLayers = info('params-query_layers-')
const gml = 'application/vnd.ogc.gml'

/** Information on the two polygons that meet in the middle. */
const middle =
  (more = {}) =>
  (world: WmsWorld) =>
    infoAsk(world, { LAYERS: layer(world, 'BasicPolygons'), BBOX: '-2,2,2,6', WIDTH: 100, HEIGHT: 100, X: 50, Y: 50, ...more })
const longer =
  (more: object): Entry<WmsWorld>['trials'] =>
  world => ({
    asks: [middle(more)(world), middle({ FEATURE_COUNT: 2 })(world)],
    judge: (answers: readonly Answer[]) => {
      for (const answer of answers) expectType(answer, infoFormat(world))
      const [few, many] = answers.map(({ bytes }) => bytes.length)
      assert.ok(few < many, `the answer with one feature has ${few} bytes, the one with two ${many}`)
    },
  })

/** GetFeatureInfo. */
export const featureInfo: readonly Entry<WmsWorld>[] = [
  clause('6.5.1', 'basic_elements-param_rules-order_and_case-')(
    5,
    'A parameter the standard does not know leaves feature information as it is.',
    typed(world => infoAsk(world, { BOGUS: 'ignored' }), infoFormat),
  ),
  ...[{}, { EXCEPTIONS: 'application/vnd.ogc.se_xml' }].map((more, i) =>
    info('params-exceptions-')(
      i + 1,
      `An exception ${i ? 'with EXCEPTIONS=application/vnd.ogc.se_xml' : 'without EXCEPTIONS'} is of the type application/vnd.ogc.se_xml.`,
      typed(
        world => infoAsk(world, { QUERY_LAYERS: 'UndefinedLayer', ...more }),
        () => 'application/vnd.ogc.se_xml',
      ),
    ),
  ),
  info('params-feature_count-')(
    1,
    'Where the request does not say FEATURE_COUNT, it is told about less than with FEATURE_COUNT=2.',
    longer({}),
  ),
  info('params-feature_count-')(2, 'With FEATURE_COUNT=1, it is told about less than with FEATURE_COUNT=2.', longer({ FEATURE_COUNT: 1 })),
  info('params-info_format-')(
    1,
    'Where the request does not say INFO_FORMAT, the answer comes in one that is listed.',
    trial(
      world => infoAsk(world, { INFO_FORMAT: undefined }),
      ({ mediaType }, { capabilities }) => assert.ok(formatsOf(capabilities, 'GetFeatureInfo').includes(mediaType), mediaType),
    ),
  ),
  info('params-info_format-')(
    2,
    'Information asked for as GML is of that type.',
    typed(
      world => infoAsk(world, { INFO_FORMAT: gml }),
      () => gml,
    ),
  ),
  info('params-info_format-')(
    3,
    'Information asked for as GML is valid by the schemas it names, which cover all of it.',
    trial(
      world => infoAsk(world, { INFO_FORMAT: gml }),
      ({ bytes }) => expectWholeSchema(bytes),
    ),
  ),
  info('')('each-info_format', 'Information comes in each format that is listed.', world =>
    formatsOf(world.capabilities, 'GetFeatureInfo').map(format => ({
      of: format,
      asks: [infoAsk(world, { INFO_FORMAT: format })],
      judge: ([answer]) => expectType(answer, format),
    })),
  ),
  ...[['Lakes'], ['NamedPlaces', 'Lakes'], ['NamedPlaces', 'Lakes', 'Forests']].map((titles, i) =>
    queryLayers(
      i + 1,
      `${i + 1} layers can be asked about.`,
      trial(
        world => infoAsk(world, { LAYERS: layersTitled(world, ...titles) }),
        (answer, world) => (i < 2 ? expectSpelledType(answer, infoFormat(world)) : expectType(answer, infoFormat(world))),
      ),
    ),
  ),
  queryLayers(
    4,
    'Fewer layers than the map has can be asked about.',
    typed(
      world => infoAsk(world, { LAYERS: layersTitled(world, 'NamedPlaces', 'Lakes', 'Streams'), QUERY_LAYERS: layer(world, 'Lakes') }),
      infoFormat,
    ),
  ),
  queryLayers(
    5,
    'Asking about a layer there is not is an exception.',
    exception(world => infoAsk(world, { QUERY_LAYERS: 'UndefinedLayer' })),
  ),
  queryLayers(6, 'Asking about a layer that is not queryable is the exception LayerNotQueryable.', world => {
    const found = named(world.capabilities).find(
      ({ element, title }) => title?.startsWith('cite') && attributeOf(element, 'queryable') === '0',
    )
    if (!found) return 'no layer states that it is not queryable'
    return exception(() => infoAsk(world, { LAYERS: found.name, BBOX: '-1,-1,1,1', WIDTH: 100, X: 50, Y: 50 }), 'LayerNotQueryable')(world)
  }),
]
