import sharp from 'sharp'
import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { blurredDistance, drawTables, rasterizeSvg } from '../support/vector-maps.js'
import { vectorFrames, vectorScenes } from '../support/vector-scenes.js'

const withoutPoppler = unlessAll(missing('pdftocairo (poppler-utils)', 'pdftocairo', '-v'))
const [svg, pdf, png] = ['image/svg+xml', 'application/pdf', 'image/png']

/** Means of a channel (0 to 255) and shares of values that may be off. More where patterns are resampled, and where letters are hinted. */
const usual = { mean: 0.3, off: 0.0002 }
const allowedSvg: Readonly<Record<string, typeof usual>> = { hatches: { mean: 3, off: 0.001 } }

for (const [name, layers] of Object.entries(vectorScenes)) {
  t.test(`${name} as SVG, by librsvg, look as they do as PNG`, async t => {
    for (const [frame, more] of Object.entries(vectorFrames)) {
      const [picture, drawing] = await Promise.all([png, svg].map(type => drawTables(layers, type, more)))
      const { mean, off } = await blurredDistance(picture, await rasterizeSvg(drawing, 400))
      const most = allowedSvg[name] ?? usual
      t.ok(mean < most.mean && off < most.off, `${frame}: ${mean.toFixed(3)}, ${off.toFixed(5)}`)
    }
  })
}

t.test('what is not there is seen: the distances tell maps apart', async t => {
  const [all, less] = await Promise.all([vectorScenes.labels, vectorScenes.labels.slice(0, 2)].map(layers => drawTables(layers, svg)))
  const { off } = await blurredDistance(await rasterizeSvg(all, 400), await rasterizeSvg(less, 400))
  t.ok(off > 10 * usual.off, String(off))
})

t.test('a background is where it was asked for', async t => {
  for (const [isTransparent, alpha] of [
    [true, 0],
    [false, 255],
  ] as const) {
    const drawing = await drawTables([], svg, { background: { color: 0x336699, isTransparent } })
    const pixel = await sharp(Buffer.from(drawing)).ensureAlpha().raw().toBuffer()
    t.equal(pixel[3], alpha)
    if (!isTransparent) t.same([...pixel.subarray(0, 3)], [0x33, 0x66, 0x99])
  }
})

t.test('the paper is as large as the resolution says', { skip: withoutPoppler }, async t => {
  for (const [pixelRatio, millimetres] of [
    [1, 112],
    [2, 56],
    [0.2, 560],
  ]) {
    const drawing = Buffer.from(await drawTables([], svg, { pixelRatio })).toString()
    t.equal(Number(/ width="([\d.]+)mm"/.exec(drawing)?.[1]), millimetres)
    t.match(drawing, 'viewBox="0 0 400 400"')
    const document = Buffer.from(await drawTables([], pdf, { pixelRatio })).toString('latin1')
    const [, points] = /MediaBox \[0 0 ([\d.]+) /.exec(document) ?? []
    t.ok(Math.abs((Number(points) / 72) * 25.4 - millimetres) < 0.01, points)
  }
})

t.test('the same map is the same document, to the byte', async t => {
  for (const type of [svg, pdf]) {
    const layers = [...vectorScenes.labels, ...vectorScenes.hatches, ...vectorScenes.icons]
    const [one, other] = [await drawTables(layers, type), await drawTables(layers, type)]
    t.ok(Buffer.from(one).equals(other), type)
  }
})
