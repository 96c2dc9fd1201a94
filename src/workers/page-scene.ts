import type { PageLayout, PageShape, PageText } from '#core/page-layout.js'
import { packed } from '#render/color.js'
import type { LabelEngine } from '#render/labels/label-engine.js'
import type { LabelRequest } from '#render/labels/label-request.js'
import type { Scene, SceneItem } from '#render/vector/scene.js'
import { sceneTexts } from '#render/vector/scene-text.js'

const families = ['Open Sans']
/** Of an em. */
const haloShare = 0.18

/** A map on its page: clipped to its place, with all that belongs around and over it. `legend` has its own upper left corner. */
export function pageScene(map: Scene, page: PageLayout, legend: readonly SceneItem[], engine: LabelEngine): Scene {
  const { x, y, width, height } = page.map
  const ground = map.background
  const items: SceneItem[] = [
    {
      kind: 'group',
      x,
      y,
      clip: { width, height },
      items: [...(ground === undefined ? [] : [rectangle(map.width, map.height, ground)]), ...map.items],
    },
    ...page.shapes.map(shapeItem),
    ...(page.legend ? [{ kind: 'group', x: page.legend.x, y: page.legend.y, items: legend } as const] : []),
  ]
  const sheet = engine.openSheet()
  for (const [i, text] of page.texts.entries()) sheet.add(requestOf(text, i))
  const textOf = sceneTexts(engine.fonts)
  items.push(...sheet.place(page.width, page.height).map(textOf))
  const paper = x === 0 && y === 0 && width === page.width ? {} : { background: 0xffffff }
  return { width: page.width, height: page.height, dpi: map.dpi, ...paper, ...(page.title && { title: page.title }), items }
}

const rectangle = (width: number, height: number, color: number): SceneItem =>
  shapeItem({
    points: [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ],
    fill: { color, opacity: 1 },
  })

function shapeItem({ points, fill, outline }: PageShape): SceneItem {
  const part = { points: Int32Array.from(points.flat(), value => Math.round(value * 100)), isClosed: true }
  return {
    kind: 'path',
    parts: [part],
    ...(fill && { fill: { kind: 'color', rgb: fill.color, opacity: fill.opacity } }),
    ...(outline && {
      stroke: { paint: { kind: 'color', rgb: outline.color, opacity: 1 }, width: outline.width, cap: 'butt', join: 'mitre' },
    }),
  }
}

function requestOf({ text, x, y, anchor, size, isBold = false, wrapWidth, isOverMap = false }: PageText, index: number): LabelRequest {
  return {
    text: {
      text,
      families,
      size,
      isItalic: false,
      weight: isBold ? 700 : 400,
      letterSpacing: 0,
      color: packed(0, 1),
      lineHeight: 1.2,
      ...(isOverMap && { halo: { color: packed(0xffffff, 1), radius: size * haloShare } }),
      ...(wrapWidth !== undefined && { wrapWidth }),
    },
    at: { kind: 'point', x, y, anchor, displacement: [0, 0], rotation: 0, maxDisplacement: 0 },
    priority: 0,
    layer: 0,
    key: String(index).padStart(6, '0'),
    mayOverlap: true,
    spaceAround: 0,
  }
}
