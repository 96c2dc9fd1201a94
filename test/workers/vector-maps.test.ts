import sharp from 'sharp'
import t from 'tap'
import type { MapJob } from '#core/queries.js'
import { transformBbox } from '#geo/transform.js'
import { missing, unlessAll } from '../support/programs.js'
import { blurredDistance, drawTables, rasterizePdf, rasterizeSvg, textOfPdf } from '../support/vector-maps.js'
import { vectorScenes } from '../support/vector-scenes.js'

const withoutPoppler = unlessAll(missing('pdftocairo (poppler-utils)', 'pdftocairo', '-v'))
const [svg, pdf, png] = ['image/svg+xml', 'application/pdf', 'image/png']

/** Means of a channel (0 to 255) and shares of values that may be off. More where patterns are resampled, and where letters are hinted. */
const usual = { mean: 0.3, off: 0.0002 }
const allowedSvg: Readonly<Record<string, typeof usual>> = { hatches: { mean: 3, off: 0.001 } }
const allowedPdf: Readonly<Record<string, typeof usual>> = {
  hatches: { mean: 3.5, off: 0.001 },
  textures: { mean: 2.5, off: 0.001 },
  labels: { mean: 2.2, off: 0.001 },
  'labels along lines': { mean: 0.8, off: 0.001 },
}

const box = [770_000, 6_279_000, 770_400, 6_279_400] as const
/** The whole town, a corner of it six times as large, and the town in another CRS at twice the resolution. */
const frames: Readonly<Record<string, Partial<MapJob>>> = {
  whole: {},
  corner: { bbox: [770_130, 6_279_130, 770_200, 6_279_200], scaleDenominator: 625 },
  mercator: {
    crs: 'EPSG:3857',
    bbox: transformBbox([box[0] + 50, box[1] + 50, box[2] - 50, box[3] - 50], 'EPSG:2154', 'EPSG:3857'),
    pixelRatio: 2,
  },
}

for (const [name, layers] of Object.entries(vectorScenes)) {
  t.test(`${name} as SVG, by librsvg, look as they do as PNG`, async t => {
    for (const [frame, more] of Object.entries(frames)) {
      const [picture, drawing] = await Promise.all([png, svg].map(type => drawTables(layers, type, more)))
      const { mean, off } = await blurredDistance(picture, await rasterizeSvg(drawing, 400))
      const most = allowedSvg[name] ?? usual
      t.ok(mean < most.mean && off < most.off, `${frame}: ${mean.toFixed(3)}, ${off.toFixed(5)}`)
    }
  })
  t.test(`${name} as PDF, by poppler, look as they do as PNG`, { skip: withoutPoppler }, async t => {
    for (const frame of ['whole', 'mercator']) {
      const more = frames[frame]
      const [picture, document] = await Promise.all([png, pdf].map(type => drawTables(layers, type, more)))
      const { mean, off } = await blurredDistance(picture, rasterizePdf(document, 400, 400))
      const most = allowedPdf[name] ?? usual
      t.ok(mean < most.mean && off < most.off, `${frame}: ${mean.toFixed(3)}, ${off.toFixed(5)}`)
    }
  })
}

t.test('what is not there is seen: the distances tell maps apart', async t => {
  const [all, less] = await Promise.all([vectorScenes.labels, vectorScenes.labels.slice(0, 2)].map(layers => drawTables(layers, svg)))
  const { off } = await blurredDistance(await rasterizeSvg(all, 400), await rasterizeSvg(less, 400))
  t.ok(off > 10 * usual.off, String(off))
})

t.test('texts of a PDF can be found, once each, those along lines as a whole', { skip: withoutPoppler }, async t => {
  const texts = textOfPdf(await drawTables(vectorScenes['labels along lines'], pdf))
  for (const name of ['Rivière de la Moselle', 'Canal latéral', 'Ruisseau des Prés', 'Oued'])
    t.equal(texts.split(name).length - 1, 1, `${name} in ${texts}`)
  const labels = textOfPdf(await drawTables(vectorScenes.labels, pdf))
  const shown = Buffer.from(await drawTables(vectorScenes.labels, svg)).toString()
  for (const name of ['Chêne', 'Tilleul', 'Ile', 'Pré', 'Bois']) {
    const inPdf = labels.split(/\s+/).filter(word => word === name).length
    const inSvg = shown.split(`>${name}</text>`).length - 1
    t.ok(inPdf > 3)
    t.equal(inPdf, inSvg, name)
  }
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
