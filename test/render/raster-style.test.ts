import t from 'tap'
import { blendOver } from '#render/raster-blend.js'
import type { PaintedBand } from '#render/raster-look.js'
import type { RasterPixels } from '#render/raster-pixels.js'
import { startReduction } from '#render/raster-reduce.js'
import { rasterPainter } from '#render/raster-style.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'

const cell = { x: 10, y: -10 }
const symbolizer = (more: Partial<RasterSymbolizer>): RasterSymbolizer => ({ kind: 'raster', opacity: 1, ...more })

/** Colours as `rrggbbaa`. */
function paint(
  bands: readonly PaintedBand[],
  pixels: Partial<RasterPixels> & Pick<RasterPixels, 'bands'>,
  style?: RasterSymbolizer,
): string[] {
  const width = pixels.bands[0].length
  const out = new Uint32Array(width)
  rasterPainter(bands, style).paint({ width, height: 1, ...pixels }, cell, out)
  return Array.from(new Uint8Array(out.buffer), byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .match(/.{8}/g)!
}

const byte = (meaning: string): PaintedBand => ({ sampleType: 'uint8', meaning })

t.test('photographs are drawn as they are, infrared only when asked for', t => {
  const bands = [byte('red'), byte('green'), byte('blue'), byte('infrared')]
  const samples = [1, 2, 3, 200].map(value => Uint8Array.of(value))
  t.same(paint(bands, { bands: samples }), ['010203ff'])
  t.same(paint(bands, { bands: samples }, symbolizer({ bands: [3, 0, 1] })), ['c80102ff'])
  t.same(paint(bands, { bands: samples }, symbolizer({ bands: [3, 3, 3] })), ['c8c8c8ff'])
  const order = [byte('infrared'), byte('red'), byte('green'), byte('blue')]
  t.same(paint(order, { bands: samples }), ['0203c8ff'], 'the file says which is which')
  t.same(paint([byte('value'), byte('value'), byte('value')], { bands: samples }), ['010203ff'])
  t.end()
})

t.test('any number of pixels of a photograph, wherever in memory they lie', t => {
  const bands = [byte('red'), byte('green'), byte('blue')]
  for (const count of [1, 3, 4, 5, 8, 11])
    for (const start of [0, 1, 4]) {
      const samples = [37, 111, 250].map(step => Uint8Array.from({ length: count + start }, (_, i) => i * step).subarray(start))
      const hex = (value: number) => value.toString(16).padStart(2, '0')
      const right = Array.from({ length: count }, (_, i) => `${samples.map(band => hex(band[i])).join('')}ff`)
      t.same(paint(bands, { bands: samples }), right, `${count} from byte ${start}`)
    }
  t.end()
})

t.test('deep photographs are stretched over their range and clamped', t => {
  const band = (meaning: string): PaintedBand => ({ sampleType: 'uint16', meaning, range: [1000, 2000] })
  const samples = [Uint16Array.of(0, 1000, 1500), Uint16Array.of(2000, 2000, 1500), Uint16Array.of(60000, 1000, 1500)]
  t.same(paint([band('red'), band('green'), band('blue')], { bands: samples }), ['00ffffff', '00ff00ff', '808080ff'])
  t.same(paint([band('red'), band('green'), band('blue')], { bands: samples }, symbolizer({ range: [0, 60000] }))[0], '0008ffff')
  t.end()
})

t.test('palettes, ramps and gray', t => {
  const classes = paint([byte('palette')], { bands: [Uint8Array.of(0, 1)], palette: Uint32Array.of(0x102030, 0xffeedd) })
  t.same(classes, ['102030ff', 'ffeeddff'])
  t.equal(rasterPainter([byte('palette')]).isClassified, true)
  t.same(paint([byte('gray')], { bands: [Uint8Array.of(0, 77, 255)] }), ['000000ff', '4d4d4dff', 'ffffffff'])
  const entries = [
    { value: 100, color: '#ff0000' },
    { value: 0, color: '#000000' },
    { value: -9999, color: '#0000ff' },
  ]
  const colorMap = { kind: 'ramp', entries } as const
  const ramp = paint(
    [{ sampleType: 'float32', meaning: 'gray' }],
    { bands: [Float32Array.of(50, 100, 900, 0, -20000, Number.NaN)] },
    symbolizer({ colorMap }),
  )
  t.same(ramp, ['800000ff', 'ff0000ff', 'ff0000ff', '000000ff', '0000ffff', '00000000'])
  t.end()
})

t.test('masked pixels are premultiplied or left out', t => {
  const bands = [byte('red'), byte('green'), byte('blue')]
  const samples = [200, 100, 50].map(value => new Uint8Array(3).fill(value))
  t.same(paint(bands, { bands: samples, mask: Uint8Array.of(0, 128, 255) }), ['00000000', '64321980', 'c86432ff'])
  t.end()
})

t.test('a style that asks for gray gets it, of heights too, and without relief', t => {
  const band: PaintedBand = { sampleType: 'float32', meaning: 'gray', range: [0, 400] }
  const heights = { bands: [Float32Array.of(-10, 100, 151, 202, 1000)] }
  const gray = symbolizer({ value: { kind: 'band', band: 0 }, isGray: true, range: [100, 202] })
  t.same(paint([band], heights, gray), ['000000ff', '000000ff', '808080ff', 'ffffffff', 'ffffffff'])
  t.end()
})

t.test('heights get colours by range, and relief from the north-west', t => {
  const side = 9
  const heights = new Float32Array(side * side)
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) heights[y * side + x] = 100 - 10 * Math.hypot(x - 4, y - 4)
  const out = new Uint32Array(side * side)
  const band: PaintedBand = { sampleType: 'float32', meaning: 'gray', range: [0, 400] }
  rasterPainter([band]).paint({ width: side, height: side, bands: [heights] }, cell, out)
  const light = (x: number, y: number) => out[y * side + x] & 0xff
  t.ok(light(2, 2) > light(6, 6) + 20, 'the side towards the light is brighter')
  const flat = new Uint32Array(side * side)
  rasterPainter([band], symbolizer({ isShaded: false })).paint({ width: side, height: side, bands: [heights] }, cell, flat)
  t.equal(flat[2 * side + 2], flat[6 * side + 6], 'without relief equal heights are equal')
  const south = new Uint32Array(side * side)
  rasterPainter([band]).paint({ width: side, height: side, bands: [heights] }, { x: 10, y: 10 }, south)
  t.ok((south[6 * side + 2] & 0xff) > (south[2 * side + 6] & 0xff) + 20, 'in a file that is south up, too')
  t.end()
})

