import t from 'tap'
import type { StrokeForm } from '#render/pens.js'
import { line, polygon } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'
import { pick, seeded } from '../support/seeded.js'

const [width, height] = [120, 100]
const svgJoins = { mitre: 'miter', round: 'round', bevel: 'bevel' } as const

function attributes({ width, cap = 'butt', join = 'mitre', dashes, dashOffset = 0 }: StrokeForm): string {
  const dash = dashes ? `stroke-dasharray="${dashes.join(' ')}" stroke-dashoffset="${dashOffset}"` : ''
  return `fill="none" stroke="#000" stroke-width="${width}" stroke-linecap="${cap}" stroke-linejoin="${svgJoins[join]}" stroke-miterlimit="2" ${dash}`
}

t.test('strokes of all caps, joins and dashes are those of librsvg', async t => {
  const random = seeded(71)
  for (const cap of ['butt', 'round', 'square'] as const)
    for (const join of ['mitre', 'round', 'bevel'] as const)
      for (const dashes of [undefined, [9, 6], [14, 5, 3], [0.5, 7, 12, 4], [0, 9]])
        for (const isRing of [false, true]) {
          if (dashes?.[0] === 0 && cap === 'butt') continue
          const path = Array.from({ length: 3 + Math.floor(random() * 3) }, () => [
            Math.round(10 + random() * (width - 20)),
            Math.round(10 + random() * (height - 20)),
          ])
          const form: StrokeForm = { width: pick(random, [1, 1.5, 2, 4, 7]), cap, join, dashes, dashOffset: pick(random, [0, 4, -7.5]) }
          const geometry = isRing ? polygon([...path, path[0]]) : line(...path)
          const drawn = drawPens({ width, height, pens: [{ kind: 'stroke', classes: 6, paint: ink, ...form }], geometries: [geometry] })
          const d = `M${path.map(p => p.join(' ')).join('L')}${isRing ? 'Z' : ''}`
          const expected = await drawSvg(width, height, `<path d="${d}" ${attributes(form)}/>`)
          const { mean, off } = alphaDistance(drawn, expected)
          t.ok(
            mean < 0.002 && off < 0.003,
            `${cap} ${join} ${dashes ?? ''} ${isRing ? 'ring' : 'line'}: ${mean.toFixed(4)} ${off.toFixed(4)} ${JSON.stringify(form)} ${d}`,
          )
        }
})

t.test('a flat end is flat, too, where the line has just turned', async t => {
  const path = line([5, 20], [20, 20], [20.7, 20.2], [21.4, 20.2])
  for (const [cap, end] of [
    ['butt', 22],
    ['square', 26],
  ] as const) {
    const pen = { kind: 'stroke', classes: 6, paint: ink, width: 8, join: 'round', cap } as const
    const { alpha } = drawPens({ width: 40, height: 40, pens: [pen], geometries: [path] })
    t.same([alpha(end - 2, 20), alpha(end, 20), alpha(end, 18)], [255, 0, 0], cap)
  }
})
