import { childrenOf, textOf } from '#xml/read.js'
import type { Entry, Trial } from '../suite.js'
import { inherited, named, textAt, textsOf } from '../wms/capabilities.js'
import { expectException } from '../wms/exceptions.js'
import { ownBox } from '../wms/own-box.js'
import { expectType, frame, layer, layersTitled, mapAsk, mapFormat, vicinity, type WmsWorld } from '../wms/world.js'
import { ownBoxAsk } from './map-bbox.js'

const image = (world: WmsWorld, ask: string, of?: string): Trial => ({
  ...(of !== undefined && { of }),
  asks: [ask],
  judge: ([answer]) => expectType(answer, mapFormat(world)),
})
const exception = (ask: string, code: string): Trial => ({ asks: [ask], judge: ([answer]) => expectException(answer, code) })

/** LAYERS and CRS of GetMap. */
export const mapLayers: readonly Entry<WmsWorld>[] = [
  {
    id: 'getmap:crs-direct',
    clause: 'OGC 06-042, 7.3.3.5',
    asserts: 'A layer is drawn in a CRS it states itself.',
    trials: world => {
      const last = named(world.capabilities).findLast(({ element }) => childrenOf(element, 'CRS').length > 0)
      return last ? image(world, ownBoxAsk(world, last)) : 'no layer with a name states a CRS'
    },
  },
  {
    id: 'getmap:crs-inherited',
    clause: 'OGC 06-042, 7.3.3.5',
    asserts: 'A layer is drawn in a CRS it inherits.',
    trials: world => {
      const first = named(world.capabilities).find(({ parent }) => parent && inherited(parent, 'CRS').length > 0)
      return first ? image(world, ownBoxAsk(world, first)) : 'no layer with a name inherits a CRS'
    },
  },
  {
    id: 'getmap:invalid-crs',
    clause: 'OGC 06-042, 7.3.3.5',
    asserts: 'A CRS there is not is the exception InvalidCRS.',
    trials: world => exception(mapAsk(world, { CRS: 'UndefinedCRS', BBOX: '-1,-1,1,1', WIDTH: 200, HEIGHT: 200 }), 'InvalidCRS'),
  },
  {
    id: 'getmap:each-crs',
    clause: 'OGC 06-042, 7.3.3.5',
    asserts: 'The first layer of each CRS in the capabilities is drawn in it.',
    trials: world => {
      const codes = [...new Set(world.capabilities.layers.flatMap(({ element }) => textsOf(element, 'CRS')))].slice(0, 10)
      return codes.flatMap(code => {
        const found = named(world.capabilities).find(each => inherited(each, 'CRS').map(textOf).includes(code))
        if (!found) return []
        return image(world, mapAsk(world, { LAYERS: found.name, ...ownBox(found, code) }), code)
      })
    },
  },
  {
    id: 'getmap:two-layers',
    clause: 'OGC 06-042, 7.3.3.3',
    asserts: 'Two layers are drawn together.',
    trials: world => image(world, mapAsk(world, { LAYERS: layersTitled(world, 'Lakes', 'Streams') })),
  },
  {
    id: 'getmap:three-layers',
    clause: 'OGC 06-042, 7.3.3.3',
    asserts: 'Three layers are drawn together.',
    trials: world => image(world, mapAsk(world, { LAYERS: layersTitled(world, 'Lakes', 'Streams', 'Bridges') })),
  },
  ...[
    { id: 'invalid-layer', of: () => 'NonExistant', asserts: 'A layer there is not is the exception LayerNotDefined.' },
    {
      id: 'first-layer-invalid',
      of: (world: WmsWorld) => `NonExistant,${layer(world, 'Lakes')}`,
      asserts: 'So it is in front of a layer there is.',
    },
    {
      id: 'second-layer-invalid',
      of: (world: WmsWorld) => `${layer(world, 'Lakes')},NonExistant`,
      asserts: 'So it is behind a layer there is.',
    },
  ].map(
    ({ id, of, asserts }): Entry<WmsWorld> => ({
      id: `getmap:${id}`,
      clause: 'OGC 06-042, 7.3.3.3',
      asserts,
      trials: world => exception(mapAsk(world, { LAYERS: of(world) }), 'LayerNotDefined'),
    }),
  ),
  {
    // The official script escapes the names twice, and a server has to find its layers all the same.
    id: 'getmap:layerlimit',
    clause: 'OGC 06-042, 7.3.3.3',
    asserts: 'As many layers as LayerLimit states are drawn together.',
    trials: world => {
      const limit = Number(textAt(world.capabilities.service, 'LayerLimit') ?? 0)
      if (limit === 0) return 'the capabilities state no LayerLimit'
      const lakes = layer(world, 'Lakes')
      const times = (name: string) => Array.from({ length: limit }, () => name).join(',')
      return [
        image(world, mapAsk(world, { LAYERS: times(lakes) }), 'names as they are'),
        image(world, mapAsk(world, { LAYERS: times(encodeURIComponent(lakes)) }), 'names escaped twice'),
      ]
    },
  },
  {
    id: 'getmap:each-layer',
    clause: 'OGC 06-042, 7.3.3.3',
    asserts: 'Every layer is drawn.',
    trials: world => named(world.capabilities).map(({ name }) => image(world, mapAsk(world, { LAYERS: name, BBOX: vicinity }), name)),
  },
]

