import t from 'tap'
import { defaultLimits } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import { drawLegend } from '#core/draw-legend.js'
import { legendRows } from '#core/legend/legend-rows.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { blurredDistance, rasterizeSvg } from '../support/vector-maps.js'
import { vectorScenes } from '../support/vector-scenes.js'

const none = () => {
  throw new Error('a legend needs no data')
}

t.test('a legend as SVG looks as it does as PNG', async t => {
  const renderer = inlineRenderer({ features: none, raster: none })
  const names = ['fills', 'dashes', 'hatches', 'marks', 'labels']
  const parts = names.map(name => ({ title: name, rows: vectorScenes[name].flatMap(([, style]) => legendRows(style)) }))
  const drawn = async (mediaType: string) => {
    const look = { width: 30, height: 20, font: { family: 'DejaVu Sans', size: 12, color: '#000000' }, labels: 'on' } as const
    const legend = { parts, look, background: { color: 0xffffff, isTransparent: false }, mediaType, dpi: 181.428 }
    return (await drawLegend(legend, { renderer, limits: defaultLimits, deadline: steadyNow() + 900_000 })).bytes
  }
  const [picture, drawing] = [await drawn('image/png'), await drawn('image/svg+xml')]
  const text = Buffer.from(drawing).toString()
  for (const name of names) t.match(text, `>${name}</text>`)
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)/.exec(text) ?? []
  const { mean, off } = await blurredDistance(picture, await rasterizeSvg(drawing, Number(width), Number(height)))
  t.ok(mean < 3 && off < 0.002, `${mean}, ${off}`)
})
