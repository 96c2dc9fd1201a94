import type { FeatureTable } from '#core/feature-table.js'
import type { RowView } from '#rows/row-view.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { featurePieces, pieceSink } from './feature-pieces.js'
import { geometryIndex } from './geojson-members.js'
import { gmlFeatureWriter } from './gml-feature.js'
import { type GmlRoot, namespaceAttributes, putGmlOpening, xmlDeclaration } from './gml-root.js'
import { type GmlReference, type GmlVersion, gmlReference, gmlVersions, putBoundedBy } from './gml-version.js'
import { srsOf } from './srs.js'
import { ownPrefix, qualifiedName, xmlName } from './xml-name.js'

const common = { extension: 'gml', isText: true, isDocument: true, isStreamed: true } satisfies Partial<CollectionFormat>
const simpleFeatures = 'http://www.opengis.net/ogcapi-features-1/1.0/sf'

/**
 * GML 3.2.1 within the simple features profile, level 0 (OGC 10-100r3; OGC 17-069r4, 8.4): `sf:FeatureCollection`, every object with a `gml:id`, reference
 * systems named by address and coordinates in the authority's order. Arcs become chords; measures and empty geometries are left out.
 */
export const gml32Collection: CollectionFormat = {
  ...common,
  names: ['gml', 'gml32'],
  title: 'GML 3.2',
  mediaTypes: [
    'application/gml+xml; version=3.2',
    'application/gml+xml; version=3.2; profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf0"',
    'application/gml+xml',
    'text/xml; subtype=gml/3.2',
    'text/xml; subtype=gml/3.2.1',
  ],
  write: (table, options) => {
    const srs = srsOf(table.geometry?.crs)
    const reference = srs && { name: srs.url, isFlipped: srs.isNorthFirst }
    return writeGml(table, options, gmlVersions['3.2.1'], {
      name: 'sf:FeatureCollection',
      attributes: ` xmlns:sf="${simpleFeatures}"`,
      member: 'sf:featureMember',
      schema: `${simpleFeatures} http://schemas.opengis.net/ogcapi/features/part1/1.0/xml/core-sf.xsd`,
      ...(reference && { reference }),
    })
  },
}

/** GML 3.1.1 in the collection of WFS 1.1.0 (OGC 04-094, 9.3); reference systems are named by urn, and coordinates are in the authority's order. */
export const gml31Collection: CollectionFormat = {
  ...common,
  names: ['gml3', 'gml31'],
  title: 'GML 3.1.1',
  mediaTypes: ['text/xml; subtype=gml/3.1.1', 'application/gml+xml; version=3.1', 'application/gml+xml; version=3.1.1'],
  write: (table, options) =>
    writeGml(table, options, gmlVersions['3.1.1'], wfsRoot('http://schemas.opengis.net/wfs/1.1.0/wfs.xsd', options.page?.timeStamp)),
}

/** GML 2.1.2 in the collection of WFS 1.0.0 (OGC 02-058, 9.4); coordinates are x,y. */
export const gml2Collection: CollectionFormat = {
  ...common,
  names: ['gml2'],
  title: 'GML 2.1.2',
  mediaTypes: ['text/xml; subtype=gml/2.1.2', 'application/gml+xml; version=2.1', 'application/gml+xml; version=2.1.2'],
  write: (table, options) => writeGml(table, options, gmlVersions['2.1.2'], wfsRoot('http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd')),
}

function wfsRoot(schema: string, timeStamp?: string): GmlRoot {
  const attributes = ` xmlns:wfs="http://www.opengis.net/wfs"${timeStamp ? ` timeStamp="${timeStamp}"` : ''}`
  return { name: 'wfs:FeatureCollection', attributes, member: 'gml:featureMember', schema: `http://www.opengis.net/wfs ${schema}` }
}

/** What the features of one collection are written into. */
export interface GmlDocument extends GmlRoot {
  /** How coordinates are referenced; as the version has it where absent. */
  readonly reference?: GmlReference
}

/** A document of one collection, or of one feature, in pieces. Its box is the one that is known of all: no feature is outside. */
export async function* writeGml(
  table: FeatureTable,
  options: WriteOptions,
  version: GmlVersion,
  root: GmlDocument,
): AsyncGenerator<Uint8Array, void> {
  const { namespaces, page } = options
  const { geometry, columns, schema } = table
  const { prefix = ownPrefix, local } = qualifiedName(table.id, namespaces)
  const srs = srsOf(geometry?.crs)
  const reference = root.reference ?? gmlReference(version, srs)
  const shape = geometryIndex(table)
  const sink = pieceSink()
  const put = gmlFeatureWriter({
    version,
    prefix,
    local,
    columns: schema.columns,
    geometry: shape,
    properties: columns.map((_, i) => i + 1),
    ...(geometry && { type: geometry.type }),
    ...(geometry?.crs && { crs: geometry.crs }),
    ...(reference && { reference }),
    ...(options.decimals !== undefined && { decimals: options.decimals }),
    idOf: idMaker(
      local,
      [...(geometry ? [geometry] : []), ...columns.filter(({ kind }) => kind === 'geometry')].map(({ name }) => xmlName(name)),
    ),
    geometryId: (feature, name) => `${feature}.${name}`,
  })
  if (page?.isSingle) {
    const attributes = namespaceAttributes(version, undefined, [table.id], options)
    sink.ascii(xmlDeclaration)
    yield* featurePieces(sink, table, row => put(sink, row, attributes))
    sink.byte(0x0a)
  } else {
    putGmlOpening(sink, version, root, [table.id], { ...options, ...(version.dialect.hasIds && { id: `${local}.collection..` }) })
    putBoundedBy(sink, version, geometry?.extent, reference, srs?.decimals)
    const [opening, closing] = [`<${root.member}>`, `</${root.member}>\n`]
    yield* featurePieces(sink, table, row => {
      sink.ascii(opening)
      put(sink, row)
      sink.ascii(closing)
    })
    sink.ascii(`</${root.name}>\n`)
  }
  yield sink.take()
}

/** `communes.57463`; an id that could be that of a geometry (`1.geom`), or of the collection, has dots behind it, so that no two objects share one. */
function idMaker(local: string, geometries: readonly string[]): (row: RowView) => string {
  const endings = geometries.map(name => new RegExp(`\\.${name.replace(/\./g, '\\.')}(\\.\\d+)*\\.*$`))
  const reserved = [...endings, /^collection\.+$/]
  let nameless = 0
  return row => {
    const id = row.text(0)
    if (id === null) return `${local}..${++nameless}`
    const name = xmlName(`x${id}`).slice(1)
    return `${local}.${name}${reserved.some(ending => ending.test(name)) ? '.' : ''}`
  }
}
