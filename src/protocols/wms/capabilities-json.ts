import type { AtlasView, Collection, NamedStyle } from '#core/atlas.js'
import { type Dimension, defaultText, extentText } from '#core/dimension.js'
import { spelledStyle } from '#core/spelled-style.js'
import { keywordsIn, textIn } from '#core/text.js'
import { baseUrlToken, rootUrlToken } from '#protocols/ows/document-cache.js'
import { pacer } from '#protocols/ows/pacer.js'
import { unitsIn } from './dimension-parameters.js'
import { infoFormats } from './info-format.js'
import { crsCodesOf, lonLatExtent, type WireCrsFinder, wireCrsFinder } from './layer-extent.js'
import { isQueryable, type LayerNode, layerTree } from './layer-tree.js'
import { listedRules, ruleJson } from './legend-json.js'
import { legendSize } from './legend-options.js'
import { mapFormatNames } from './map-formats.js'
import { versions } from './versions.js'

/**
 * The capabilities of a view for portals, in one JSON document: the tree of layers with their columns and the rules of their legends. `languages` are best first;
 * `baseUrlToken` and `rootUrlToken` stand for addresses. What has no value is left out. Written in steps between which other requests have their turn.
 */
export async function writeJsonCapabilities(view: AtlasView, languages: readonly string[]): Promise<string> {
  const { atlas } = view
  const { service, limits } = atlas
  const pause = pacer()
  const wireCrs = wireCrsFinder(versions['1.3.0'])
  const nodeJson = async (node: LayerNode): Promise<string> => {
    await pause()
    if (node.kind === 'collection') return json(layerJson(node.collection, languages, wireCrs))
    const head = json({ ...(node.name !== undefined && { name: node.name }), title: textIn(node.title, languages) })
    return `${head.slice(0, -1)},"layers":${await nodesJson(node.children)}}`
  }
  const nodesJson = async (nodes: readonly LayerNode[]): Promise<string> => {
    const written: string[] = []
    for (const node of nodes) written.push(await nodeJson(node))
    return `[${written.join(',')}]`
  }
  const head = json({
    version: '1.3.0',
    updateSequence: atlas.generation,
    language: languages[0],
    title: textIn(view.key === '' ? service.title : view.title, languages),
    ...(service.abstract !== undefined && { abstract: textIn(service.abstract, languages) }),
    keywords: keywordsIn(service.keywords, languages),
    href: `${baseMark}/wms?`,
    mapFormats: mapFormatNames,
    infoFormats,
    layerLimit: limits.mapLayers,
    maxWidth: limits.mapSide,
    maxHeight: limits.mapSide,
  })
  return `${head.slice(0, -1)},"layers":${await nodesJson(layerTree(view))}}`
}

function layerJson(collection: Collection, languages: readonly string[], wireCrs: WireCrsFinder): object {
  const { id, title, abstract, keywords, attribution, attributionUrl, logo, identifiers, dimensions = [], source, styles } = collection
  const { minScaleDenominator, maxScaleDenominator } = collection
  const urls = (list: readonly { readonly url: string }[] = []) =>
    list.map(({ url, ...rest }) => ({ ...rest, href: url.startsWith('/') ? `${rootMark}${url}` : url }))
  return {
    name: id,
    title: textIn(title, languages),
    ...(abstract !== undefined && { abstract: textIn(abstract, languages) }),
    keywords: keywordsIn(keywords, languages),
    queryable: isQueryable(collection),
    crs: crsCodesOf(collection).flatMap(code => wireCrs(code)?.name ?? []),
    bbox: lonLatExtent(collection),
    ...(minScaleDenominator !== undefined && { minScaleDenominator }),
    ...(maxScaleDenominator !== undefined && { maxScaleDenominator }),
    ...(dimensions.length > 0 && { dimensions: dimensions.filter(({ extent }) => extent.length > 0).map(dimensionJson) }),
    ...(attribution !== undefined && {
      attribution: {
        title: textIn(attribution, languages),
        ...(attributionUrl !== undefined && { href: attributionUrl }),
        ...(logo && { logo: urls([logo])[0] }),
      },
    }),
    ...(identifiers && { identifiers }),
    ...(collection.metadataUrls && { metadata: urls(collection.metadataUrls) }),
    ...(collection.dataUrls && { data: urls(collection.dataUrls) }),
    ...(source.kind === 'features'
      ? {
          geometryType: source.geometries.find(({ name }) => name === source.geometry)?.type,
          fields: source.columns.map(({ name, kind, isNullable, comment }) => ({
            name,
            type: kind,
            nullable: isNullable,
            ...(comment !== undefined && { title: comment }),
          })),
        }
      : { bands: source.bands.map(({ name, sampleType, unit }) => ({ name, type: sampleType, ...(unit !== undefined && { unit }) })) }),
    styles: styles.map(style => styleJson(collection, style, languages)),
  }
}

function dimensionJson(dimension: Dimension): object {
  const { name, unitSymbol, extent, takesSeveral, takesNearest } = dimension
  const preset = defaultText(dimension)
  return {
    name,
    units: unitsIn(dimension, versions['1.3.0']),
    ...(unitSymbol !== undefined && { unitSymbol }),
    ...(preset !== undefined && { default: preset }),
    multipleValues: takesSeveral,
    nearestValue: takesNearest,
    extent: extentText(extent),
  }
}

function styleJson({ id, source }: Collection, { name, title, style: published }: NamedStyle, languages: readonly string[]): object {
  const style = spelledStyle(published, source)
  const query = new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: '1.3.0',
    REQUEST: 'GetLegendGraphic',
    FORMAT: 'image/png',
    LAYER: id,
    STYLE: name,
  })
  return {
    name,
    title: textIn(title, languages),
    legend: { href: `${baseMark}/wms?${query}`, format: 'image/png', ...legendSize(style) },
    rules: listedRules(style).map(rule => ruleJson(rule, languages[0])),
  }
}

/** Stand for the tokens of addresses until the JSON is written, which would escape those; in texts of the data they are no characters. */
const [baseMark, rootMark] = ['\x7f', '\x80']

function json(value: object): string {
  const text = JSON.stringify(value, (key, inner) =>
    typeof inner === 'string' && key !== 'href' ? inner.replace(/[\x7f\x80]/g, '\ufffd') : inner,
  )
  return text.replaceAll(baseMark, baseUrlToken).replaceAll(rootMark, rootUrlToken)
}
