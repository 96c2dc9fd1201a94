import t from 'tap'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import type { Pen, PreparedImage } from '#render/pens.js'
import { prepareMark } from '#render/prepare-mark.js'
import { prepareTexture } from '#render/prepare-texture.js'
import { differenceOf, line, multi, point, polygon } from '../support/drawing.js'
import { drawPens } from '../support/pens.js'
import { pick, seeded } from '../support/seeded.js'

const size = 64
const across = 4
const translucent = { kind: 'color', rgba: 0x80104020 } as const
const outline = { rgba: 0xff000000, width: 1.5, join: 'round', dashes: [3, 2] } as const
const star = prepareMark('star', { size: 17, fill: 0xff2040c0, outline })!
const arrow = prepareMark('shape://coarrow', { size: 12, outline: { rgba: 0x80000080, width: 2 } })!
const halo = prepareMark('circle', { size: 7, fill: 0xffffffff })!
const disc = { ...prepareMark('circle', { size: 5, fill: 0xff6030b0 })!, under: { ...halo, rgba: 0xffffffff } }
const ring = prepareMark('ring', { size: 19.5, fill: 0x80104020 })!
const image: PreparedImage = {
  kind: 'image',
  width: 9,
  height: 14,
  bytes: Uint8Array.from({ length: 9 * 14 * 4 }, (_, i) => (i % 4 === 3 ? 200 : (i * 7) % 200)),
}

function pens(scratch: DrawKernel): Record<string, Pen> {
  const hatch = { kind: 'hatch', rgba: 0xc0203040, angle: 33, spacing: 7.3, width: 2.1, dashes: [9, 4.5], dashOffset: 2 } as const
  const texture = prepareTexture(scratch, { pen: { graphic: star, rotation: 20 }, margin: [3.4, -2], stagger: 0.4 })
  return {
    'moved fill': { kind: 'fill', classes: 4, paint: translucent, displacement: [3.3, -2.7] },
    hatch: { kind: 'fill', classes: 4, paint: { kind: 'pattern', pattern: hatch } },
    texture: { kind: 'fill', classes: 4, paint: { kind: 'pattern', pattern: texture, opacity: 0.6 } },
    'pattern stroke': { kind: 'stroke', classes: 6, paint: { kind: 'pattern', pattern: texture }, width: 13, join: 'bevel', cap: 'square' },
    dashes: { kind: 'stroke', classes: 6, paint: translucent, width: 3.3, dashes: [11, 4, 0, 4.2], dashOffset: 5, cap: 'round' },
    'square dashes': {
      kind: 'stroke',
      classes: 6,
      paint: translucent,
      width: 4,
      dashes: [7, 9, 3],
      dashOffset: -5,
      cap: 'square',
      join: 'round',
    },
    parallel: { kind: 'stroke', classes: 6, paint: translucent, width: 2, offset: 6.4, join: 'round', dashes: [8, 3] },
    'other side': { kind: 'stroke', classes: 6, paint: translucent, width: 2, offset: -9 },
    marks: { kind: 'graphic', classes: 7, graphic: star, rotation: 12, anchor: [0.2, 0.9], displacement: [4, 5.5], opacity: 0.7 },
    'small marks': { kind: 'graphic', classes: 7, graphic: disc, part: 'vertices' },
    'turned small marks': { kind: 'graphic', classes: 7, graphic: ring, part: 'vertices', rotation: 20, isTurned: true },
    images: { kind: 'graphic', classes: 7, graphic: image, part: 'centroid' },
    'turned images': { kind: 'graphic', classes: 7, graphic: image, part: 'vertices', rotation: 33, isTurned: true },
    'line ends': { kind: 'graphic', classes: 6, graphic: arrow, part: 'boundary', isTurned: true },
    'marks along': { kind: 'graphic-stroke', classes: 6, graphic: arrow, gap: 3.7, initialGap: 5, offset: 4 },
    'images along': { kind: 'graphic-stroke', classes: 6, graphic: image, gap: 6.1, rotation: 90 },
    'upright along': { kind: 'graphic-stroke', classes: 6, graphic: star, gap: 6.1, isUpright: true },
  }
}

