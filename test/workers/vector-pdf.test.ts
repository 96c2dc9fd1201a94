import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { blurredDistance, drawTables, rasterizePdf, textOfPdf } from '../support/vector-maps.js'
import { vectorFrames, vectorScenes } from '../support/vector-scenes.js'

const withoutPoppler = unlessAll(missing('pdftocairo (poppler-utils)', 'pdftocairo', '-v'))
const [svg, pdf, png] = ['image/svg+xml', 'application/pdf', 'image/png']

/** Means of a channel (0 to 255) and shares of values that may be off. More where patterns are resampled, and where letters are hinted. */
const usual = { mean: 0.3, off: 0.0002 }
const allowedPdf: Readonly<Record<string, typeof usual>> = {
  hatches: { mean: 3.5, off: 0.001 },
  textures: { mean: 2.5, off: 0.001 },
  labels: { mean: 2.2, off: 0.001 },
  shields: { mean: 0.8, off: 0.001 },
  'point clouds': { mean: 0.8, off: 0.001 },
  'labels along lines': { mean: 0.8, off: 0.001 },
}

for (const [name, layers] of Object.entries(vectorScenes)) {
  t.test(`${name} as PDF, by poppler, look as they do as PNG`, { skip: withoutPoppler }, async t => {
    for (const frame of ['whole', 'mercator']) {
      const more = vectorFrames[frame]
      const [picture, document] = await Promise.all([png, pdf].map(type => drawTables(layers, type, more)))
      const { mean, off } = await blurredDistance(picture, rasterizePdf(document, 400, 400))
      const most = allowedPdf[name] ?? usual
      t.ok(mean < most.mean && off < most.off, `${frame}: ${mean.toFixed(3)}, ${off.toFixed(5)}`)
    }
  })
}

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
