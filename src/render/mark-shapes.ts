import { wktShape } from './wkt-shape.js'

type Point = readonly [x: number, y: number]
/** Degrees, clockwise from the right. */
type Arc = readonly [x: number, y: number, radius: number, from: number, to: number]

/** In the box from -1 to 1, y down, that becomes as high as the mark is large. Open ones are lines: outlined and never filled. */
export interface Contour {
  readonly points: readonly (Point | Arc)[]
  readonly isOpen?: boolean
}

/** The shape of a well-known name, whatever its case; undefined when nobody knows it. */
export function markShape(name: string): readonly Contour[] | undefined {
  const key = name.trim().toLowerCase()
  if (key.startsWith('wkt://')) return wktShape(key.slice(6))
  if (Object.hasOwn(markShapes, key)) return markShapes[key]
  const arrow = /^extshape:\/\/arrow\?([\w.&=]*)$/.exec(key)
  return arrow ? arrowOf(new URLSearchParams(arrow[1])) : undefined
}

/** `x y x y …` */
function points(text: string): Point[] {
  const numbers = text.split(' ').map(Number)
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]] as const)
}

const area = (text: string): Contour[] => [{ points: points(text) }]
const lines = (...texts: readonly string[]): Contour[] => texts.map(text => ({ points: points(text), isOpen: true }))
const disc = (radius: number): Contour[] => [{ points: [[0, 0, radius, 0, 360]] }]
/** From the top, counter-clockwise: pieces of a disc, and their arcs alone. */
const sector = (degrees: number): Contour[] => [
  {
    points: [
      [0, 0, 1, degrees === 180 ? 0 : -90, degrees === 180 ? -180 : -90 - degrees],
      [0, 0],
    ],
  },
]
const bow = (degrees: number): Contour[] => [
  { points: [[0, 0, 1, degrees === 180 ? 0 : -90, degrees === 180 ? -180 : -90 - degrees]], isOpen: true },
]

/** Corners on the unit circle, the first on top unless turned (degrees), every other at `inner`. */
function star(corners: number, inner = 1, turned = 0): Contour[] {
  const count = inner === 1 ? corners : corners * 2
  const corner = (i: number) => {
    const angle = ((turned - 90 + (360 * i) / count) * Math.PI) / 180
    const radius = i % 2 ? inner : 1
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const
  }
  return [{ points: Array.from({ length: count }, (_, i) => corner(i)) }]
}

/** A cross of arms with this half width, with its corners turned (degrees). */
function cross(half: number, turned = 0, long = 1): Contour[] {
  const angle = (turned * Math.PI) / 180
  const outline = points('-1 -2 1 -2 1 -1 2 -1 2 1 1 1 1 2 -1 2 -1 1 -2 1 -2 -1 -1 -1')
  const at = (v: number) => (Math.abs(v) === 2 ? Math.sign(v) * long : v * half)
  return [
    {
      points: outline.map(([x, y]) => [
        at(x) * Math.cos(angle) - at(y) * Math.sin(angle),
        at(x) * Math.sin(angle) + at(y) * Math.cos(angle),
      ]),
    },
  ]
}

/** Eight arms of this half width. */
function asterisk(half: number): Contour[] {
  const arm = (turn: number): Point[] => {
    const [cos, sin] = [Math.cos((turn * Math.PI) / 4), Math.sin((turn * Math.PI) / 4)]
    const between = half / Math.tan(Math.PI / 8)
    return points(`1 ${-half} 1 ${half} ${between} ${half}`).map(([x, y]) => [x * cos - y * sin, x * sin + y * cos])
  }
  return [{ points: Array.from({ length: 8 }, (_, i) => arm(i)).flat() }]
}

/** GeoServer's arrow of any proportions: `t` thickness, `hr` height to width, `ab` where the head begins. */
function arrowOf(parameters: URLSearchParams): Contour[] | undefined {
  const [thickness, ratio, base] = [
    Number(parameters.get('t') ?? 0.2),
    Number(parameters.get('hr') ?? 2),
    Number(parameters.get('ab') ?? 0.5),
  ]
  if (!(thickness >= 0 && thickness <= 1 && ratio > 0.01 && ratio < 100 && base >= 0 && base <= 1)) return undefined
  const half = Math.min(1, 1 / ratio)
  const [tall, wide, neck] = [half * ratio, half, half * ratio - 2 * half * ratio * base]
  const thin = wide * thickness
  return [
    {
      points: [
        [0, -tall],
        [wide, -neck],
        [thin, -neck],
        [thin, tall],
        [-thin, tall],
        [-thin, -neck],
        [-wide, -neck],
      ],
    },
  ]
}

const box = '-1 -1 1 -1 1 1 -1 1'
const eighth = Math.SQRT2 - 1

