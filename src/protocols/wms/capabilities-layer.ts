import type { Collection, NamedStyle } from '#core/atlas.js'
import { spelledStyle } from '#core/spelled-style.js'
import { keywordsIn, textIn } from '#core/text.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { baseUrlToken } from '#protocols/ows/document-cache.js'
import { attributes, element, rawXml, type Xml, xml } from '#xml/write.js'
import { dimensionElements } from './capabilities-dimensions.js'
import { keywordList, onlineResource, references } from './capabilities-references.js'
import { crsCodesOf, type ExtentFinder, lonLatExtent, projected, type WireCrs, type WireCrsFinder, wireBox } from './layer-extent.js'
import { collectionsOf, isQueryable, type LayerNode } from './layer-tree.js'
import { legendSize } from './legend-options.js'
import type { WmsVersion } from './versions.js'

export interface LayerContext {
  readonly version: WmsVersion
  /** Best first. */
  readonly languages: readonly string[]
  readonly extentsOf: ExtentFinder
  readonly wireCrs: WireCrsFinder
  /** CRS codes that the root layer lists for all. */
  readonly shared: readonly string[]
}

/** Layers of collections, written beforehand. */
export type WrittenLayers = ReadonlyMap<Collection, Xml>

/** `<Layer>` of the service as a whole: what all have in common is inherited from it (OGC 06-042, 7.2.4.8). */
export function rootLayer(
  title: string,
  abstract: string | undefined,
  nodes: readonly LayerNode[],
  written: WrittenLayers,
  context: LayerContext,
): Xml {
  return xml`
    <Layer>
      <Title>${title}</Title>
      ${element('Abstract', abstract)}
      ${crsElements(context.shared, context)}
      ${groupBoxes(nodes, context)}
      ${nodes.map(node => layer(node, written, context))}
    </Layer>`
}

function layer(node: LayerNode, written: WrittenLayers, context: LayerContext): Xml | undefined {
  if (node.kind === 'collection') return written.get(node.collection)
  return xml`
    <Layer${attributes({ queryable: node.name && collectionsOf(node).some(isQueryable) ? 1 : undefined })}>
      ${element('Name', node.name)}
      <Title>${textIn(node.title, context.languages)}</Title>
      ${groupBoxes(node.children, context)}
      ${node.children.map(child => layer(child, written, context))}
    </Layer>`
}

/** `<Layer>` of one collection, without what it inherits from the root. */
export function collectionLayer(collection: Collection, context: LayerContext): Xml {
  const { version, languages, shared, extentsOf } = context
  const { id, title, abstract, keywords, styles } = collection
  const codes = crsCodesOf(collection)
  const extents = extentsOf(collection)
  return xml`
    <Layer${attributes({ queryable: isQueryable(collection) ? 1 : undefined })}>
      <Name>${id}</Name>
      <Title>${textIn(title, languages)}</Title>
      ${element('Abstract', abstract && textIn(abstract, languages))}
      ${keywordList(keywordsIn(keywords, languages), version)}
      ${crsElements(ownCrs(codes, shared), context)}
      ${boxes(lonLatExtent(collection), codes, code => extents.get(code), context)}
      ${dimensionElements(collection, version)}
      ${references(collection, languages, version)}
      ${styles.map(named => styleElement(collection, named, context))}
      ${scales(collection, version)}
    </Layer>`
}

/** The legend's address says its version, as all do, and its size is the one it has (CITE compares them). */
function styleElement({ id, source }: Collection, { name, title, style }: NamedStyle, { version, languages }: LayerContext): Xml {
  const query = new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: version.number,
    REQUEST: 'GetLegendGraphic',
    FORMAT: 'image/png',
    LAYER: id,
    STYLE: name,
    SLD_VERSION: '1.1.0',
  })
  const { width, height } = legendSize(spelledStyle(style, source))
  return xml`
    <Style>
      <Name>${name}</Name>
      <Title>${textIn(title, languages)}</Title>
      <LegendURL${attributes({ width, height })}>
        <Format>image/png</Format>
        ${onlineResource(xml`${rawXml(baseUrlToken)}/wms?${String(query)}`)}
      </LegendURL>
    </Style>`
}

/**
 * All of a layer's codes, or none where it adds nothing to those it inherits. Inherited ones are repeated (OGC 01-068r3, 7.1.4.5.5: clients ignore
 * duplicates), because ogc-client, and the portals on top of it, take a layer's own list for the whole of it.
 */
const ownCrs = (codes: readonly string[], shared: readonly string[]) => (codes.every(code => shared.includes(code)) ? [] : codes)

function crsElements(codes: readonly string[], { version, wireCrs }: LayerContext): readonly Xml[] {
  return codes.flatMap(code => element(version.crs, wireCrs(code)?.name) ?? [])
}

function groupBoxes(nodes: readonly LayerNode[], context: LayerContext): Xml | undefined {
  const all = nodes.flatMap(collectionsOf)
  const known = all.filter(({ extent }) => extent)
  const box = (known.length > 0 ? known : all).map(lonLatExtent).reduce<Bbox | undefined>(unionBbox, undefined)
  if (!box) return undefined
  const inCrs = (code: string) => (code === 'OGC:CRS84' || code === 'EPSG:4326' ? box : projected(box, 'OGC:CRS84', code))
  return boxes(box, context.shared, inCrs, context)
}

function boxes(lonLat: Bbox, codes: readonly string[], inCrs: (code: string) => Bbox | undefined, { version, wireCrs }: LayerContext): Xml {
  const [west, south, east, north] = lonLat.map(degrees => String(Number(degrees.toFixed(9))))
  const geographic =
    version.number === '1.3.0'
      ? xml`
        <EX_GeographicBoundingBox>
          <westBoundLongitude>${west}</westBoundLongitude>
          <eastBoundLongitude>${east}</eastBoundLongitude>
          <southBoundLatitude>${south}</southBoundLatitude>
          <northBoundLatitude>${north}</northBoundLatitude>
        </EX_GeographicBoundingBox>`
      : xml`<LatLonBoundingBox${attributes({ minx: west, miny: south, maxx: east, maxy: north })}/>`
  const each = codes.map(code => {
    const crs = wireCrs(code)
    const box = crs && inCrs(code)
    return box && boundingBox(box, crs, version)
  })
  return xml`${geographic}${each}`
}

function boundingBox(box: Bbox, crs: WireCrs, version: WmsVersion): Xml {
  const [minx, miny, maxx, maxy] = wireBox(box, crs)
  return xml`<BoundingBox${attributes({ [version.crs]: crs.name, minx, miny, maxx, maxy })}/>`
}

/** ScaleHint is the diagonal of a pixel in metres (OGC 01-068r3, 7.1.4.5.15); a pixel is 0.28 mm. */
function scales({ minScaleDenominator, maxScaleDenominator }: Collection, { number }: WmsVersion): Xml | undefined {
  if (minScaleDenominator === undefined && maxScaleDenominator === undefined) return undefined
  if (number === '1.3.0')
    return xml`${element('MinScaleDenominator', minScaleDenominator)}${element('MaxScaleDenominator', maxScaleDenominator)}`
  const diagonal = (denominator: number) => Number((denominator * 0.00028 * Math.SQRT2).toPrecision(12))
  return xml`<ScaleHint${attributes({ min: diagonal(minScaleDenominator ?? 0), max: diagonal(maxScaleDenominator ?? 1e12) })}/>`
}
