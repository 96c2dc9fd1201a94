import t from 'tap'
import { glyphContours } from '#render/glyph-contours.js'
import { prepareContours } from '#render/prepare-mark.js'
import { point } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'

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
  const graphic = prepareContours(glyphContours(commands)!, { size: 50, fill: ink.rgba })
  const drawn = drawPens({ width: 64, height: 64, pens: [{ kind: 'graphic', classes: 1, graphic }], geometries: [point(32, 32)] })
  const path = 'M.1 0L.7 0Q.7 .8 .4 .8C.3 .8 .1 .6 .1 .2ZM.3 .2L.3 .4L.5 .4Z'
  const expected = await drawSvg(64, 64, `<path transform="translate(32 32) scale(50 -50) translate(-0.4 -0.4)" d="${path}"/>`)
  t.ok(alphaDistance(drawn, expected).mean < 0.002)
  t.equal(glyphContours([]), undefined, 'a blank has none')
})
