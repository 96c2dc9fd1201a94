import { entryOf } from '#filters/entry-of.js'
import type { XmlTree } from '#xml/write-element.js'
import type { Glyph, Graphic, GraphicPattern, GraphicShape, Hatch, Icon, Mark, Pattern } from '../style.js'
import { timesLength } from '../values.js'
import { fromTop, halfTurn, hatchShapes } from './read-graphic.js'
import { fillNode, strokeNode } from './write-stroke.js'
import { anchorNode, displacementNode, lengthNode, valueNode, vendorOption } from './write-value.js'
import { mayExtend, node, numberText, tell, tree, type Writing } from './writing.js'

/** A Graphic (OGC 05-077r4, 11.3.2). */
export function graphicNode(writing: Writing, graphic: Graphic): XmlTree {
  const { shapes, opacity, size, rotation, anchor, displacement } = graphic
  if (graphic.scale !== undefined && size === undefined) tell(writing, 'a picture larger or smaller than its file by a factor')
  const [shape] = shapes
  const widening = shape.kind === 'mark' ? shape.widening : undefined
  const isWidened = typeof widening === 'number' && writing.isExtended
  if (widening !== undefined && !isWidened)
    tell(writing, 'a mark that is wider or narrower than by itself: only a number in QGIS’s VendorOption says it')
  const mayPlace = writing.dialect.hasEncoding || !(anchor || displacement) || mayExtend(writing, 'anchor and displacement of a graphic')
  return node(
    writing,
    'Graphic',
    shapes.map(shape => shapeNode(writing, shape)),
    valueNode(writing, 'Opacity', opacity),
    lengthNode(writing, 'Size', isWidened ? timesLength(size ?? 6, widening) : size),
    valueNode(writing, 'Rotation', rotation),
    mayPlace ? [anchorNode(writing, anchor && [anchor[0], fromTop(anchor[1])]), displacementNode(writing, displacement)] : [],
    isWidened ? vendorOption(writing, 'widthHeightFactor', widening) : undefined,
  )
}

function shapeNode(writing: Writing, shape: GraphicShape): XmlTree | undefined {
  return shape.kind === 'icon' ? iconNode(writing, shape) : markNode(writing, shape)
}

function markNode(writing: Writing, mark: Mark | Glyph): XmlTree | undefined {
  const { color, opacity = 1, outline } = mark
  const name =
    mark.kind === 'mark'
      ? typeof mark.shape === 'string'
        ? mark.shape
        : embeddedName(writing, mark.shape)
      : `ttf://${mark.family}#0x${mark.character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  if (name === undefined) return undefined
  // A mark that says nothing of its colours is gray with a black outline.
  const isBare = color === undefined && !outline
  return node(
    writing,
    'Mark',
    node(writing, 'WellKnownName', name),
    color !== undefined || isBare ? fillNode(writing, { color: color ?? '#000000', opacity: isBare ? 0 : opacity }) : undefined,
    outline && strokeNode(writing, outline),
  )
}

function iconNode(writing: Writing, { href, color, outline }: Icon): XmlTree | undefined {
  const name = typeof href === 'string' ? href : embeddedName(writing, href)
  if (name === undefined) return undefined
  const [, type, base64] = /^data:([^;,]+);base64,(.*)$/s.exec(name) ?? []
  const isInside = /^data:/i.test(name)
  if (isInside && (color !== undefined || outline)) tell(writing, 'colours of a picture inside the style')
  else if ([color, outline?.color, outline?.opacity, outline?.width].some(part => typeof part === 'object'))
    tell(writing, 'colours and widths of a picture that are computed or on the ground')
  const format = node(writing, 'Format', type ?? formatOf(name))
  if (base64 && writing.dialect.hasEncoding)
    return node(writing, 'ExternalGraphic', tree('se:InlineContent', { encoding: 'base64' }, base64), format)
  const colors = [
    typeof color === 'string' && `fill=${encodeURIComponent(color)}`,
    typeof outline?.color === 'string' && `stroke=${encodeURIComponent(outline.color)}`,
    typeof outline?.opacity === 'number' && outline.opacity !== 1 && `stroke-opacity=${numberText(outline.opacity)}`,
    outline && typeof outline.width === 'number' && outline.width !== 1 && `stroke-width=${numberText(outline.width)}`,
  ].filter(Boolean)
  const address = colors.length > 0 && !isInside ? `${name}?${colors.join('&')}` : name
  const resource = tree(`${writing.dialect.prefix}:OnlineResource`, { 'xlink:type': 'simple', 'xlink:href': address })
  return node(writing, 'ExternalGraphic', resource, format)
}

/** Names computed from properties and texts, as GeoServer embeds them. */
function embeddedName(writing: Writing, href: Exclude<Icon['href'], string>): string | undefined {
  const parts = href.kind === 'call' && href.name === 'concat' ? href.args : [href]
  const texts = parts.map(part =>
    part.kind === 'literal'
      ? String(part.value ?? '')
      : part.kind === 'property' && !/[{}"]/.test(part.name)
        ? `\${"${part.name}"}`
        : undefined,
  )
  if (texts.every(text => text !== undefined)) return texts.join('')
  return tell(writing, 'the name of a picture or mark is put together from texts and properties only; it is left out')
}

const formats: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

const formatOf = (name: string) => entryOf(formats, /\.(\w+)$/.exec(name)?.[1].toLowerCase() ?? '') ?? 'image/svg+xml'

/** A GraphicFill (OGC 05-077r4, 11.2.2). */
export function patternNode(writing: Writing, pattern: Pattern): XmlTree {
  if (pattern.kind === 'hatch') return node(writing, 'GraphicFill', graphicNode(writing, hatchGraphic(writing, pattern)))
  if (pattern.stagger) tell(writing, 'rows of a pattern that are shifted')
  return node(writing, 'GraphicFill', graphicNode(writing, pattern.graphic))
}

/** Lines as the marks that GeoServer and QGIS know for them. */
function hatchGraphic(writing: Writing, { angle, spacing, offset, stroke }: Hatch): Graphic {
  if (offset !== undefined) tell(writing, 'the offset of a hatch')
  const plain = Object.entries(hatchShapes).find(([, lines]) => typeof angle === 'number' && lines.angle === halfTurn(angle))
  const [shape, { share }] = plain ?? ['shape://horline', hatchShapes['shape://horline']]
  return {
    shapes: [{ kind: 'mark', shape, outline: stroke }],
    size: timesLength(spacing, 1 / share),
    ...(!plain && { rotation: angle }),
  }
}

/** The gaps of a pattern, as GeoServer's option has them: around each graphic. */
export function marginText({ margin }: GraphicPattern): string | undefined {
  if (!margin) return undefined
  const [x, y] = margin
  return typeof x === 'number' && typeof y === 'number' ? `${numberText(y / 2)} ${numberText(x / 2)}` : undefined
}
