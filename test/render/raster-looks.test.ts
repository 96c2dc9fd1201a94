import { join } from 'node:path'
import t from 'tap'
import { bandValues } from '#render/band-values.js'
import { rasterPainter } from '#render/raster-style.js'
import { terrainColors } from '#render/terrain-colors.js'
import { parseBandExpression } from '#styles/band-expression.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { gdal, gdalRead, withoutGdal } from '../support/gdal.js'
import { writeTiff } from '../support/make-tiff.js'

const hills = (x: number, y: number) => Math.round(400 + 80 * Math.sin(x / 9) + 60 * Math.cos(y / 7) + x)

t.test('slope, aspect and hillshade are those of gdaldem', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  const [width, height] = [80, 60]
  const path = writeTiff(join(folder, 'hills.tif'), [
    { width, height, type: 'int16', bands: [hills], place: [700000, 6600000, 10, 10], epsg: 2154 },
  ])
  const heights = Float32Array.from({ length: width * height }, (_, i) => hills(i % width, Math.floor(i / width)))
  for (const [text, mode, tolerance, ...options] of [
    ['slope(b1)', 'slope', 1e-3],
    ['aspect(b1)', 'aspect', 1e-2],
    ['hillshade(b1)', 'hillshade', 0.51],
    ['hillshade(b1, 200, 30, 2)', 'hillshade', 0.51, '-az', '200', '-alt', '30', '-z', '2'],
  ] as const) {
    const out = join(folder, `${mode}${options.length}.tif`)
    gdal('gdaldem', mode, '-q', path, out, ...options)
    const [right] = gdalRead(out, 0, { left: 0, top: 0, width, height })
    const got = bandValues(parseBandExpression(text), { width, height, bands: [heights] }, { x: 10, y: -10 })
    let [most, compared] = [0, 0]
    for (let y = 1; y < height - 1; y++)
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x
        if (right[i] === -9999) continue
        compared++
        most = Math.max(most, mode === 'aspect' ? Math.abs(((got[i] - right[i] + 540) % 360) - 180) : Math.abs(got[i] - right[i]))
      }
    t.ok(most <= tolerance && compared > 4000, `${text}: at most ${most} off over ${compared} pixels`)
  }
})

const byte = (meaning: string) => ({ sampleType: 'uint8', meaning })
function paint(samples: readonly number[][], look: Partial<RasterSymbolizer>, mask?: number[]): string[] {
  const out = new Uint32Array(samples[0].length)
  const bands = samples.map((_, i) => byte(['red', 'green', 'blue', 'infrared'][i]))
  const pixels = {
    width: out.length,
    height: 1,
    bands: samples.map(band => Float64Array.from(band)),
    ...(mask && { mask: Uint8Array.from(mask) }),
  }
  rasterPainter(bands, { kind: 'raster', opacity: 1, ...look }).paint(pixels, { x: 1, y: -1 }, out)
  return Array.from(out, color => Buffer.from(Uint32Array.of(color).buffer).toString('hex'))
}

t.test('each band has its own range', t => {
  const ranges = [
    [0, 100],
    [100, 200],
    [0, 255],
  ] as const
  t.same(
    paint(
      [
        [51, 100],
        [151, 200],
        [9, 255],
      ],
      { bands: [0, 1, 2], ranges },
    ),
    ['828209ff', 'ffffffff'],
  )
  t.end()
})

t.test('gamma brightens the middle and leaves the ends', t => {
  const [black, middle, white] = paint(
    [
      [0, 64, 255],
      [0, 64, 255],
      [0, 64, 255],
    ],
    { bands: [0, 1, 2], gamma: 2 },
  )
  t.same([black, white], ['000000ff', 'ffffffff'])
  const shade = Number.parseInt(middle.slice(0, 2), 16)
  t.ok(Math.abs(shade - 255 * Math.sqrt(64 / 255)) <= 1, String(shade))
  t.end()
})

t.test('intervals, values and translucent ramps', t => {
  const entries = [
    { value: 10, color: '#ff0000' },
    { value: 20, color: '#00ff00' },
  ]
  const b1 = parseBandExpression('b1')
  t.same(paint([[0, 9.9, 10, 19, 20]], { value: b1, colorMap: { kind: 'intervals', entries } }), [
    'ff0000ff',
    'ff0000ff',
    '00ff00ff',
    '00ff00ff',
    '00000000',
  ])
  t.same(paint([[10, 11, 20]], { value: b1, colorMap: { kind: 'values', entries } }), ['ff0000ff', '00000000', '00ff00ff'])
  const veil = [
    { value: 0, color: '#ff0000', opacity: 0 },
    { value: 100, color: '#ff0000' },
  ]
  t.same(
    paint([[0, 50, 100]], { value: b1, colorMap: { kind: 'ramp', entries: veil } }),
    ['00000000', '80000080', 'ff0000ff'],
    'premultiplied',
  )
  t.same(paint([[100]], { value: b1, colorMap: { kind: 'ramp', entries: veil } }, [128]), ['80000080'], 'the mask weighs, too')
  t.end()
})

t.test('a vegetation index in colours, nothing where it has no value', t => {
  const colorMap = {
    kind: 'ramp',
    entries: [
      { value: -1, color: '#000000' },
      { value: 1, color: '#00ff00' },
    ],
  } as const
  const look = { value: parseBandExpression('(b4 - b1) / (b4 + b1)'), colorMap }
  t.same(
    paint(
      [
        [10, 0, 20],
        [0, 0, 0],
        [0, 0, 0],
        [30, 0, 0],
      ],
      look,
    ),
    ['00bf00ff', '00000000', '000000ff'],
  )
  t.end()
})

t.test('encoded heights are read back to the centimetre that the encoding has', t => {
  const heights = Float32Array.of(-12.34, 0, 48.6, 4808.72, Number.NaN)
  const bytes = (encoding: 'mapbox' | 'terrarium') => new Uint8Array(terrainColors(heights, encoding).buffer)
  const mapbox = bytes('mapbox')
  const terrarium = bytes('terrarium')
  heights.forEach((height, i) => {
    const [r, g, b, a] = mapbox.subarray(4 * i)
    const wanted = Number.isNaN(height) ? 0 : height
    t.ok(Math.abs(-10000 + (r * 65536 + g * 256 + b) * 0.1 - wanted) <= 0.051)
    t.equal(a, 255)
    const [tr, tg, tb] = terrarium.subarray(4 * i)
    t.ok(Math.abs(tr * 256 + tg + tb / 256 - 32768 - wanted) <= 0.002)
  })
  t.end()
})