/** Marks by name. Of SLD and SE; of GeoServer (`shape://`, `extshape://`); of QGIS. QGIS's `cross`, lines, is `shape://plus` here. */
const markShapes: Readonly<Record<string, readonly Contour[]>> = {
  // SE 1.1.0, 11.3.2
  square: area(box),
  circle: disc(1),
  triangle: area('0 -1 1 1 -1 1'),
  star: star(5, 0.382),
  cross: cross(0.25),
  x: cross(0.25, 45),

  'shape://vertline': lines('0 -1 0 1'),
  'shape://horline': lines('-1 0 1 0'),
  'shape://slash': lines('-1 1 1 -1'),
  'shape://backslash': lines('-1 -1 1 1'),
  'shape://dot': disc(0.1),
  'shape://plus': lines('-1 0 1 0', '0 -1 0 1'),
  'shape://times': lines('-1 1 1 -1', '-1 -1 1 1'),
  'shape://oarrow': lines('-1 -0.4 0 0 -1 0.4'),
  'shape://carrow': area('-1 -0.4 0 0 -1 0.4'),
  'shape://coarrow': lines('-1 -0.6 1 0 -1 0.6'),
  'shape://ccarrow': area('-1 -0.6 1 0 -1 0.6'),
  // weather fronts stand on their line
  'extshape://triangle': area('-0.5 0 0 -0.8 0.5 0'),
  'extshape://emicircle': [{ points: [[0, 0, 0.5, 0, -180]] }],
  'extshape://triangleemicircle': [...area('-0.9 0 -0.5 0.7 -0.1 0'), { points: [[0.5, 0, 0.4, 0, -180]] }],
  'extshape://narrow': area('0 -1 0.5 0 0.1 0 0.1 1 -0.1 1 -0.1 0 -0.5 0'),
  'extshape://sarrow': area('0 1 0.5 0 0.1 0 0.1 -1 -0.1 -1 -0.1 0 -0.5 0'),
  'extshape://arrow': arrowOf(new URLSearchParams())!,

  rectangle: area('-1 -0.5 1 -0.5 1 0.5 -1 0.5'),
  diamond: area('0 -1 1 0 0 1 -1 0'),
  pentagon: star(5),
  hexagon: star(6),
  octagon: area(`-${eighth} -1 ${eighth} -1 1 -${eighth} 1 ${eighth} ${eighth} 1 -${eighth} 1 -1 ${eighth} -1 -${eighth}`),
  decagon: star(10),
  regular_star: star(5, 0.382),
  diamond_star: star(4, 0.382),
  star_diamond: star(4, 0.382),
  equilateral_triangle: star(3),
  left_half_triangle: area('0 -1 1 1 0 1'),
  right_half_triangle: area('0 -1 0 1 -1 1'),
  quarter_square: area('-1 -1 0 -1 0 0 -1 0'),
  half_square: area('-1 -1 0 -1 0 1 -1 1'),
  diagonal_half_square: area('-1 -1 1 1 -1 1'),
  rounded_square: [
    {
      points: [
        [-0.5, -0.5, 0.5, 180, 270],
        [0.5, -0.5, 0.5, 270, 360],
        [0.5, 0.5, 0.5, 0, 90],
        [-0.5, 0.5, 0.5, 90, 180],
      ],
    },
  ],
  trapezoid: area('-0.5 -0.5 0.5 -0.5 1 0.5 -1 0.5'),
  parallelogram_right: area('-0.5 -0.5 1 -0.5 0.5 0.5 -1 0.5'),
  parallelogram_left: area('-1 -0.5 0.5 -0.5 1 0.5 -0.5 0.5'),
  shield: area('-0.75 -1 0 -0.8 0.75 -1 0.75 0 0.6 0.45 0.3 0.8 0 1 -0.3 0.8 -0.6 0.45 -0.75 0'),
  heart: [
    {
      points: [
        [-0.48, -0.35, 0.5, 141, 323],
        [0.48, -0.35, 0.5, 217, 399],
        [0, 0.95],
      ],
    },
  ],
  semi_circle: sector(180),
  third_circle: sector(120),
  quarter_circle: sector(90),
  half_arc: bow(180),
  third_arc: bow(120),
  quarter_arc: bow(90),
  arrow: area('0 -1 0.5 -0.5 0.25 -0.5 0.25 1 -0.25 1 -0.25 -0.5 -0.5 -0.5'),
  arrowhead: lines('-1 -1 0 0 -1 1'),
  filled_arrowhead: area('-1 -1 0 0 -1 1'),
  line: lines('0 -1 0 1'),
  cross2: lines('-1 1 1 -1', '-1 -1 1 1'),
  cross_fill: cross(0.2),
  asterisk_fill: asterisk(0.15),
  ring: [...disc(1), { points: [[0, 0, 0.6, 360, 0]] }],
}

/** All names, for those who look for one. */
export const markNames: readonly string[] = Object.keys(markShapes)
