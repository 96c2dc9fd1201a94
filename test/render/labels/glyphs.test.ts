import { fileURLToPath } from 'node:url'
import t from 'tap'
import { packed } from '#render/color.js'
import { createGlyphMasks } from '#render/labels/drawing/glyph-masks.js'
import { createGlyphOutlines } from '#render/labels/drawing/glyph-outlines.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import { at, black, drawn, engine, inkOf, placedOn, textOf, wanted } from '../../support/labels.js'
import { qtMasks, withoutQt } from '../../support/qt-fonts.js'

const file = (path: string) => fileURLToPath(import.meta.resolve(path))
const outlines = createGlyphOutlines(engine.fonts)
const masks = createGlyphMasks(outlines)

t.test('letters are covered as FreeType covers them', { skip: withoutQt() }, async t => {
  for (const [family, path] of [
    ['DejaVu Sans', 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf'],
    ['Tinos', '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf'],
  ]) {
    const [face] = engine.fonts.choose([family], 400, false)
    const text = 'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz0123456789éÉçñß&@%'
    const glyphs = text.split('').map(letter => engine.fonts.face(face)!.shape(letter, 0, 1, false, 'Latn').glyphs[0])
    for (const size of [9, 11, 16, 33]) {
      const theirs = qtMasks(glyphs.map(glyph => ({ file: file(path), size, glyph })))
      let [sum, count, most] = [0, 0, 0]
      for (const [i, glyph] of glyphs.entries()) {
        const mask = masks.of(size, 0)(face, glyph, 0, 0)
        if (typeof mask === 'string') return t.fail(`${text[i]} has no mask`)
        const { left, top, rows } = theirs[i]
        const at = (x: number, y: number) => rows[y - top]?.[x - left] ?? 0
        // all pixels of both, and one around
        for (let y = Math.min(top, mask.top) - 1; y <= Math.max(top + rows.length, mask.top + mask.rows); y++) {
          for (let x = Math.min(left, mask.left) - 1; x <= Math.max(left + rows[0].length, mask.left + mask.columns); x++) {
            const [column, row] = [x - mask.left, y - mask.top]
            const isIn = column >= 0 && row >= 0 && column < mask.columns && row < mask.rows
            const difference = Math.abs((isIn ? mask.alpha[row * mask.pitch + column] : 0) - at(x, y))
            sum += difference
            most = Math.max(most, difference)
            if (at(x, y) > 0) count++
          }
        }
      }
      t.ok(sum / count < 2, `${family} at ${size}: ${(sum / count).toFixed(2)} of 255 a pixel`)
      t.ok(most <= 24, `${family} at ${size}: nowhere more than 24, found ${most}`)
    }
  }
})

const mapOf = (label: PlacedLabel) => inkOf(160, 60, [label])
const [plain] = placedOn(160, 60, [wanted(textOf('Halo gj', { size: 20 }), at(80, 30))])

t.test('a halo reaches its radius around the letters, all the way', async t => {
  for (const radius of [0.5, 1, 2.5, 4]) {
    const ink = mapOf(plain)
    const haloed = {
      ...plain,
      text: { ...plain.text, halo: { color: packed(0xffffff, 1), radius } },
      boxes: [0, 0, 160, 60],
    }
    const whole = mapOf(haloed)
    let [bare, far] = [0, 0]
    for (let y = 6; y < 54; y++) {
      for (let x = 6; x < 154; x++) {
        const near = nearest(ink, x, y)
        // centres of pixels: half a diagonal of play on both sides
        if (near.solid <= radius - 0.75 && whole[y * 160 + x] < 255) bare++
        if (near.any > radius + 1.5 && whole[y * 160 + x] > 0) far++
      }
    }
    t.same([bare, far], [0, 0], `radius ${radius}: none bare within, none covered beyond`)
  }
})

/** Distances of a pixel from the nearest full one and from the nearest one with any ink. */
function nearest(ink: Uint8Array, x: number, y: number) {
  let [solid, any] = [Infinity, Infinity]
  for (let v = y - 6; v <= y + 6; v++) {
    for (let u = x - 6; u <= x + 6; u++) {
      const distance = Math.hypot(u - x, v - y)
      if (ink[v * 160 + u] === 255) solid = Math.min(solid, distance)
      if (ink[v * 160 + u] > 0) any = Math.min(any, distance)
    }
  }
  return { solid, any }
}

t.test('the letters lie over every halo of their label', async t => {
  const halo = { color: packed(0xff0000, 1), radius: 3 }
  const [label] = placedOn(160, 60, [wanted(textOf('lllll', { size: 20, halo }), at(80, 30))])
  const [bare] = placedOn(160, 60, [wanted(textOf('lllll', { size: 20 }), at(80, 30))])
  const [with_, without] = [drawn(160, 60, [label]), inkOf(160, 60, [bare])]
  const covered = [...without.keys()].filter(i => without[i] === 255)
  t.ok(covered.length > 20)
  t.ok(
    covered.every(i => with_[i * 4] === 0 && with_[i * 4 + 3] === 255),
    'no letter is under a halo',
  )
})

t.test('letters drawn as outlines and as masks are alike', async t => {
  const [mask, outline] = [mapOf(plain), mapOf({ ...plain, turns: new Float32Array(plain.glyphs.length) })]
  const difference = mask.reduce((sum, value, i) => sum + Math.abs(value - outline[i]), 0)
  const ink = outline.reduce((sum, value) => sum + value, 0)
  t.ok(ink > 10_000)
  // an eighth of a pixel aside at most
  t.ok(difference / ink < 0.1, `${(difference / ink).toFixed(3)} of the ink`)
  t.ok(Math.abs(mask.reduce((sum, value) => sum + value, 0) / ink - 1) < 0.01, 'as much ink')
})

t.test('large letters have curves and halos too', async t => {
  const halo = { color: packed(0x00ff00, 1), radius: 5 }
  const [label] = placedOn(300, 200, [wanted(textOf('OQ', { size: 120, halo }), at(150, 100))])
  const rgba = drawn(300, 200, [label])
  const count = (is: (r: number, g: number, a: number) => boolean) => {
    let pixels = 0
    for (let i = 0; i < rgba.length; i += 4) if (is(rgba[i], rgba[i + 1], rgba[i + 3])) pixels++
    return pixels
  }
  t.ok(count((_r, g, a) => a === 255 && g === 0) > 2000, 'letters')
  t.ok(count((_r, g, a) => a === 255 && g === 255) > 2000, 'halo')
})

t.test('a turned label is the level one turned', async t => {
  const [level] = placedOn(200, 200, [wanted(textOf('Rotation', { size: 16 }), at(100, 100))])
  const [turned] = placedOn(200, 200, [wanted(textOf('Rotation', { size: 16 }), at(100, 100, { rotation: 90 }))])
  const [a, b] = [inkOf(200, 200, [{ ...level, turns: new Float32Array(8) }]), inkOf(200, 200, [turned])]
  // level text moved to a whole pixel by up to half a one: compare columns with rows through their sums
  const mass = (ink: Uint8Array) => ink.reduce((sum, value) => sum + value, 0)
  t.ok(Math.abs(mass(a) / mass(b) - 1) < 0.01)
  const centre = (ink: Uint8Array) => {
    let [x, y] = [0, 0]
    for (const [i, value] of ink.entries()) {
      x += (i % 200) * value
      y += Math.floor(i / 200) * value
    }
    return [x / mass(ink) - 99.5, y / mass(ink) - 99.5]
  }
  const [[ax, ay], [bx, by]] = [centre(a), centre(b)]
  t.ok(Math.abs(-ay - bx) < 0.6 && Math.abs(ax - by) < 0.6, 'clockwise, around the point')
})

t.test('a colour that shines through is laid on once, letters and halos alike', async t => {
  const half = packed(0, 0.5)
  const [label] = placedOn(160, 60, [wanted(textOf('WAVAW', { size: 30, color: 0, halo: { color: half, radius: 3 } }), at(80, 30))])
  for (const [name, one] of [
    ['masks', label],
    ['outlines', { ...label, turns: new Float32Array(5) }],
  ] as const) {
    t.equal(Math.max(...inkOf(160, 60, [one])), half >>> 24, name)
  }
  t.equal(black >>> 24, 255)
})
