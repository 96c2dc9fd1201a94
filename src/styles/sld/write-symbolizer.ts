import { type TreeContent, treeBuilder, type XmlTree } from '#xml/write-element.js'
import type { FillSymbolizer, GeometryChoice, Graphic, LineSymbolizer, PointSymbolizer, Symbolizer } from '../style.js'
import { turnOf } from './line-turn.js'
import { geometryParts } from './read-symbolizer.js'
import { graphicNode, marginText } from './write-graphic.js'
import { rasterNode } from './write-raster.js'
import { fillNode, strokeNode } from './write-stroke.js'
import { textNodeOf } from './write-text.js'
import { displacementNode, hasGroundLength, lengthNode, vendorOption } from './write-value.js'
import { inside, mayExtend, namespaces, tell, tree, type Writing } from './writing.js'

/** A symbolizer; two where the language draws a pattern instead of a colour and not over it. */
export function symbolizerNodes(outer: Writing, symbolizer: Symbolizer): readonly XmlTree[] {
  const isGround = hasGroundLength(symbolizer)
  const unit = isGround && outer.dialect.hasEncoding ? 'metre' : 'pixel'
  const writing = { ...inside(outer, elementNames[symbolizer.kind]), unit } as const
  const element = (...content: readonly TreeContent[]) =>
    tree(
      `${writing.dialect.prefix}:${elementNames[symbolizer.kind]}`,
      { uom: unit === 'metre' ? 'http://www.opengeospatial.org/se/units/metre' : undefined },
      ...content,
    )
  switch (symbolizer.kind) {
    case 'fill': {
      const { color, pattern, ...rest } = symbolizer
      if (color === undefined || !pattern) return [element(...fillContent(writing, symbolizer))]
      const { outline: _, ...below } = rest
      return [element(...fillContent(writing, { ...below, color })), element(...fillContent(writing, { ...rest, pattern }))]
    }
    case 'line':
      return [element(...lineContent(writing, symbolizer))]
    case 'point':
      return [element(geometryNode(writing, symbolizer.geometry), graphicNode(writing, turnedGraphic(writing, symbolizer)))]
    case 'text':
      return [element(geometryNode(writing, symbolizer.geometry), ...textNodeOf(writing, symbolizer))]
    case 'raster':
      return [element(...rasterNode(writing, symbolizer))]
  }
}

/** With the Rotation that turns it with the line, which GeoServer has functions for at its ends. */
function turnedGraphic(writing: Writing, symbolizer: PointSymbolizer): Graphic {
  const { graphic, isTurned } = symbolizer
  if (!isTurned) return graphic
  const rotation = turnOf(symbolizer)
  if (rotation === undefined) tell(writing, 'a mark that is turned with the line, elsewhere than at its ends')
  return rotation !== undefined && mayExtend(writing, 'a mark that is turned with the line') ? { ...graphic, rotation } : graphic
}

const elementNames = {
  fill: 'PolygonSymbolizer',
  line: 'LineSymbolizer',
  point: 'PointSymbolizer',
  text: 'TextSymbolizer',
  raster: 'RasterSymbolizer',
} as const satisfies Record<Symbolizer['kind'], string>

function fillContent(writing: Writing, symbolizer: FillSymbolizer): readonly TreeContent[] {
  const { geometry, color, opacity, pattern, outline, displacement } = symbolizer
  const margin = pattern?.kind === 'graphic' ? marginText(pattern) : undefined
  if (pattern?.kind === 'graphic' && pattern.margin && !margin) tell(writing, 'gaps of a pattern in other units than pixels')
  return [
    geometryNode(writing, geometry),
    color !== undefined || pattern
      ? fillNode(writing, { opacity, ...(color !== undefined && { color }), ...(pattern && { pattern }) })
      : undefined,
    outline && strokeNode(writing, outline),
    displacement && (writing.dialect.hasEncoding || mayExtend(writing, 'displacement of polygons'))
      ? displacementNode(writing, displacement)
      : undefined,
    vendorOption(writing, 'graphic-margin', margin),
  ]
}

function lineContent(writing: Writing, { geometry, stroke, offset }: LineSymbolizer): readonly TreeContent[] {
  const mayShift = offset !== undefined && (writing.dialect.hasEncoding || mayExtend(writing, 'offset of lines'))
  return [
    geometryNode(writing, geometry),
    strokeNode(writing, stroke),
    mayShift ? lengthNode(writing, 'PerpendicularOffset', offset) : undefined,
  ]
}

const ogc = treeBuilder(namespaces)

/** Schemas know columns only; their parts are functions of GeoServer. */
function geometryNode(writing: Writing, geometry: GeometryChoice | undefined): XmlTree | undefined {
  if (!geometry) return undefined
  const { column, part } = geometry
  const property = column === undefined ? undefined : ogc('ogc:PropertyName', {}, column)
  const name = Object.entries(geometryParts).find(([, known]) => known === part)?.[0]
  const inner = part === undefined ? property : name ? ogc('ogc:Function', { name }, property) : tell(writing, `the ${part} of geometries`)
  if (!inner || (part !== undefined && !mayExtend(writing, `the ${part} of geometries`))) return undefined
  return tree(`${writing.dialect.prefix}:Geometry`, {}, inner)
}
