import { childrenOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { inherited, type Layer, named, textAt, textsOf } from '../wms/capabilities.js'
import { ownBox } from '../wms/own-box.js'
import { expectType, frame, lake, layer, layersTitled, mapAsk, mapFormat, type WmsWorld } from '../wms/world.js'
import { clause, exception, image } from './entry.js'

const layers = clause('7.2.3.3', 'wmsops-getmap-params-layers-')
const srs = clause('7.2.3.5', 'wmsops-getmap-params-srs-')
const styles = clause('7.2.3.4', 'wmsops-getmap-params-styles-')
const each = clause('7.2.3', 'wmsops-getmap-')

/** A map of the whole frame. */
const framed =
  (more = {}) =>
  (world: WmsWorld) =>
    mapAsk(world, { BBOX: frame, WIDTH: 168, HEIGHT: 96, ...more })
const titled =
  (...titles: readonly string[]) =>
  (world: WmsWorld) =>
    framed({ LAYERS: layersTitled(world, ...titles) })(world)
const ours = ({ capabilities }: WmsWorld) => named(capabilities).filter(({ title }) => title?.startsWith('cite'))

/** What is tried with the first layer that `find` finds. */
const onFound =
  (
    find: (layer: Layer) => string | undefined,
    none: string,
    trials: (name: string, found: string) => Entry<WmsWorld>['trials'],
  ): Entry<WmsWorld>['trials'] =>
  world => {
    for (const each of ours(world)) {
      const found = find(each)
      if (found !== undefined) return trials(each.name, found)(world)
    }
    return none
  }
const ownStyle = ({ element }: Layer) => childrenOf(element, 'Style').map(style => textAt(style, 'Name'))[0]
const inheritedStyle = ({ element, parent }: Layer) =>
  childrenOf(element, 'Style').length > 0 || !parent ? undefined : inherited(parent, 'Style').map(style => textAt(style, 'Name'))[0]
const anyStyle = (layer: Layer) => inherited(layer, 'Style').map(style => textAt(style, 'Name'))[0]
const noStyle = 'no layer has a style'
const repeated = (text: string, times: number) => Array.from({ length: times }, () => text).join(',')
const ownSrs = ({ element }: Layer) => textsOf(element, 'SRS').find(code => code.includes('EPSG:4326'))

/** LAYERS, SRS and STYLES of GetMap. */
export const mapLayers: readonly Entry<WmsWorld>[] = [
  layers(
    1,
    'One layer is drawn.',
    image(world => mapAsk(world, { BBOX: lake, WIDTH: 200, HEIGHT: 100 })),
  ),
  layers(2, 'Two layers are drawn together.', image(titled('Lakes', 'Streams'))),
  layers(3, 'Three layers are drawn together.', image(titled('MapNeatline', 'RoadSegments', 'DividedRoutes'))),
  srs(
    1,
    'A layer is drawn in an SRS it states itself.',
    onFound(ownSrs, 'no layer states EPSG:4326 itself', name => image(framed({ LAYERS: name }))),
  ),
  srs(
    2,
    'A layer is drawn in an SRS it inherits.',
    onFound(
      layer => (ownSrs(layer) ? undefined : ''),
      'every layer states EPSG:4326 itself',
      name => image(framed({ LAYERS: name })),
    ),
  ),
  styles(
    1,
    'A layer is drawn in a style it states itself.',
    onFound(ownStyle, noStyle, (name, style) => image(framed({ LAYERS: name, STYLES: style }))),
  ),
  styles(
    2,
    'A layer is drawn in a style it inherits.',
    onFound(inheritedStyle, 'no layer inherits a style', (name, style) => image(framed({ LAYERS: name, STYLES: style }))),
  ),
  ...[2, 3].map(times =>
    styles(
      times + 1,
      `${times} layers are drawn in ${times} styles.`,
      onFound(anyStyle, noStyle, (name, style) => image(framed({ LAYERS: repeated(name, times), STYLES: repeated(style, times) }))),
    ),
  ),
  styles(5, 'A style there is not is the exception StyleNotDefined.', exception(framed({ STYLES: 'UndefinedStyle' }), 'StyleNotDefined')),
  styles(6, 'An empty STYLES is the default style.', image(titled('Ponds'))),
  styles(
    7,
    'STYLES may name some styles and leave others empty.',
    onFound(anyStyle, noStyle, (name, style) =>
      image(world => {
        const [bridges, roads, routes] = ['Bridges', 'RoadSegments', 'DividedRoutes'].map(title => layer(world, title))
        return framed({ LAYERS: [name, bridges, name, roads, routes].join(','), STYLES: `${style},,${style},,` })(world)
      }),
    ),
  ),
  ...[',,,', ''].map((empty, i) =>
    styles(
      8 + i,
      `STYLES=${empty} is the default style of all layers.`,
      image(world =>
        framed({ LAYERS: layersTitled(world, 'Bridges', 'RoadSegments', 'DividedRoutes', 'Buildings'), STYLES: empty })(world),
      ),
    ),
  ),
  styles(
    10,
    'A style there is not behind one there is, is the exception StyleNotDefined.',
    onFound(anyStyle, noStyle, (name, style) =>
      exception(
        world => framed({ LAYERS: `${name},${layer(world, 'Lakes')}`, STYLES: `${style},UndefinedStyle` })(world),
        'StyleNotDefined',
      ),
    ),
  ),
  each('each-style', 'Every style of the capabilities can be asked for.', world =>
    named(world.capabilities).flatMap(({ name, element }) =>
      childrenOf(element, 'Style').map(style => {
        const STYLES = textAt(style, 'Name') ?? ''
        const asks = [mapAsk(world, { LAYERS: name, STYLES, BBOX: lake })]
        return { of: `${name}, ${STYLES}`, asks, judge: ([answer]) => expectType(answer, mapFormat(world)) }
      }),
    ),
  ),
  each('each-layer', 'Every layer is drawn.', world =>
    named(world.capabilities).map(({ name }) => ({
      of: name,
      asks: [mapAsk(world, { LAYERS: name, BBOX: lake })],
      judge: ([answer]) => expectType(answer, mapFormat(world)),
    })),
  ),
  each('each-srs', 'The first layer of each SRS in the capabilities is drawn in it.', world => {
    const codes = [...new Set(world.capabilities.layers.flatMap(({ element }) => textsOf(element, 'SRS')))].slice(0, 10)
    return codes.flatMap(code => {
      const found = named(world.capabilities).find(each => inherited(each, 'SRS').some(({ content }) => content[0] === code))
      if (!found) return []
      const { BBOX } = ownBox(found, code)
      return {
        of: code,
        asks: [mapAsk(world, { LAYERS: found.name, SRS: code, BBOX })],
        judge: ([answer]) => expectType(answer, mapFormat(world)),
      }
    })
  }),
  each('layer-encoded-name', 'A layer whose name has to be escaped is drawn.', world => {
    const found = named(world.capabilities).find(({ name }) => encodeURIComponent(name) !== name)
    if (!found) return 'no name of a layer has to be escaped'
    return { asks: [mapAsk(world, { LAYERS: found.name, BBOX: lake })], judge: ([answer]) => expectType(answer, mapFormat(world)) }
  }),
]
