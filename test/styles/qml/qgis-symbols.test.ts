import t from 'tap'
import { readQml } from '#styles/qml/read-qml.js'
import type { Symbolizer } from '#styles/style.js'
import { askQgis, withoutQgis } from '../../support/qgis-oracle.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

type Facts = Readonly<Record<string, unknown>> & { readonly color: number[]; readonly within?: SymbolFacts }
interface SymbolFacts {
  readonly opacity: number
  readonly layers: readonly Facts[]
}
interface Answer {
  readonly qml: string
  readonly symbols: readonly SymbolFacts[]
}

const random = seeded(2024)
const units = ['MM', 'Pixel', 'Point', 'Inch']
const color = () => Array.from({ length: 4 }, (_, i) => seededInteger(random, i === 3 ? 1 : 0, 255)).join(',')
const size = (unit: string) => String(Math.round((1 + 8 * random()) * (unit === 'Inch' ? 0.05 : 1) * 1000) / 1000)

/** Three of each kind, their colours and sizes drawn. */
const three = <T>(make: (i: number) => T): T[] => [0, 1, 2].map(make)
const sized = (...names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap(name => {
      const unit = pick(random, units)
      return [
        [name, size(unit)],
        [`${name}_unit`, unit],
      ]
    }),
  )

const marks = 'square circle triangle diamond star pentagon hexagon octagon cross cross2 line arrow heart shield half_arc'.split(' ')
const inner = (geometry: string, layer: unknown) => ({ geometry, layers: [layer] })
const mark = () => [
  'SimpleMarker',
  { name: pick(random, marks.slice(0, 8)), color: color(), outline_color: color(), ...sized('size', 'outline_width') },
  {},
]
const line = () => ['SimpleLine', { line_color: color(), ...sized('line_width') }, {}]

const styles = [
  ...three(() => ({
    geometry: 'Polygon',
    alpha: 0.5,
    layers: [['SimpleFill', { color: color(), outline_color: color(), ...sized('outline_width') }, {}]],
  })),
  ...three(() => ({
    geometry: 'LineString',
    layers: [
      [
        'SimpleLine',
        {
          line_color: color(),
          ...sized('line_width', 'offset'),
          use_custom_dash: '1',
          customdash: '5;2',
          customdash_unit: pick(random, units),
        },
        {},
      ],
    ],
  })),
  ...marks.map(name => ({
    geometry: 'Point',
    layers: [
      [
        'SimpleMarker',
        { name, color: color(), outline_color: color(), angle: String(seededInteger(random, 0, 359)), ...sized('size', 'outline_width') },
        {},
      ],
    ],
  })),
  ...three(() => ({
    geometry: 'Point',
    layers: [['FontMarker', { chr: 'Q', font: 'DejaVu Sans', color: color(), ...sized('size') }, {}]],
  })),
  ...three(() => ({
    geometry: 'Point',
    layers: [['SvgMarker', { name: 'a.svg', color: color(), outline_color: color(), ...sized('size', 'outline_width') }, {}]],
  })),
  ...three(() => ({
    geometry: 'Polygon',
    layers: [['LinePatternFill', { angle: String(seededInteger(random, 0, 179)), ...sized('distance') }, {}, inner('LineString', line())]],
  })),
  ...three(() => ({ geometry: 'Polygon', layers: [['PointPatternFill', sized('distance_x', 'distance_y'), {}, inner('Point', mark())]] })),
  ...three(() => ({ geometry: 'Polygon', layers: [['CentroidFill', {}, {}, inner('Point', mark())]] })),
  ...three(() => ({
    geometry: 'LineString',
    layers: [['MarkerLine', { placement: 'interval', ...sized('interval') }, {}, inner('Point', mark())]],
  })),
  ...three(() => ({
    geometry: 'LineString',
    layers: [['HashLine', { placement: 'interval', ...sized('interval', 'hash_length') }, {}, inner('LineString', line())]],
  })),
]

const rgb = ([r, g, b]: readonly number[]) => `#${[r, g, b].map(channel => channel.toString(16).padStart(2, '0')).join('')}`

