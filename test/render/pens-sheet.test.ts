import sharp from 'sharp'
import t from 'tap'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { markNames, markShape } from '#render/mark-shapes.js'
import type { Pen, PreparedPattern } from '#render/pens.js'
import { prepareMark } from '#render/prepare-mark.js'
import { prepareTexture } from '#render/prepare-texture.js'
import { line, point, polygon } from '../support/drawing.js'
import { distanceToGolden } from '../support/golden-image.js'
import { drawPens, type PenDrawing } from '../support/pens.js'

const [dark, blue, red] = [0xff302820, 0xffb07030, 0xff3040c0]
const ofColor = (rgba: number) => ({ kind: 'color', rgba }) as const
const ofPattern = (pattern: PreparedPattern) => ({ kind: 'pattern', pattern }) as const
const kernel = startDrawKernel()

async function png(layers: readonly Pick<PenDrawing, 'pens' | 'geometries'>[], width: number, height: number): Promise<Uint8Array> {
  const raw = { width, height, channels: 4 } as const
  const pictures = layers.map(layer => ({ input: Buffer.from(drawPens({ width, height, ...layer, kernel }).rgba), raw }))
  return sharp({ create: { ...raw, background: '#ffffff' } })
    .composite(pictures)
    .png()
    .toBuffer()
}

t.test('all marks, in the order of their table', async t => {
  const columns = 10
  const layers = markNames.map((name, i) => {
    const isLine = markShape(name)!.every(({ isOpen }) => isOpen)
    const graphic = prepareMark(name, { size: 32, fill: isLine ? undefined : 0xffe0b070, outline: { rgba: dark, width: 2 } })!
    const pen: Pen = { kind: 'graphic', classes: 1, graphic }
    return { pens: [pen], geometries: [point(25 + (i % columns) * 50, 25 + Math.floor(i / columns) * 50)] }
  })
  const { mean, visible } = await distanceToGolden(
    'render/marks.png',
    await png(layers, columns * 50, Math.ceil(markNames.length / columns) * 50),
  )
  t.ok(mean < 0.1 && visible < 0.001, `${mean} ${visible}`)
})

t.test('strokes, patterns and graphics along lines', async t => {
  const way = (y: number) => line([15, y + 25], [60, y], [90, y + 25], [130, y + 5], [185, y + 5])
  const field = (x: number, y: number) =>
    polygon([
      [x, y],
      [x + 80, y + 6],
      [x + 70, y + 62],
      [x + 30, y + 40],
      [x + 4, y + 60],
      [x, y],
    ])
  const stroke = { kind: 'stroke', classes: 6, paint: ofColor(dark), width: 6 } as const
  const arrow = prepareMark('filled_arrowhead', { size: 10, fill: red })!
  const tree = prepareMark('triangle', { size: 9, fill: blue, outline: { rgba: dark, width: 1 } })!
  const hatch = { kind: 'hatch', rgba: blue, angle: -45, spacing: 7, width: 2 } as const
  const rows: Pen[][] = [
    [
      { ...stroke, cap: 'round', join: 'round' },
      { ...stroke, paint: ofColor(0xff80d0f0), width: 3, cap: 'round', join: 'round' },
    ],
    [{ ...stroke, cap: 'square', join: 'bevel' }],
    [
      { ...stroke, width: 3, dashes: [10, 5, 2, 5] },
      { ...stroke, width: 1, offset: 6, paint: ofColor(red) },
    ],
    [{ ...stroke, width: 4, dashes: [0, 7], cap: 'round' }],
    [
      { ...stroke, width: 1 },
      { kind: 'graphic-stroke', classes: 2, graphic: arrow, gap: 10, initialGap: 5 },
    ],
    [{ ...stroke, width: 12, paint: ofPattern(hatch) }],
  ]
  const edge: Pen = { kind: 'stroke', classes: 4, paint: ofColor(dark), width: 1 }
  const paints = [
    ofPattern(hatch),
    ofPattern({ ...hatch, angle: 20, dashes: [8, 4] }),
    ofPattern(prepareTexture(startDrawKernel(), { pen: { graphic: tree }, margin: [7, 4], stagger: 0.5 })),
  ]
  const layers = [
    ...rows.map((pens, i) => ({ pens, geometries: [way(15 + i * 45)] })),
    ...paints.map((paint, i) => ({ pens: [{ kind: 'fill', classes: 4, paint } as const, edge], geometries: [field(205, 15 + i * 75)] })),
  ]
  const { mean, visible } = await distanceToGolden('render/pens.png', await png(layers, 300, 290))
  t.ok(mean < 0.1 && visible < 0.001, `${mean} ${visible}`)
})
