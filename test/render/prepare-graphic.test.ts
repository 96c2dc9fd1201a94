import t from 'tap'
import { glyphContours } from '#render/glyph-contours.js'
import { createIconShelf } from '#render/icon-shelf.js'
import { prepareGraphic } from '#render/prepare-graphic.js'
import { RenderError } from '#render/render-error.js'
import { point } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'

const load = async (href: string): Promise<Uint8Array> => {
  if (href === 'pin.svg')
    return Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><rect width="10" height="20"/></svg>')
  throw new RenderError('invalid', `No file is named ${href}.`)
}
const icons = createIconShelf({ load })
const star = { kind: 'mark', shape: 'star', fill: ink.rgba } as const

t.test('the first shape that can be drawn is, in its size', async t => {
  const pin = await prepareGraphic([{ kind: 'icon', href: 'gone.svg' }, { kind: 'icon', href: 'pin.svg' }, star], undefined, 2, { icons })
  t.match(pin, { kind: 'image', width: 20, height: 40 })
  const mark = await prepareGraphic([{ kind: 'icon', href: 'gone.svg' }, { kind: 'mark', shape: 'blob' }, star], undefined, 2, { icons })
  t.match(mark, { kind: 'mark', height: 12 }, 'six style pixels')
  t.match(await prepareGraphic([star], 31.5, 2, { icons }), { height: 31.5 })
})

t.test('when none can be drawn all reasons are told', async t => {
  const shapes = [
    { kind: 'icon', href: 'gone.svg' } as const,
    { kind: 'mark', shape: 'blob' } as const,
    { kind: 'glyph', family: 'Runes', character: 'x' } as const,
  ]
  await t.rejects(prepareGraphic(shapes, 5, 1, { icons }), /gone\.svg.*blob.*Runes/)
})

t.test('glyphs are outlines like marks, holes wound the other way', async t => {
  const ring = (r: number, isHole: boolean) => ({
    points: [
      [-r, -r],
      [r, -r],
      [r, r],
      [-r, r],
    ].map(([x, y]) => (isHole ? [y, x] : [x, y]) as [number, number]),
  })
  const glyphOutline = (family: string) => (family === 'Runes' ? [ring(1, false), ring(0.5, true)] : undefined)
  const graphic = await prepareGraphic([{ kind: 'glyph', family: 'Runes', character: 'o', fill: ink.rgba }], 20, 1, { icons, glyphOutline })
  const drawn = drawPens({ width: 40, height: 40, pens: [{ kind: 'graphic', classes: 1, graphic }], geometries: [point(20, 20)] })
  t.same([drawn.alpha(11, 11), drawn.alpha(20, 20), drawn.alpha(29, 29), drawn.alpha(31, 31)], [255, 0, 255, 0])
})

t.test('outlines of fonts become contours, their middle on the place', async t => {
  const commands = [
    { type: 'M', values: [0.1, 0] },
    { type: 'L', values: [0.7, 0] },
    { type: 'Q', values: [0.7, 0.8, 0.4, 0.8] },
    { type: 'C', values: [0.3, 0.8, 0.1, 0.6, 0.1, 0.2] },
    { type: 'Z', values: [] },
    { type: 'M', values: [0.3, 0.2] },
    { type: 'L', values: [0.3, 0.4] },
    { type: 'L', values: [0.5, 0.4] },
    { type: 'Z', values: [] },
  ]
  const glyphOutline = () => glyphContours(commands)
  const graphic = await prepareGraphic([{ kind: 'glyph', family: 'Any', character: 'D', fill: ink.rgba }], 50, 1, { icons, glyphOutline })
  const drawn = drawPens({ width: 64, height: 64, pens: [{ kind: 'graphic', classes: 1, graphic }], geometries: [point(32, 32)] })
  const path = 'M.1 0L.7 0Q.7 .8 .4 .8C.3 .8 .1 .6 .1 .2ZM.3 .2L.3 .4L.5 .4Z'
  const expected = await drawSvg(64, 64, `<path transform="translate(32 32) scale(50 -50) translate(-0.4 -0.4)" d="${path}"/>`)
  t.ok(alphaDistance(drawn, expected).mean < 0.002)
  t.equal(glyphContours([]), undefined, 'a blank has none')
})