/** Shapes of all sizes, in pixels around the map. */
function shapes(random: () => number, count: number): Uint8Array[] {
  const at = (spread: number): [number, number] => [128 + (random() - 0.5) * spread, 128 + (random() - 0.5) * spread]
  const path = (spread: number) => Array.from({ length: 3 + Math.floor(random() * 8) }, () => at(spread))
  return Array.from({ length: count }, () => {
    const spread = pick(random, [60, 200, 500, 1500, 20_000])
    const ring = path(spread)
    switch (Math.floor(random() * 4)) {
      case 0:
        return point(...at(300))
      case 1:
        return line(...path(spread))
      case 2:
        return multi('MultiLineString', line(...path(spread)), line(...path(spread / 2)))
      default:
        return polygon([...ring, ring[0]])
    }
  })
}

t.test('whatever the pen: a tile and the same cut of a bigger map are equal, pixel for pixel', async t => {
  const random = seeded(61)
  const kernel = startDrawKernel()
  const [left, top] = [5_000_123 * 64, -77 * 64]
  for (const [name, pen] of Object.entries(pens(startDrawKernel()))) {
    const geometries = shapes(random, 14)
    const whole = drawPens({
      width: size * across,
      height: size * across,
      left,
      top,
      pens: [pen],
      geometries: moved(geometries, left, top),
      kernel,
    })
    let most = 0
    for (let i = 0; i < 8; i++) {
      const [column, row] = [Math.floor(random() * across), Math.floor(random() * across)]
      const tile = drawPens({
        width: size,
        height: size,
        left: left + column * size,
        top: top + row * size,
        pens: [pen],
        geometries: moved(geometries, left, top),
        kernel,
      })
      const cut = new Uint8Array(size * size * 4)
      for (let y = 0; y < size; y++) {
        const from = ((row * size + y) * whole.width + column * size) * 4
        cut.set(whole.rgba.subarray(from, from + size * 4), y * size * 4)
      }
      most = Math.max(most, differenceOf(tile.rgba, cut).most)
    }
    t.equal(most, 0, name)
    t.ok(
      whole.rgba.some((v, i) => i % 4 === 3 && v > 0),
      `${name}: something is drawn`,
    )
  }
})

t.test('maps so high that they are drawn in bands are no different', async t => {
  const random = seeded(62)
  const kernel = startDrawKernel()
  // 4,000 pixels wide, some 260 rows make a band
  const [width, height, left] = [4000, 540, 90]
  const geometries = shapes(random, 10)
  for (const [name, pen] of Object.entries(pens(startDrawKernel()))) {
    const whole = drawPens({ width, height, pens: [pen], geometries, kernel })
    const narrow = drawPens({ width: 200, height, left, pens: [pen], geometries, kernel })
    let most = 0
    for (let y = 0; y < height; y++) {
      const from = (y * width + left) * 4
      most = Math.max(most, differenceOf(narrow.rgba.subarray(y * 800, y * 800 + 800), whole.rgba.subarray(from, from + 800)).most)
    }
    t.equal(most, 0, name)
  }
})

/** The same shapes around another place: coordinates are shifted in place of the map. */
function moved(geometries: readonly Uint8Array[], x: number, y: number): Uint8Array[] {
  return geometries.map(bytes => {
    const copy = bytes.slice()
    const view = new DataView(copy.buffer)
    const shift = (at: number, count: number) => {
      for (let i = 0; i < count; i++) {
        view.setFloat64(at + i * 16, view.getFloat64(at + i * 16, true) + x, true)
        view.setFloat64(at + i * 16 + 8, view.getFloat64(at + i * 16 + 8, true) + y, true)
      }
    }
    const walk = (at: number): number => {
      const kind = view.getUint32(at + 1, true)
      if (kind === 1) {
        shift(at + 5, 1)
        return at + 21
      }
      const count = view.getUint32(at + 5, true)
      if (kind === 2) {
        shift(at + 9, count)
        return at + 9 + count * 16
      }
      let next = at + 9
      for (let i = 0; i < count; i++) {
        if (kind === 3) {
          const length = view.getUint32(next, true)
          shift(next + 4, length)
          next += 4 + length * 16
        } else next = walk(next)
      }
      return next
    }
    walk(0)
    return copy
  })
}
