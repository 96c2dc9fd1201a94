import sharp from 'sharp'
import t from 'tap'
import type { Pen, PreparedGraphic, PreparedImage } from '#render/pens.js'
import { prepareIcon } from '#render/prepare-icon.js'
import { prepareMark } from '#render/prepare-mark.js'
import { differenceOf, line, multi, point, polygon } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'

const [width, height] = [160, 120]
const triangle = prepareMark('filled_arrowhead', { size: 10, fill: ink.rgba })!

/** Independent of the kernel: places every `step` pixels along a path, with the direction there. */
function along(path: readonly (readonly number[])[], first: number, step: number): { x: number; y: number; angle: number }[] {
  const places: { x: number; y: number; angle: number }[] = []
  let [gone, next] = [0, first]
  for (const [i, [bx, by]] of path.entries()) {
    if (i === 0) continue
    const [ax, ay] = path[i - 1]
    const length = Math.hypot(bx - ax, by - ay)
    for (; next <= gone + length; next += step) {
      const share = (next - gone) / length
      places.push({ x: ax + (bx - ax) * share, y: ay + (by - ay) * share, angle: (Math.atan2(by - ay, bx - ax) * 180) / Math.PI })
    }
    gone += length
  }
  return places.filter(({ x, y }) => Math.hypot(x - path.at(-1)![0], y - path.at(-1)![1]) > 5)
}

const arrows = (places: readonly { x: number; y: number; angle: number }[], isUpright = false) =>
  places.map(({ x, y, angle }) => `<path transform="translate(${x} ${y}) rotate(${isUpright ? 0 : angle})" d="M-5-5L0 0L-5 5Z"/>`).join('')

t.test('graphics stand along lines at equal distances, turned or upright', async t => {
  // long enough that no graphic stands over a corner
  const path = [
    [10, 110],
    [10, 20],
    [150, 20],
  ]
  for (const isUpright of [false, true]) {
    const pen: Pen = { kind: 'graphic-stroke', classes: 2, graphic: triangle, gap: 8, initialGap: 6, isUpright }
    const drawn = drawPens({ width, height, pens: [pen], geometries: [line(...path)] })
    const expected = await drawSvg(width, height, arrows(along(path, 11, 18), isUpright))
    t.ok(alphaDistance(drawn, expected).mean < 0.001, isUpright ? 'upright' : 'turned')
  }
  const offset: Pen = { kind: 'graphic-stroke', classes: 2, graphic: triangle, gap: 8, offset: 10 }
  const beside = drawPens({ width, height, pens: [offset], geometries: [line([10, 60], [150, 60])] })
  const above = along(
    [
      [10, 50],
      [150, 50],
    ],
    5,
    18,
  )
  t.ok(alphaDistance(beside, await drawSvg(width, height, arrows(above))).mean < 0.001, 'to the left of the line')
})

t.test('a graphic over a corner has the mean direction, and one that does not fit on the line is left out', async t => {
  const bar = prepareMark('rectangle', { size: 20, fill: ink.rgba })!
  const pen: Pen = { kind: 'graphic-stroke', classes: 2, graphic: bar, gap: 100, initialGap: 10 }
  const drawn = drawPens({ width, height, pens: [pen], geometries: [line([60, 60], [80, 60], [80, 80])] })
  const turned = await drawSvg(width, height, '<rect x="-10" y="-5" width="20" height="10" transform="translate(80 60) rotate(45)"/>')
  t.ok(alphaDistance(drawn, turned).mean < 0.001)
  const short = drawPens({ width, height, pens: [{ ...pen, initialGap: 0 }], geometries: [line([60, 60], [75, 60])] })
  t.ok(short.rgba.every(v => v === 0))
})

