import t from 'tap'
import { areaColors, categoryColors, missingColor, otherColor, sequentialColors } from '#styles/suggest/palettes.js'

type Vector = readonly [number, number, number]
type Matrix = readonly [Vector, Vector, Vector]

/** Machado, Oliveira and Fernandes 2009, severity 1, over linear RGB. */
const sights: Readonly<Record<string, Matrix>> = {
  'normal sight': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const times = (matrix: Matrix, [a, b, c]: Vector): Vector => matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Vector

/** `#rrggbb` in linear light, laid over white with an opacity. */
function linear(color: string, opacity = 1): Vector {
  const bytes = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255)
  return bytes.map(v => v * opacity + 1 - opacity).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as unknown as Vector
}

/** CIELAB under D65, from linear sRGB (IEC 61966-2-1; CIE 15). */
function lab(rgb: Vector): Vector {
  const inside = rgb.map(v => Math.min(1, Math.max(0, v))) as unknown as Vector
  const [x, y, z] = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    inside,
  )
  const f = (v: number) => (v > 216 / 24389 ? Math.cbrt(v) : (24389 / 27 / 116) * v + 16 / 116)
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)]
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

const seen = (color: string, sight: string, opacity = 1) => lab(times(sights[sight], linear(color, opacity)))
const distance = (a: Vector, b: Vector) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

/** The two colours of `colors` that are hardest to tell apart. */
function closest(colors: readonly string[], sight: string, opacity = 1): { distance: number; pair: string } {
  let least = { distance: Number.POSITIVE_INFINITY, pair: '' }
  for (const [i, a] of colors.entries())
    for (const b of colors.slice(i + 1)) {
      const between = distance(seen(a, sight, opacity), seen(b, sight, opacity))
      if (between < least.distance) least = { distance: between, pair: `${a} ${b}` }
    }
  return least
}

t.test('the measure is that of the CIE, and finds what colour blind people confuse', async t => {
  t.same(
    lab(linear('#ff0000')).map(v => Math.round(v * 10) / 10),
    [53.2, 80.1, 67.2],
  )
  t.same(
    seen('#ffffff', 'protanopia').map(Math.round),
    [100, 0, 0].map(v => v + 0),
  )
  t.ok(distance(seen('#d62728', 'normal sight'), seen('#2ca02c', 'normal sight')) > 80)
  t.ok(closest(['#7a6a2a', '#a05a2c'], 'deuteranopia').distance < 12, 'a brown and an olive')
})

t.test('any two categories can be told apart by every eye', async t => {
  t.equal(new Set(categoryColors).size, 12)
  t.same([...areaColors].sort(), [...categoryColors].sort(), 'areas have the same colours')
  const all = [...categoryColors, otherColor]
  for (const sight of Object.keys(sights)) {
    const solid = closest(all, sight)
    t.ok(solid.distance > 12, `${sight}: ${solid.distance.toFixed(1)} between ${solid.pair}`)
    const six = closest([...categoryColors.slice(0, 6), otherColor], sight)
    t.ok(six.distance > 18, `${sight}, the first six: ${six.distance.toFixed(1)} between ${six.pair}`)
    const sixAreas = closest([...areaColors.slice(0, 6), otherColor], sight, 0.6)
    t.ok(sixAreas.distance > 11, `${sight}, the first six of areas: ${sixAreas.distance.toFixed(1)} between ${sixAreas.pair}`)
    const translucent = closest(all, sight, 0.6)
    t.ok(translucent.distance > 8, `${sight}, over white: ${translucent.distance.toFixed(1)} between ${translucent.pair}`)
  }
})

t.test('quantities go from light to dark in even steps, for every eye', async t => {
  for (const lightest of [0.94, 0.84, 0.8])
    for (const count of [1, 2, 3, 5, 9]) {
      const colors = sequentialColors(count, lightest)
      t.equal(colors.length, count)
      for (const sight of Object.keys(sights)) {
        const steps = colors.map(color => seen(color, sight)[0]).map((value, i, all) => (i === 0 ? 0 : all[i - 1] - value))
        t.ok(
          steps.slice(1).every(step => step > 40 / count),
          `${sight}, ${count} from ${lightest}: ${steps.map(step => step.toFixed(1))}`,
        )
      }
      const even = colors.map(color => seen(color, 'normal sight')[0])
      const steps = even.slice(1).map((value, i) => even[i] - value)
      if (count > 2) t.ok(Math.max(...steps) < 1.5 * Math.min(...steps), `${count} from ${lightest}: even`)
    }
  const five = sequentialColors(5, 0.94)
  for (const sight of Object.keys(sights))
    t.ok(Math.min(...five.map(color => distance(seen(color, sight), seen(missingColor, sight)))) > 8, `${sight}: none is that of no value`)
})
