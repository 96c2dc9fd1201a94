import sharp from 'sharp'
import t from 'tap'
import { openCanvas } from '#render/canvas.js'
import { blendModes } from '#render/pens.js'
import type { BlendMode } from '#styles/style.js'
import { seeded } from '../support/seeded.js'

const side = 24
const random = seeded(101)

/** Straight RGBA with all kinds of alpha, and colours at the ends of their range. */
function picture(): Uint8Array {
  const channel = () => (random() < 0.3 ? (random() < 0.5 ? 0 : 255) : Math.floor(random() * 256))
  return Uint8Array.from({ length: side * side * 4 }, channel)
}

const premultiplied = (straight: Uint8Array) => straight.map((v, i) => (i % 4 === 3 ? v : Math.round((v * straight[i | 3]) / 255)))

function composed(source: Uint8Array, backdrop: Uint8Array, mode: BlendMode, opacity = 255): Uint8Array {
  const canvas = openCanvas(side, side)
  canvas.reserve(1, 0)
  const { exports } = canvas.kernel
  new Uint8Array(exports.memory.buffer, exports.planeAt(0), source.length).set(premultiplied(backdrop))
  new Uint8Array(exports.memory.buffer, exports.planeAt(1), source.length).set(premultiplied(source))
  exports.compose(1, 0, opacity, blendModes[mode])
  return canvas.pixels().slice()
}

/** The formulas of W3C Compositing and Blending Level 1, clauses 5.8 and 9.1, one colour at a time. */
const formulas: Record<Exclude<BlendMode, 'add'>, (cb: number, cs: number) => number> = {
  normal: (_, cs) => cs,
  multiply: (cb, cs) => cb * cs,
  screen: (cb, cs) => cb + cs - cb * cs,
  overlay: (cb, cs) => formulas['hard-light'](cs, cb),
  darken: Math.min,
  lighten: Math.max,
  'color-dodge': (cb, cs) => (cb === 0 ? 0 : cs === 1 ? 1 : Math.min(1, cb / (1 - cs))),
  'color-burn': (cb, cs) => (cb === 1 ? 1 : cs === 0 ? 0 : 1 - Math.min(1, (1 - cb) / cs)),
  'hard-light': (cb, cs) => (cs <= 0.5 ? cb * 2 * cs : formulas.screen(cb, 2 * cs - 1)),
  'soft-light': (cb, cs) => {
    const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb)
    return cs <= 0.5 ? cb - (1 - 2 * cs) * cb * (1 - cb) : cb + (2 * cs - 1) * (d - cb)
  },
  difference: (cb, cs) => Math.abs(cb - cs),
  exclusion: (cb, cs) => cb + cs - 2 * cb * cs,
}

t.test('every mode follows its formula', async t => {
  const [source, backdrop] = [picture(), picture()]
  const [ps, pb] = [premultiplied(source), premultiplied(backdrop)]
  const straight = (p: Uint8Array, i: number) => (p[i | 3] === 0 ? 0 : Math.min(1, p[i] / p[i | 3]))
  for (const [mode, formula] of Object.entries(formulas) as [Exclude<BlendMode, 'add'>, (cb: number, cs: number) => number][]) {
    for (const opacity of [255, 100]) {
      const out = composed(source, backdrop, mode, opacity)
      let most = 0
      for (let i = 0; i < out.length; i++) {
        const [as, ab] = [((ps[i | 3] / 255) * opacity) / 255, pb[i | 3] / 255]
        const [cs, cb] = [straight(ps, i), straight(pb, i)]
        const color = (1 - as) * ab * cb + (1 - ab) * as * cs + as * ab * formula(cb, cs)
        const expected = i % 4 === 3 ? as + ab - as * ab : color
        most = Math.max(most, Math.abs(out[i] - expected * 255))
      }
      t.ok(most < 1.6, `${mode} at ${opacity}: ${most.toFixed(2)}`)
    }
  }
})

t.test('opaque pictures blend as libvips blends them', async t => {
  const opaque = (rgba: Uint8Array) => rgba.map((v, i) => (i % 4 === 3 ? 255 : v))
  const [source, backdrop] = [opaque(picture()), opaque(picture())]
  const raw = { width: side, height: side, channels: 4 } as const
  const names: Partial<Record<BlendMode, string>> = { normal: 'over', 'color-dodge': 'colour-dodge', 'color-burn': 'colour-burn' }
  for (const mode of Object.keys(blendModes) as BlendMode[]) {
    const blend = (names[mode] ?? mode) as 'over'
    const expected = await sharp(backdrop, { raw })
      .composite([{ input: Buffer.from(source), raw, blend }])
      .raw()
      .toBuffer()
    const out = composed(source, backdrop, mode)
    // where a colour is divided by nothing, libvips goes another way than W3C
    const isOdd = (i: number) =>
      (mode === 'color-dodge' && backdrop[i] === 0 && source[i] === 255) ||
      (mode === 'color-burn' && backdrop[i] === 255 && source[i] === 0)
    t.ok(Math.max(...out.map((v, i) => (isOdd(i) ? 0 : Math.abs(v - expected[i])))) <= 2, mode)
  }
})

t.test('what is transparent changes nothing, in any mode', async t => {
  const backdrop = picture()
  for (const mode of Object.keys(blendModes) as BlendMode[])
    t.same(Buffer.from(composed(new Uint8Array(side * side * 4), backdrop, mode)).compare(premultiplied(backdrop)), 0, mode)
})
