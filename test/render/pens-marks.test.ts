import t from 'tap'
import { markNames, markShape } from '#render/mark-shapes.js'
import type { Pen } from '#render/pens.js'
import { type MarkLook, prepareMark } from '#render/prepare-mark.js'
import { point } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink, type PenPicture } from '../support/pens.js'
import { qgisAnswers, withoutQgis } from './qgis-answers.js'

const side = 64
const lineLook: MarkLook = { size: 40, outline: { rgba: ink.rgba, width: 2 } }
const areaLook: MarkLook = { size: 40, fill: ink.rgba }

/** In the middle of a picture of 64 pixels. */
function drawMark(name: string, look: MarkLook, more: Partial<Pen> = {}): PenPicture {
  const pen = { kind: 'graphic', classes: 1, graphic: prepareMark(name, look)!, ...more } as Pen
  return drawPens({ width: side, height: side, pens: [pen], geometries: [point(side / 2, side / 2)] })
}

const ofAlpha = (alpha: readonly number[]): PenPicture => {
  const rgba = Uint8Array.from({ length: alpha.length * 4 }, (_, i) => (i % 4 === 3 ? alpha[i >> 2] : 0))
  return { width: side, height: side, rgba, alpha: (x, y) => alpha[y * side + x] }
}

/** Those that QGIS 3.22 knows; where names clash, ours. */
const ofQgis: Record<string, string> = {
  ...Object.fromEntries(
    [
      'square circle diamond pentagon hexagon octagon triangle equilateral_triangle star arrow filled_arrowhead arrowhead',
      'cross_fill cross2 line half_square quarter_square diagonal_half_square left_half_triangle right_half_triangle',
      'semi_circle third_circle quarter_circle half_arc third_arc quarter_arc asterisk_fill',
    ]
      .join(' ')
      .split(' ')
      .map(name => [name, name]),
  ),
  cross: 'shape://plus',
}

t.test('the marks of QGIS are as QGIS draws them', { skip: withoutQgis }, async t => {
  const names = Object.keys(ofQgis)
  const answers = qgisAnswers<number[]>(names.map(name => ['marker', name, 40]))
  for (const [i, name] of names.entries()) {
    const isLine = markShape(ofQgis[name])!.every(({ isOpen }) => isOpen)
    const { mean, off } = alphaDistance(drawMark(ofQgis[name], isLine ? lineLook : areaLook), ofAlpha(answers[i]))
    t.ok(mean < 0.002 && off < 0.001, `${name}: ${mean.toFixed(4)} ${off.toFixed(4)}`)
  }
})

t.test('the marks of SLD and GeoServer are as their documents describe them', async t => {
  const path = (d: string) => `<path transform="translate(32 32) scale(20)" d="${d}"/>`
  const stroked = (d: string) => `<g fill="none" stroke="#000" stroke-width="0.1">${path(d)}</g>`
  const expected: Record<string, string> = {
    'shape://vertline': stroked('M0-1V1'),
    'shape://horline': stroked('M-1 0H1'),
    'shape://slash': stroked('M-1 1L1-1'),
    'shape://backslash': stroked('M-1-1L1 1'),
    'shape://plus': stroked('M-1 0H1M0-1V1'),
    'shape://times': stroked('M-1 1L1-1M-1-1L1 1'),
    'shape://oarrow': stroked('M-1-.4L0 0L-1 .4'),
    'shape://carrow': path('M-1-.4L0 0L-1 .4Z'),
    circle: '<circle cx="32" cy="32" r="20"/>',
    // a cross with arms as wide as a quarter of it
    cross: path('M-.25-1H.25V1H-.25ZM-1-.25H1V.25H-1Z'),
    x: `<g transform="rotate(45 32 32)">${path('M-.25-1H.25V1H-.25ZM-1-.25H1V.25H-1Z')}</g>`,
    'extshape://arrow?t=0.5&hr=1&ab=1': path('M0-1L1 1H-1Z'),
    'extshape://arrow': path('M0-1L.5 0H.1V1H-.1V0H-.5Z'),
    'extshape://narrow': path('M0-1L.5 0H.1V1H-.1V0H-.5Z'),
    'wkt://MULTILINESTRING((-0.25 -0.25, -0.125 -0.25), (0 0.5, 0.25 0))': stroked('M-.5 .5H-.25M0-1L.5 0'),
    'wkt://POLYGON( (-0.5 -0.5, 0.5 -0.5, 0 0.5, -0.5 -0.5), (-0.1 -0.3, 0 0, 0.1 -0.3, -0.1 -0.3))':
      path('M-1 1H1L0-1ZM-.2 .6L0 0L.2 .6Z'),
    'wkt://MULTIPOLYGON(((-0.5 -0.5, 0.5 -0.5, 0 0.5, -0.5 -0.5), (-0.1 -0.3, 0.1 -0.3, 0 0, -0.1 -0.3)))':
      path('M-1 1H1L0-1ZM-.2 .6L0 0L.2 .6Z'),
    'extshape://sarrow': path('M0 1L.5 0H.1V-1H-.1V0H-.5Z'),
  }
  for (const [name, svg] of Object.entries(expected)) {
    const isLine = markShape(name)!.every(({ isOpen }) => isOpen)
    const { mean, off } = alphaDistance(drawMark(name, isLine ? lineLook : areaLook), await drawSvg(side, side, svg))
    t.ok(mean < 0.003 && off < 0.001, `${name}: ${mean.toFixed(4)} ${off.toFixed(4)}`)
  }
})

