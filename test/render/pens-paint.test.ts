import t from 'tap'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import type { Pen, PreparedPattern } from '#render/pens.js'
import { prepareMark } from '#render/prepare-mark.js'
import { prepareTexture } from '#render/prepare-texture.js'
import { differenceOf, line, polygon } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'

const [width, height] = [160, 120]
const corners = [
  [12, 15],
  [150, 8],
  [140, 110],
  [75, 60],
  [20, 112],
]
const shape = polygon([...corners, corners[0]])
const clip = `<clipPath id="c"><polygon points="${corners.join(' ')}"/></clipPath>`
const filled = (pattern: PreparedPattern, opacity?: number): Pen => ({
  kind: 'fill',
  classes: 4,
  paint: { kind: 'pattern', pattern, opacity },
})

/** Lines through the whole picture, across the origin. */
function svgHatch(angle: number, spacing: number, offset: number, stroke: string): string {
  const rows = Array.from({ length: 160 }, (_, i) => (i - 80) * spacing + offset)
  const lines = rows.map(y => `<path d="M-300 ${y}H300"/>`).join('')
  return `${clip}<g clip-path="url(#c)"><g transform="rotate(${angle})" fill="none" stroke="#000" ${stroke}>${lines}</g></g>`
}

t.test('hatches are lines of librsvg, clipped to the shape', async t => {
  for (const angle of [0, 90, 45, -45, 30, 123.4, 200])
    for (const [spacing, strokeWidth, offset] of [
      [8, 2, 0],
      [5.3, 0.6, 1.7],
      [11, 7, -3],
    ]) {
      const hatch: PreparedPattern = { kind: 'hatch', rgba: ink.rgba, angle, spacing, width: strokeWidth, offset }
      const drawn = drawPens({ width, height, pens: [filled(hatch)], geometries: [shape] })
      const { mean, off } = alphaDistance(
        drawn,
        await drawSvg(width, height, svgHatch(angle, spacing, offset, `stroke-width="${strokeWidth}"`)),
      )
      t.ok(mean < 0.006 && off < 0.002, `${angle} degrees, ${strokeWidth} of ${spacing}: ${mean.toFixed(4)} ${off.toFixed(4)}`)
    }
})

t.test('dashed hatches have the dashes of librsvg', async t => {
  for (const angle of [0, 90, 30]) {
    const hatch: PreparedPattern = { kind: 'hatch', rgba: ink.rgba, angle, spacing: 6, width: 2, dashes: [8, 4], dashOffset: 3 }
    const drawn = drawPens({ width, height, pens: [filled(hatch)], geometries: [shape] })
    // 300 is a multiple of 12: the dashes of the lines begin at the origin
    const expected = await drawSvg(width, height, svgHatch(angle, 6, 0, 'stroke-width="2" stroke-dasharray="8 4" stroke-dashoffset="3"'))
    const { mean, off } = alphaDistance(drawn, expected)
    t.ok(mean < 0.01 && off < 0.004, `${angle} degrees: ${mean.toFixed(4)} ${off.toFixed(4)}`)
  }
})

t.test('a texture repeats its graphic, staggered, fixed to absolute pixels, through fills and strokes', async t => {
  const graphic = prepareMark('triangle', { size: 10, fill: ink.rgba })!
  const texture = prepareTexture(startDrawKernel(), { pen: { graphic }, margin: [4, 6], stagger: 0.5 })
  const triangles = Array.from({ length: 12 * 14 }, (_, i) => {
    const [column, row] = [(i % 14) - 1, Math.floor(i / 14)]
    return `<path d="M${column * 14 + (row % 2) * 7 + 7} ${row * 16 + 3}l5 10h-10Z"/>`
  }).join('')
  const expected = await drawSvg(width, height, `${clip}<g clip-path="url(#c)">${triangles}</g>`)
  const drawn = drawPens({ width, height, pens: [filled(texture)], geometries: [shape] })
  const { mean, off } = alphaDistance(drawn, expected)
  t.ok(mean < 0.005 && off < 0.001, `fill: ${mean.toFixed(4)} ${off.toFixed(4)}`)

  const wide: Pen = { kind: 'stroke', classes: 6, paint: { kind: 'pattern', pattern: texture }, width: 40 }
  const stroked = drawPens({ width, height, pens: [wide], geometries: [line([0, 60], [160, 60])] })
  const band = `<clipPath id="b"><rect y="40" width="160" height="40"/></clipPath><g clip-path="url(#b)">${triangles}</g>`
  t.ok(alphaDistance(stroked, await drawSvg(width, height, band)).mean < 0.005, 'stroke')

  const away = drawPens({ width, height, left: 14 * 3, top: 32 * 5, pens: [filled(texture)], geometries: [moved(14 * 3, 32 * 5)] })
  t.equal(differenceOf(away.rgba, drawn.rgba).most, 0, 'whole steps away all is the same')
  const between = drawPens({ width, height, left: 5, pens: [filled(texture)], geometries: [moved(5, 0)] })
  t.ok(differenceOf(between.rgba, drawn.rgba).pixels > 1000, 'less than a step away it is not')
})

const moved = (x: number, y: number) => polygon([...corners, corners[0]].map(([px, py]) => [px + x, py + y]))

t.test('marks of lines repeat into hatches without a seam', async t => {
  const hatches: Record<string, string[]> = {
    'shape://slash': [svgHatch(-45, 8 * Math.SQRT1_2, 0, 'stroke-width="2"')],
    'shape://vertline': [svgHatch(90, 8, 4, 'stroke-width="2"')],
    'shape://times': [svgHatch(-45, 8 * Math.SQRT1_2, 0, 'stroke-width="2"'), svgHatch(45, 8 * Math.SQRT1_2, 0, 'stroke-width="2"')],
  }
  for (const [name, svgs] of Object.entries(hatches)) {
    const graphic = prepareMark(name, { size: 8, outline: { rgba: ink.rgba, width: 2 } })!
    const texture = prepareTexture(startDrawKernel(), { pen: { graphic } })
    const drawn = drawPens({ width, height, pens: [filled(texture)], geometries: [shape] })
    const { mean, off } = alphaDistance(drawn, await drawSvg(width, height, svgs.join('')))
    t.ok(mean < 0.015 && off < 0.002, `${name}: ${mean.toFixed(4)} ${off.toFixed(4)}`)
  }
})

t.test('the opacity of a pattern', async t => {
  const hatch: PreparedPattern = { kind: 'hatch', rgba: ink.rgba, angle: 0, spacing: 8, width: 8 }
  const drawn = drawPens({ width, height, pens: [filled(hatch, 0.5)], geometries: [shape] })
  t.equal(drawn.alpha(80, 30), 128, 'half, and lines that touch leave no seam')
})

t.test('fills are displaced', async t => {
  const pen: Pen = { kind: 'fill', classes: 4, paint: ink, displacement: [10, -5.5] }
  const drawn = drawPens({ width, height, pens: [pen], geometries: [shape] })
  const expected = await drawSvg(width, height, `<polygon points="${corners.join(' ')}" transform="translate(10 -5.5)"/>`)
  t.ok(alphaDistance(drawn, expected).mean < 0.001)
})
