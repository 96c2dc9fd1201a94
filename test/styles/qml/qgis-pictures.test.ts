import t from 'tap'
import { readQml } from '#styles/qml/read-qml.js'
import { draw, line, point, polygon } from '../../support/drawing.js'
import { askQgis, withoutQgis } from '../../support/qgis-oracle.js'

interface Answer {
  readonly qml: string
  readonly picture: string
}

type Position = readonly [number, number]

/** A picture of 100 pixels, y down: the geometry for QGIS and for us. */
const shapes = {
  Polygon: [
    [20, 15],
    [85, 25],
    [75, 85],
    [15, 75],
    [20, 15],
  ],
  LineString: [
    [10, 30],
    [60, 20],
    [80, 80],
  ],
  Segment: [
    [15, 70],
    [80, 25],
  ],
  Point: [[50, 50]],
} satisfies Record<string, Position[]>
const ours = {
  Polygon: polygon(shapes.Polygon),
  LineString: line(...shapes.LineString),
  Segment: line(...shapes.Segment),
  Point: point(50, 50),
}
const upward = (positions: readonly (readonly number[])[]) => positions.map(([x, y]) => `${x} ${100 - y}`).join(',')
const wkt = {
  Polygon: `POLYGON((${upward(shapes.Polygon)}))`,
  LineString: `LINESTRING(${upward(shapes.LineString)})`,
  Segment: `LINESTRING(${upward(shapes.Segment)})`,
  Point: `POINT(${upward(shapes.Point)})`,
}

const pixels = (values: Readonly<Record<string, number | string>>) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => [
      [name, String(value)],
      [`${name}_unit`, 'Pixel'],
    ]),
  )
const plainLine = { geometry: 'LineString', layers: [['SimpleLine', { line_color: '0,0,120,255', ...pixels({ line_width: 3 }) }, {}]] }
const ellipse = { fill_color: '0,120,0,255', color: '0,120,0,255', outline_style: 'no', ...pixels({ symbol_width: 50, symbol_height: 18 }) }
const square = { name: 'square', color: '200,0,0,255', outline_style: 'no' }
const arrow = { name: 'arrow', color: '0,0,0,255', outline_style: 'no' }

/** Along a line of two points, as arrows mostly are. The same heads, but 5 pixels further on: our line goes to its end. */
const arrow2 = (head_type: string, allowed: number): [keyof typeof shapes, unknown[], number] => [
  'Segment',
  [
    'ArrowLine',
    {
      head_type,
      is_curved: '0',
      is_repeated: '0',
      ...pixels({ arrow_width: 6, arrow_start_width: 6, head_length: 20, head_thickness: 12 }),
    },
    {},
    { geometry: 'Polygon', layers: [['SimpleFill', { color: '200,80,0,255', outline_style: 'no' }, {}]] },
  ],
  allowed,
]

/** QGIS takes the mean direction near the middle, which lies near a corner here. */
const atPlace = (placement: string, allowed: number): [keyof typeof shapes, unknown[], number] => [
  'LineString',
  [
    'MarkerLine',
    { placement, rotate: '1' },
    {},
    { geometry: 'Point', layers: [['SimpleMarker', { ...arrow, name: 'filled_arrowhead', ...pixels({ size: 24 }) }, {}]] },
  ],
  allowed,
]

/** Share of the ink that may lie elsewhere: QGIS draws marks from a picture, up to half a pixel aside, and turns hashes at corners. */
const cases: readonly (readonly [keyof typeof shapes, unknown[], number])[] = [
  [
    'Polygon',
    ['SimpleFill', { color: '80,160,80,128', outline_color: '0,0,0,255', joinstyle: 'miter', ...pixels({ outline_width: 3 }) }, {}],
    0.05,
  ],
  ['Polygon', ['SimpleFill', { color: '80,160,80,255', outline_style: 'no', ...pixels({ offset: '10,-5' }) }, {}], 0.05],
  [
    'Polygon',
    ['CentroidFill', {}, {}, { geometry: 'Point', layers: [['SimpleMarker', { ...square, ...pixels({ size: 20 }) }, {}]] }],
    0.05,
  ],
  [
    'LineString',
    ['SimpleLine', { line_color: '0,0,0,255', capstyle: 'flat', joinstyle: 'miter', ...pixels({ line_width: 4, offset: 8 }) }, {}],
    0.05,
  ],
  [
    'LineString',
    [
      'SimpleLine',
      { line_color: '0,0,0,255', capstyle: 'flat', use_custom_dash: '1', ...pixels({ line_width: 4, customdash: '12;6' }) },
      {},
    ],
    0.05,
  ],
  [
    'LineString',
    ['SimpleLine', { line_color: '0,0,0,255', capstyle: 'round', joinstyle: 'round', ...pixels({ line_width: 9 }) }, {}],
    0.05,
  ],
  [
    'LineString',
    [
      'MarkerLine',
      { placement: 'interval', ...pixels({ interval: 20 }) },
      {},
      { geometry: 'Point', layers: [['SimpleMarker', { ...square, ...pixels({ size: 9 }) }, {}]] },
    ],
    0.12,
  ],
  [
    'LineString',
    [
      'MarkerLine',
      { placement: 'lastvertex', rotate: '0' },
      {},
      { geometry: 'Point', layers: [['SimpleMarker', { ...square, ...pixels({ size: 9 }) }, {}]] },
    ],
    0.05,
  ],
  atPlace('lastvertex', 0.02),
  atPlace('firstvertex', 0.02),
  atPlace('centralpoint', 0.25),
  atPlace('vertex', 0.12),
  arrow2('0', 0.35),
  arrow2('2', 0.55),
  ['LineString', ['HashLine', { placement: 'interval', ...pixels({ interval: 12, hash_length: 16 }) }, {}, plainLine], 0.15],
  ['Point', ['SimpleMarker', { ...arrow, angle: '40', ...pixels({ size: 40 }) }, {}], 0.18],
  ['Point', ['SimpleMarker', { ...arrow, angle: '90', ...pixels({ size: 30, offset: '0,-25' }) }, {}], 0.18],
  ['Point', ['SimpleMarker', { ...arrow, horizontal_anchor_point: '0', vertical_anchor_point: '2', ...pixels({ size: 40 }) }, {}], 0.18],
  ['Point', ['EllipseMarker', { symbol_name: 'circle', ...ellipse }, {}], 0.05],
  ['Point', ['EllipseMarker', { symbol_name: 'rectangle', angle: '30', ...ellipse }, {}], 0.05],
  ['Point', ['EllipseMarker', { symbol_name: 'triangle', ...ellipse }, {}], 0.05],
  ['Point', ['SimpleMarker', { name: 'cross2', outline_color: '0,0,200,255', ...pixels({ size: 40, outline_width: 5 }) }, {}], 0.18],
]