/** STYLES of GetMap. */
export const mapStyles: readonly Entry<WmsWorld>[] = [
  {
    id: 'getmap:styles-direct',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'A layer is drawn in a style it states itself.',
    trials: world => {
      const last = styled(world)
      return last ? image(world, mapAsk(world, { LAYERS: last.layer, STYLES: last.style })) : 'no layer with a name states a style'
    },
  },
  {
    id: 'getmap:styles-inherited',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'A layer is drawn in a style it inherits.',
    trials: world => {
      const found = named(world.capabilities).find(({ parent }) => parent && inherited(parent, 'Style').length > 0)
      if (!found?.parent) return 'no layer with a name inherits a style'
      const style = textAt(inherited(found.parent, 'Style')[0], 'Name')
      return image(world, ownBoxAsk(world, found, 100, { STYLES: style }))
    },
  },
  ...[2, 3].map(
    (times): Entry<WmsWorld> => ({
      id: `getmap:${times === 2 ? 'two' : 'three'}-styles`,
      clause: 'OGC 06-042, 7.3.3.4',
      asserts: `${times} layers are drawn in ${times} styles.`,
      trials: world => {
        const found = styled(world)
        if (!found) return 'no layer with a name states a style'
        const repeated = (text: string) => Array.from({ length: times }, () => text).join(',')
        return image(world, mapAsk(world, { LAYERS: repeated(found.layer), STYLES: repeated(found.style) }))
      },
    }),
  ),
  {
    id: 'getmap:invalid-style',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'A style there is not is the exception StyleNotDefined.',
    trials: world => exception(mapAsk(world, { STYLES: 'UndefinedStyle' }), 'StyleNotDefined'),
  },
  {
    id: 'getmap:styles-default-single-layer',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'An empty STYLES is the default style of the one layer.',
    trials: world => image(world, mapAsk(world)),
  },
  ...[
    { id: 'styles-default-multiple-layers', styles: '', asserts: 'An empty STYLES is the default style of all layers.' },
    { id: 'styles-default-commas', styles: ',,,', asserts: 'Empty places in STYLES are the default styles of their layers.' },
  ].map(
    ({ id, styles, asserts }): Entry<WmsWorld> => ({
      id: `getmap:${id}`,
      clause: 'OGC 06-042, 7.3.3.4',
      asserts,
      trials: world =>
        image(
          world,
          mapAsk(world, { LAYERS: layersTitled(world, 'Bridges', 'RoadSegments', 'DividedRoutes', 'Buildings'), STYLES: styles }),
        ),
    }),
  ),
  {
    id: 'getmap:styles-some-default',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'STYLES may name some styles and leave others empty.',
    trials: world => {
      const found = styled(world)
      if (!found) return 'no layer with a name states a style'
      const others = ['Bridges', 'RoadSegments', 'DividedRoutes'].map(title => layer(world, title))
      const layers = [found.layer, others[0], found.layer, others[1], others[2]].join(',')
      return image(world, mapAsk(world, { LAYERS: layers, STYLES: `${found.style},,${found.style},,` }))
    },
  },
  ...(['first', 'second'] as const).map(
    (place): Entry<WmsWorld> => ({
      id: `getmap:${place}-style-invalid`,
      clause: 'OGC 06-042, 7.3.3.4',
      asserts: `A style there is not in ${place} place, beside one there is, is the exception StyleNotDefined.`,
      trials: world => {
        const found = styled(world)
        if (!found) return 'no layer with a name states a style'
        const pairs = [
          [layer(world, 'Lakes'), 'UndefinedStyle'],
          [found.layer, found.style],
        ]
        const [layers, styles] = [0, 1].map(i => (place === 'first' ? pairs : pairs.toReversed()).map(pair => pair[i]).join(','))
        return exception(mapAsk(world, { LAYERS: layers, STYLES: styles }), 'StyleNotDefined')
      },
    }),
  ),
  {
    id: 'getmap:each-style',
    clause: 'OGC 06-042, 7.3.3.4',
    asserts: 'Every style of the capabilities can be asked for.',
    trials: world =>
      named(world.capabilities).flatMap(({ name, element }) =>
        childrenOf(element, 'Style').map(style => {
          const styleName = textAt(style, 'Name') ?? ''
          return image(world, mapAsk(world, { LAYERS: name, STYLES: styleName, BBOX: frame }), `${name}, ${styleName}`)
        }),
      ),
  },
]

/** The last layer that states the first style there is. */
function styled({ capabilities }: WmsWorld): { readonly layer: string; readonly style: string } | undefined {
  const layers = named(capabilities).flatMap(({ name, element }) => {
    const [style] = childrenOf(element, 'Style')
    const styleName = style && textAt(style, 'Name')
    return styleName ? [{ layer: name, style: styleName }] : []
  })
  return layers.findLast(({ style }) => style === layers[0].style)
}