t.test('every name draws something within its box, and no other name does', async t => {
  for (const name of markNames) {
    const drawn = drawMark(name, { size: 40, fill: ink.rgba, outline: { rgba: ink.rgba, width: 1 } })
    const xs = Array.from({ length: side * side }, (_, i) => i).filter(i => drawn.rgba[i * 4 + 3] > 0)
    t.ok(xs.length > 20, name)
    t.ok(
      xs.every(i => Math.abs((i % side) - 31.5) < 22 && Math.abs(Math.floor(i / side) - 31.5) < 22),
      `${name} stays in its box`,
    )
  }
  for (const name of [
    '',
    'Blume',
    'constructor',
    '__proto__',
    'shape://',
    'extshape://arrow?t=9',
    'extshape://arrow?hr=NaN',
    'wkt://POINT(0 0)',
    'wkt://LINESTRING(0 0)',
    'wkt://LINESTRING(0 a, 1 1)',
    `wkt://LINESTRING(${'0 0,'.repeat(9000)}1 1)`,
  ])
    t.equal(prepareMark(name, areaLook), undefined, name.slice(0, 40))
  t.ok(prepareMark(' Circle ', areaLook))
})

t.test('rotation, anchor, displacement, opacity and dashed outlines are those of SVG transforms', async t => {
  const shape = 'M-20-20L20 20H-20Z'
  const placed = (transform: string, style = '') => drawSvg(side, side, `<path transform="${transform}" d="${shape}" ${style}/>`)
  const name = 'diagonal_half_square'
  const cases: [string, Partial<Pen>, string, string?][] = [
    ['rotated clockwise', { rotation: 30 }, 'translate(32 32) rotate(30)'],
    ['displaced, right and down', { displacement: [5, 3.5] }, 'translate(37 35.5)'],
    ['anchored at its lower left corner', { anchor: [0, 1] }, 'translate(52 12)'],
    [
      'rotated around its anchor, then displaced',
      { rotation: 75, anchor: [0.1, 1], displacement: [-6, 0] },
      'translate(26 32) rotate(75) translate(16 -20)',
    ],
    ['half as opaque', { opacity: 0.5 }, 'translate(32 32)', 'opacity="0.5"'],
  ]
  for (const [what, more, transform, style] of cases)
    t.ok(alphaDistance(drawMark(name, areaLook, more), await placed(transform, style)).mean < 0.003, what)
  const outlined = drawMark(
    name,
    { size: 40, outline: { rgba: ink.rgba, width: 3, join: 'bevel', dashes: [7, 4], dashOffset: 2 } },
    { rotation: 30 },
  )
  const style = 'fill="none" stroke="#000" stroke-width="3" stroke-linejoin="bevel" stroke-dasharray="7 4" stroke-dashoffset="2"'
  t.ok(alphaDistance(outlined, await placed('translate(32 32) rotate(30)', style)).mean < 0.003, 'dashed outline')
})
