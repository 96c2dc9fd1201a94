import { expectCounts, ofColor, pictureOf, transparent } from '../image.js'
import type { Entry } from '../suite.js'
import { expectException } from '../wms/exceptions.js'
import { expectSchema } from '../wms/schemas.js'
import { frame, layer, losslessFormat, mapAsk, mapFormat, type WmsWorld } from '../wms/world.js'
import { type Ask, clause, exception, trial, typed } from './entry.js'

/** A map of the whole frame. */
const framed =
  (more = {}) =>
  (world: WmsWorld) =>
    mapAsk(world, { BBOX: frame, WIDTH: 168, HEIGHT: 96, ...more })
const exceptions = clause('7.2.3.12', 'wmsops-getmap-params-exceptions-')
const missing =
  (more = {}) =>
  (world: WmsWorld) =>
    mapAsk(world, { LAYERS: 'NonExistant', BBOX: '-1,-1,1,1', ...more })
const blank = (more: object, check: (rgb: number, alpha: number) => boolean) =>
  trial(
    world => missing({ EXCEPTIONS: 'application/vnd.ogc.se_blank', FORMAT: losslessFormat(world), ...more })(world),
    async answer => expectCounts(await pictureOf(answer), check, [[[0, 0, 100, 100], 10_000]]),
  )

/** EXCEPTIONS of GetMap, and the exceptions of LAYERS and SRS. */
export const mapExceptions: readonly Entry<WmsWorld>[] = [
  exceptions(
    1,
    'An exception is of the type application/vnd.ogc.se_xml where the request does not say otherwise.',
    typed(missing(), () => 'application/vnd.ogc.se_xml'),
  ),
  exceptions(
    2,
    'With EXCEPTIONS=application/vnd.ogc.se_xml, an exception is of that type.',
    typed(missing({ EXCEPTIONS: 'application/vnd.ogc.se_xml' }), () => 'application/vnd.ogc.se_xml'),
  ),
  exceptions(
    4,
    'With EXCEPTIONS=application/vnd.ogc.se_inimage, an exception is of the type FORMAT asks for.',
    typed(missing({ EXCEPTIONS: 'application/vnd.ogc.se_inimage' }), mapFormat),
  ),
  exceptions(
    5,
    'With EXCEPTIONS=application/vnd.ogc.se_blank, an exception is nothing but pixels of BGCOLOR.',
    blank({ BGCOLOR: '0xFF0000' }, ofColor(0xff0000)),
  ),
  exceptions(6, 'With TRANSPARENT=TRUE besides, nothing but transparent pixels.', blank({ TRANSPARENT: 'TRUE' }, transparent)),
  exceptions(
    7,
    'With EXCEPTIONS=application/vnd.ogc.se_blank, an exception is of the type FORMAT asks for.',
    typed(missing({ EXCEPTIONS: 'application/vnd.ogc.se_blank' }), mapFormat),
  ),
  ...[
    ['5', () => 'NonExistant'],
    ['6', (world: WmsWorld) => `${layer(world, 'Lakes')},NonExistant`],
    ['7', (world: WmsWorld) => `NonExistant,${layer(world, 'Lakes')}`],
  ].map(([number, layers]) =>
    clause('7.2.3.3', 'wmsops-getmap-params-layers-')(
      String(number),
      'A layer there is not, alone, behind or in front of one there is, is the exception LayerNotDefined.',
      exception(world => framed({ LAYERS: (layers as Ask)(world) })(world), 'LayerNotDefined'),
    ),
  ),
  clause('7.2.3.5', 'wmsops-getmap-params-srs-')(
    3,
    'An SRS there is not is the exception InvalidSRS.',
    exception(framed({ SRS: 'UndefinedSRS' }), 'InvalidSRS'),
  ),
  clause('A.3', 'basic_elements-')('validate-exception', 'An exception is valid by the DTD it names.', world => ({
    asks: [mapAsk(world, { SRS: 'NONE' })],
    judge: ([answer]) => {
      expectException(answer)
      expectSchema(answer.bytes)
    },
  })),
]