t.test('rings are walked once around, and all parts of a geometry from their beginning', async t => {
  const ring = [
    [20, 20],
    [80, 20],
    [80, 80],
    [20, 80],
    [20, 20],
  ]
  const pen: Pen = {
    kind: 'graphic-stroke',
    classes: 6,
    graphic: prepareMark('circle', { size: 4, fill: ink.rgba })!,
    gap: 6,
    initialGap: 3,
  }
  const drawn = drawPens({
    width,
    height,
    pens: [pen],
    geometries: [multi('GeometryCollection', polygon(ring), line([100, 20], [150, 20]))],
  })
  const discs = [
    ...along([...ring.slice(0, 4), [20, 19.99]], 5, 10),
    ...along(
      [
        [100, 20],
        [156, 20],
      ],
      5,
      10,
    ),
  ]
  const expected = await drawSvg(width, height, discs.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2"/>`).join(''))
  t.ok(alphaDistance(drawn, expected).mean < 0.001)
})

const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="32" viewBox="0 0 24 32">
  <path d="M12 29L3 14A9.5 9.5 0 1 1 21 14Z" fill="#c03020" stroke="#201008" stroke-width="1.5"/><circle cx="12" cy="11" r="4" fill="#fff" fill-opacity="0.7"/></svg>`)
const inner = svg.toString().replace(/<svg[^>]*>|<\/svg>/g, '')
const white = '<rect width="160" height="120" fill="#fff"/>'
const onMap = (graphic: PreparedGraphic, more: Partial<Pen> = {}, at = point(80, 60), background?: number) =>
  drawPens({ width, height, pens: [{ kind: 'graphic', classes: 1, graphic, ...more } as Pen], geometries: [at], background })

t.test('a level icon is copied pixel by pixel, at a whole pixel', async t => {
  const icon = await prepareIcon(svg, { size: 40 })
  t.same([icon.width, icon.height], [30, 40])
  const expected = await drawSvg(width, height, `${white}<g transform="translate(65 40) scale(1.25)">${inner}</g>`)
  t.ok(differenceOf(onMap(icon, {}, undefined, 0xffffff).rgba, expected.rgba).most <= 3)
  for (const [x, y] of [
    [80.4, 59.7],
    [79.6, 60.3],
  ])
    t.equal(differenceOf(onMap(icon, {}, point(x, y)).rgba, onMap(icon).rgba).most, 0, 'the nearest one')
  const anchored = onMap(icon, { anchor: [0.5, 1], displacement: [3, 0] } as Partial<Pen>, undefined, 0xffffff)
  const pinned = await drawSvg(width, height, `${white}<g transform="translate(68 20) scale(1.25)">${inner}</g>`)
  t.ok(differenceOf(anchored.rgba, pinned.rgba).most <= 3, 'the tip of a pin')
})

t.test('a turned icon is the turned drawing, a little softer', async t => {
  const icon = await prepareIcon(svg, { size: 40 })
  for (const [rotation, anchor] of [
    [90, [0.5, 0.5]],
    [30, [0.5, 0.5]],
    [200, [0.5, 1]],
  ] as const) {
    const drawn = onMap(icon, { rotation, anchor } as Partial<Pen>)
    const shift = `translate(80 60) rotate(${rotation}) translate(${-30 * anchor[0]} ${-40 * anchor[1]}) scale(1.25)`
    const { mean, off } = alphaDistance(drawn, await drawSvg(width, height, `<g transform="${shift}">${inner}</g>`))
    t.ok(mean < 0.004 && off < 0.001, `${rotation} degrees: ${mean.toFixed(4)} ${off.toFixed(4)}`)
  }
})

t.test('opacity of icons, and transparent ones over a background', async t => {
  const bytes = new Uint8Array(
    await sharp({ create: { width: 10, height: 10, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } } })
      .png()
      .toBuffer(),
  )
  const icon: PreparedImage = await prepareIcon(bytes, {})
  const pen: Pen = { kind: 'graphic', classes: 1, graphic: icon, opacity: 0.5 }
  const drawn = drawPens({ width, height, pens: [pen], geometries: [point(80, 60)], background: 0xffffff })
  const at = (60 * width + 80) * 4
  const quarter = (value: number) => Math.round(value * 0.25 + 255 * 0.75)
  for (const [k, value] of [200, 0, 0].entries()) t.ok(Math.abs(drawn.rgba[at + k] - quarter(value)) <= 1)
})
