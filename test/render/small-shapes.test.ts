// Small shapes that lie whole in the image are drawn by a way of their own, which makes the very pixels that the general one makes.
import t from 'tap'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { draw, fill, multi, polygon, stroke } from '../support/drawing.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'

type Position = [x: number, y: number]

const random = seeded(81)
const kernel = startDrawKernel()
const [width, height] = [96, 40]
/** So far to the right that what holds it, too, is not small. */
const far: Position[] = [
  [88, 3],
  [92, 3],
  [90, 7],
  [88, 3],
]

/** A ring within the left 40 pixels, up to `size` wide and high, on a grid of `step` where that is not 0. */
function ring(size: number, step: number): Position[] {
  const snapped = (v: number) => (step ? Math.round(v / step) * step : v)
  const [left, top] = [3 + random() * (34 - size), 3 + random() * (34 - size)]
  const positions = Array.from(
    { length: seededInteger(random, 3, 14) },
    (): Position => [snapped(left + random() * size), snapped(top + random() * size)],
  )
  return [...positions, positions[0]]
}

/** Whether the left 60 columns of two pictures are alike. */
function isAlike(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && (i >> 2) % width < 60) return false
  return true
}

const styles = {
  'an opaque fill': fill(),
  'a faint fill': fill(0x80208040),
  'a hairline': stroke(0.4, false, 0xc0000060),
  'an outline': stroke(1.3, true),
  'a wide outline': stroke(3, true, 0x60406000),
}

for (const [name, style] of Object.entries(styles))
  t.test(`${name} of a small shape is that of a large one`, async t => {
    let different = 0
    for (let round = 0; round < 400; round++) {
      const size = pick(random, [0.5, 2, 5, 12, 23])
      const step = pick(random, [0, 1, 1 / 16, 1 / 3])
      const rings = Array.from({ length: seededInteger(random, 1, 3) }, () => ring(size, step))
      const passes = [style]
      const [small, large] = [polygon(...rings), multi('MultiPolygon', polygon(...rings), polygon(far))].map(
        geometry => draw({ width, height, passes, geometries: [geometry], kernel, background: 0xffffff }).rgba,
      )
      if (!isAlike(small, large)) different++
    }
    t.equal(different, 0)
  })