t.test('reducing averages what is valid, and never classes', t => {
  const strip = { width: 5, height: 3, bands: [Uint8Array.from([0, 10, 20, 30, 40, 2, 12, 22, 32, 42, 7, 7, 7, 7, 7])] }
  const mean = startReduction(5, 3, 2, false)
  mean.add({ ...strip, height: 2, bands: [strip.bands[0].subarray(0, 10)] }, 0)
  mean.add({ ...strip, height: 1, bands: [strip.bands[0].subarray(10)] }, 2)
  t.same(Array.from(mean.finish().bands[0]), [6, 26, 41, 7, 7, 7])
  const masked = startReduction(4, 1, 4, false)
  masked.add({ width: 4, height: 1, bands: [Float32Array.of(1, 3, Number.NaN, 1000)], mask: Uint8Array.of(255, 255, 255, 0) }, 0)
  t.same(Array.from(masked.finish().bands[0]), [2])
  t.same(Array.from(masked.finish().mask!), [191])
  const classes = startReduction(4, 1, 4, true)
  classes.add({ width: 4, height: 1, bands: [Uint8Array.of(1, 2, 9, 4)] }, 0)
  t.same(Array.from(classes.finish().bands[0]), [9])
  t.end()
})

t.test('blending is source over, with an opacity', t => {
  const target = Uint8Array.of(100, 100, 100, 255, 0, 0, 0, 0, 10, 20, 30, 255)
  blendOver(target, 3, Uint32Array.of(0xff000000, 0x80808080, 0), { left: 0, top: 0, width: 3, height: 1 })
  t.same(Array.from(target), [0, 0, 0, 255, 128, 128, 128, 128, 10, 20, 30, 255])
  blendOver(target, 3, Uint32Array.of(0xffffffff), { left: 0, top: 0, width: 1, height: 1 }, 0.5)
  t.same(Array.from(target.subarray(0, 4)), [128, 128, 128, 255])
  t.end()
})