/** What our symbolizer says in the words of QGIS. */
function ours(symbolizer: Symbolizer): Record<string, unknown> {
  switch (symbolizer.kind) {
    case 'fill': {
      const { pattern, color, opacity, outline } = symbolizer
      if (pattern?.kind === 'hatch') return { distance: pattern.spacing, angle: pattern.angle, line: strokeOf(pattern.stroke) }
      if (pattern?.kind === 'graphic') {
        const point = ours({ kind: 'point', graphic: pattern.graphic })
        return { steps: pattern.margin?.map(margin => Number(margin) + Number(point.size)), point }
      }
      return { color, opacity, outline: strokeOf(outline!) }
    }
    case 'line': {
      const { graphic, dashes } = symbolizer.stroke
      if (graphic) return { gap: graphic.gap, point: ours({ kind: 'point', graphic: graphic.graphic }) }
      return { ...strokeOf(symbolizer.stroke), offset: symbolizer.offset, dashes }
    }
    case 'point': {
      const { shapes, size, rotation, opacity } = symbolizer.graphic
      const [shape] = shapes
      const common = { size, rotation: rotation ?? 0 }
      if (shape.kind === 'glyph')
        return { ...common, color: shape.color, opacity: shape.opacity ?? 1, family: shape.family, character: shape.character }
      if (shape.kind === 'icon')
        return { ...common, color: shape.color, opacity: opacity ?? 1, href: shape.href, outline: strokeOf(shape.outline!) }
      return {
        ...common,
        shape: shape.shape,
        color: shape.color,
        opacity: shape.opacity ?? 1,
        outline: shape.outline && strokeOf(shape.outline),
      }
    }
    default:
      return {}
  }
}

const strokeOf = ({ color, opacity, width }: { color: unknown; opacity: unknown; width: unknown }) => ({ color, opacity, width })

const renamed: Readonly<Record<string, string>> = { cross: 'shape://plus', cross2: 'shape://times' }
const open = new Set(['cross', 'cross2', 'line', 'half_arc'])

/** And what QGIS says, in those words. */
function theirs(facts: Facts, alpha: number): Record<string, unknown> {
  const share = (color: readonly number[]) => alpha * (color[3] / 255)
  const stroke = (color: number[], width: unknown) => ({ color: rgb(color), opacity: share(color), width: Number(width) === 0 ? 1 : width })
  const within = facts.within?.layers[0]
  switch (facts.class) {
    case 'SimpleFill':
      return { color: rgb(facts.color), opacity: share(facts.color), outline: stroke(facts.strokeColor as number[], facts.strokeWidth) }
    case 'SimpleLine':
      return { ...stroke(facts.color, facts.width), offset: facts.offset ? -Number(facts.offset) : undefined, dashes: facts.dashes }
    case 'SimpleMarker': {
      const isOpen = open.has(String(facts.shape))
      const outline = stroke(facts.strokeColor as number[], facts.strokeWidth)
      const form = { shape: renamed[String(facts.shape)] ?? facts.shape, size: facts.size, rotation: facts.angle, outline }
      return isOpen ? { ...form, color: undefined, opacity: 1 } : { ...form, color: rgb(facts.color), opacity: share(facts.color) }
    }
    case 'FontMarker':
      return {
        size: facts.size,
        rotation: 0,
        color: rgb(facts.color),
        opacity: share(facts.color),
        family: facts.fontFamily,
        character: facts.character,
      }
    case 'SvgMarker':
      return {
        size: facts.size,
        rotation: 0,
        href: facts.path,
        color: rgb(facts.color),
        opacity: share(facts.color),
        outline: stroke(facts.strokeColor as number[], facts.strokeWidth),
      }
    case 'LinePatternFill':
      return { distance: facts.distance, angle: (180 - Number(facts.lineAngle)) % 180, line: stroke(within!.color, within!.width) }
    case 'PointPatternFill':
      return { steps: [facts.distanceX, facts.distanceY], point: theirs(within!, alpha) }
    case 'CentroidFill':
      return theirs(within!, alpha)
    case 'MarkerLine':
      return { gap: Number(facts.interval) - Number(within!.size), point: theirs(within!, alpha) }
    case 'HashLine':
      return {
        gap: Number(facts.interval) - Number(facts.hashLength),
        point: {
          size: facts.hashLength,
          rotation: 0,
          shape: 'shape://vertline',
          color: undefined,
          opacity: 1,
          outline: stroke(within!.color, within!.width),
        },
      }
    default:
      return {}
  }
}

/** Numbers to a ten-thousandth. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'number' ? Math.round(one * 1e3) / 1e3 + 0 : one)))

t.test('symbols have the colours, widths and sizes that QGIS says', { skip: withoutQgis }, async t => {
  for (const [i, { qml, symbols }] of askQgis<Answer[]>({ styles }).entries()) {
    const { style, notes } = readQml(qml)
    const [symbol] = symbols
    const name = JSON.stringify(styles[i].layers[0])
    const drawn = style.passes[0].rules[0].symbolizers
    t.equal(drawn.length, symbol.layers.length, `${name} draws as many layers`)
    t.same(rounded(ours(drawn[0])), rounded(theirs(symbol.layers[0], symbol.opacity)), name)
    t.same(notes, [], `${name} loses nothing`)
  }
})
