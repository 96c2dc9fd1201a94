import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { blurredDistance, drawTables, rasterizePdf, rasterizeSvg } from '../support/vector-maps.js'
import { vectorScenes } from '../support/vector-scenes.js'

for (const [name, layers] of Object.entries(vectorScenes)) {
  t.test(name, async t => {
    mkdirSync('/tmp/vec', { recursive: true })
    const png = await drawTables(layers, 'image/png')
    const svg = await drawTables(layers, 'image/svg+xml')
    const pdf = await drawTables(layers, 'application/pdf')
    const f = `/tmp/vec/${name.replaceAll(' ', '-')}`
    writeFileSync(`${f}.png`, png)
    writeFileSync(`${f}.svg`, svg)
    writeFileSync(`${f}.pdf`, pdf)
    const [s, p] = [await rasterizeSvg(svg, 400), rasterizePdf(pdf, 400, 400)]
    writeFileSync(`${f}.svg.png`, s)
    writeFileSync(`${f}.pdf.png`, p)
    console.log(name, png.length, svg.length, pdf.length, await blurredDistance(png, s), await blurredDistance(png, p))
  })
}