t.test('symbols are drawn where QGIS draws them', { skip: withoutQgis }, async t => {
  const styles = cases.map(([geometry, layer]) => ({
    geometry: geometry === 'Segment' ? 'LineString' : geometry,
    layers: [layer],
    wkt: wkt[geometry],
  }))
  for (const [i, { qml, picture }] of askQgis<Answer[]>({ styles }).entries()) {
    const [geometry, layer, allowed] = cases[i]
    const { passes } = readQml(qml).style
    const { rgba } = draw({ width: 100, height: 100, passes, geometries: [ours[geometry]], background: 0xffffff })
    const share = elsewhere(rgba, Buffer.from(picture, 'base64'))
    t.ok(share < allowed, `${share.toFixed(3)} of the ink lies elsewhere: ${JSON.stringify(layer)}`)
  }
})

const everything = polygon([
  [-10, -10],
  [110, -10],
  [110, 110],
  [-10, 110],
  [-10, -10],
])
const hatch = { geometry: 'LineString', layers: [['SimpleLine', { line_color: '0,0,0,255', ...pixels({ line_width: 3 }) }, {}]] }
const dots = { geometry: 'Point', layers: [['SimpleMarker', { ...square, ...pixels({ size: 6 }) }, {}]] }
const patterns: readonly (readonly [unknown[], number])[] = [
  [['LinePatternFill', { angle: '30', ...pixels({ distance: 12 }) }, {}, hatch], 0.45],
  [['LinePatternFill', { angle: '120', ...pixels({ distance: 9 }) }, {}, hatch], 0.45],
  [['PointPatternFill', pixels({ distance_x: 14, distance_y: 10, displacement_x: 7 }), {}, dots], 0.4],
  [['SimpleFill', { style: 'b_diagonal', color: '0,0,0,255', outline_style: 'no' }, {}], 0.6],
  [['SimpleFill', { style: 'horizontal', color: '0,0,0,255', outline_style: 'no' }, {}], 0.1],
]

t.test('patterns have the angles and steps of QGIS, wherever they begin', { skip: withoutQgis }, async t => {
  const all = 'POLYGON((-10 -10,110 -10,110 110,-10 110,-10 -10))'
  const styles = patterns.map(([layer]) => ({ geometry: 'Polygon', layers: [layer], wkt: all }))
  for (const [i, { qml, picture }] of askQgis<Answer[]>({ styles }).entries()) {
    const [layer, allowed] = patterns[i]
    const { passes } = readQml(qml).style
    const { rgba } = draw({ width: 100, height: 100, passes, geometries: [everything], background: 0xffffff })
    const theirs = Buffer.from(picture, 'base64')
    const share = best(rgba, theirs, false)
    if (!isSymmetric(layer)) t.ok(best(rgba, theirs, true) > share + 0.2, 'mirrored it is another pattern')
    t.ok(share < allowed, `${share.toFixed(3)} of the ink lies elsewhere: ${JSON.stringify(layer)}`)
  }
})

const isSymmetric = ([, values]: readonly unknown[]) =>
  ['horizontal', undefined].includes((values as { style?: string }).style) && !('angle' in (values as object))

/** The least that differs, however the second is moved by whole pixels. */
function best(a: Uint8Array, b: Uint8Array, isMirrored: boolean): number {
  return Math.min(...Array.from({ length: 441 }, (_, k) => shifted(a, b, k % 21, Math.floor(k / 21), isMirrored)))
}

/** As `elsewhere`, of the middle, the second picture moved; only one channel. */
function shifted(a: Uint8Array, b: Uint8Array, dx: number, dy: number, isMirrored: boolean): number {
  let [different, ink] = [0, 0]
  for (let y = 30; y < 70; y++)
    for (let x = 30; x < 70; x++) {
      const at = isMirrored ? 99 - x - dx : x + dx
      const there = b[((y + dy) * 100 + at) * 4 + 1]
      different += Math.abs(a[(y * 100 + x) * 4 + 1] - there)
      ink += 255 - there
    }
  return different / ink
}

function elsewhere(a: Uint8Array, b: Uint8Array): number {
  let [different, ink] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    if (i % 4 === 3) continue
    different += Math.abs(a[i] - b[i])
    ink += 255 - b[i]
  }
  return different / ink
}
