import type { FeatureSet, RasterSample } from '#core/encoders.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import type { RowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import { TextSink } from '../text-sink.js'
import type { FeatureFormat, FeatureFormatOptions } from './feature-format.js'
import { type FeatureRow, featureId, featureRows, isSample } from './feature-rows.js'
import { type GmlDialect, type GmlNumbers, gml2, gml31, gml32, putGmlGeometry } from './gml-geometry.js'
import { type Srs, srsOf } from './srs.js'
import { ownPrefix, qualifiedName, xmlName } from './xml-name.js'

interface GmlVersion {
  readonly dialect: GmlDialect
  /** Element around everything, its attributes aside, with the namespace of its prefix where that is no other; and what holds a feature in it. */
  readonly root: string
  readonly rootNamespace?: string
  readonly member: string
  /** How features carry their id. */
  readonly idAttribute: 'fid' | 'gml:id'
  nameOf(srs: Srs): string
  isFlipped(srs: Srs): boolean
  envelope(srsName: string, low: string, high: string): string
  /** Namespace and address of the schema of the root, where features have schemas of their own. */
  readonly schema?: string
  /** `''`: nothing at all, which also stands for boxes without width or height, as the official suite has it. */
  readonly noEnvelope: string
}

const version2: GmlVersion = {
  dialect: gml2,
  root: 'wfs:FeatureCollection',
  rootNamespace: 'xmlns:wfs="http://www.opengis.net/wfs"',
  member: 'gml:featureMember',
  idAttribute: 'fid',
  nameOf: srs => srs.gml2Name,
  isFlipped: () => false,
  envelope: (srsName, low, high) => `<gml:Box${srsName}><gml:coordinates>${low} ${high}</gml:coordinates></gml:Box>`,
  noEnvelope: '<gml:null>unknown</gml:null>',
  schema: 'http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd',
}

const version31: GmlVersion = {
  dialect: gml31,
  root: version2.root,
  rootNamespace: version2.rootNamespace,
  member: version2.member,
  idAttribute: 'gml:id',
  nameOf: srs => srs.urn,
  isFlipped: srs => srs.isNorthFirst,
  envelope: (srsName, low, high) =>
    `<gml:Envelope${srsName}><gml:lowerCorner>${low}</gml:lowerCorner><gml:upperCorner>${high}</gml:upperCorner></gml:Envelope>`,
  noEnvelope: '<gml:Null>unknown</gml:Null>',
}

/** GML 3.2 has no collection of its own any more: whoever writes features declares one (OGC 07-036, 9.9). */
const version32: GmlVersion = {
  ...version31,
  dialect: gml32,
  root: `${ownPrefix}:FeatureInfo`,
  rootNamespace: undefined,
  member: `${ownPrefix}:member`,
  noEnvelope: '',
}

/** A WFS feature collection of GML 2.1.2, coordinates x,y: what clients of GetFeatureInfo expect behind `application/vnd.ogc.gml`. */
export const gml212Format: FeatureFormat = {
  name: 'GML 2.1.2',
  mediaTypes: ['application/vnd.ogc.gml', 'application/vnd.ogc.gml/2.1.2', 'text/xml; subtype=gml/2.1.2'],
  encode: (sets, options) => collection(sets, options, version2),
}

/** The same in GML 3.1.1; reference systems are named by urn, and coordinates come in the authority's order. */
export const gml311Format: FeatureFormat = {
  name: 'GML 3.1.1',
  mediaTypes: ['application/vnd.ogc.gml/3.1.1', 'text/xml; subtype=gml/3.1.1'],
  encode: (sets, options) => collection(sets, options, version31),
}

/** The same in GML 3.2.1, in a collection of our own namespace: `app:FeatureInfo` with `app:member`; every object has a `gml:id`. */
export const gml321Format: FeatureFormat = {
  name: 'GML 3.2.1',
  mediaTypes: ['application/vnd.ogc.gml/3.2.1', 'application/gml+xml; version=3.2', 'text/xml; subtype=gml/3.2.1'],
  encode: (sets, options) => collection(sets, options, version32),
}

function collection(
  sets: Parameters<FeatureFormat['encode']>[0],
  { namespaces, namespace, schemaAddress }: FeatureFormatOptions,
  version: GmlVersion,
): Uint8Array {
  const sink = new TextSink()
  const used = new Map([[ownPrefix, namespace]])
  for (const set of sets) {
    const { prefix } = qualifiedName(set.collection.id, namespaces)
    if (prefix) used.set(prefix, namespaces.get(prefix) ?? namespace)
  }
  const { root, rootNamespace, dialect } = version
  const ids = dialect.hasIds ? uniqueIds() : undefined
  sink.ascii(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}${rootNamespace ? ` ${rootNamespace}` : ''} xmlns:gml="${dialect.namespace}"`)
  for (const [prefix, uri] of used) sink.text(` xmlns:${prefix}="${escapeXml(uri)}"`)
  if (version.schema && schemaAddress) putSchemas(sink, version.schema, used, sets, { namespaces, schemaAddress })
  sink.ascii(ids ? ` gml:id="${ids('info')}">` : '>')
  putEnvelope(sink, version, ...wholeOf(sets))
  for (const set of sets) {
    const { prefix = ownPrefix, local } = qualifiedName(set.collection.id, namespaces)
    if (isSample(set)) putSample(sink, set, { prefix, local, version, ids })
    else for (const feature of featureRows(set)) putFeature(sink, set, feature, { prefix, local, version, ids })
  }
  sink.ascii(`</${root}>\n`)
  return sink.take()
}

/** Says where the schemas of all that is written are. */
function putSchemas(
  sink: TextSink,
  rootSchema: string,
  used: ReadonlyMap<string, string>,
  sets: Parameters<FeatureFormat['encode']>[0],
  { namespaces, schemaAddress }: Required<Pick<FeatureFormatOptions, 'namespaces' | 'schemaAddress'>>,
): void {
  const ids = sets.map(({ collection }) => collection.id)
  const places = [...used].flatMap(([prefix, uri]) => {
    const own = [...new Set(ids)].filter(id => (qualifiedName(id, namespaces).prefix ?? ownPrefix) === prefix)
    return own.length > 0 ? [`${uri} ${schemaAddress(prefix, own)}`] : []
  })
  sink.ascii(' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')
  sink.text(` xsi:schemaLocation="${escapeXml([rootSchema, ...places].join(' '))}"`)
}

/** Where a feature is written. */
interface Place {
  readonly prefix: string
  readonly local: string
  readonly version: GmlVersion
  /** Makes an id that nothing else in the document has, where every object needs one. */
  readonly ids?: (wanted: string) => string
}

/** Ids as wanted; one that is taken gets a number behind it. */
function uniqueIds(): (wanted: string) => string {
  const taken = new Map<string, number>()
  return wanted => {
    const before = taken.get(wanted) ?? 0
    taken.set(wanted, before + 1)
    return before === 0 ? wanted : `${wanted}..${before + 1}`
  }
}

function putFeature(sink: TextSink, set: FeatureSet, feature: FeatureRow, { prefix, local, version, ids }: Place): void {
  const { row, geometry, properties, columns } = feature
  const srs = srsOf(set.crs)
  const srsName = srs && escapeXml(version.nameOf(srs))
  const numbers: GmlNumbers = { ...(srs ?? { decimals: 3, tolerance: 0.01 }), isFlipped: srs ? version.isFlipped(srs) : false }
  const own = featureId(set, feature.id)
  const id = ids ? ids(xmlName(own ?? set.collection.id)) : own === undefined ? undefined : fidOf(own, set)
  sink.text(`<${version.member}><${prefix}:${local}${id === undefined ? '' : ` ${version.idAttribute}="${id}"`}>`)
  const shape = geometry < 0 ? undefined : row.bytes(geometry)
  if (shape) putEnvelope(sink, version, ewkbBbox(shape), srs)
  for (const index of shape ? [geometry, ...properties] : properties) {
    if (row.isNull(index)) continue
    const name = `${prefix}:${xmlName(columns[index].name)}`
    sink.text(`<${name}>`)
    const bytes = columns[index].kind === 'geometry' ? row.bytes(index) : undefined
    if (bytes) putGmlGeometry(sink, bytes, version.dialect, numbers, { srsName, id: ids?.(`${id}.${xmlName(columns[index].name)}`) })
    else sink.text(escapeXml(schemaText(row, index)))
    sink.text(`</${name}>`)
  }
  sink.text(`</${prefix}:${local}></${version.member}>`)
}

/** The `fid` of GML 2 is a name of XML as well (`xs:ID`): as GeoServer has it, without the prefix of the collection. */
function fidOf(id: string, { collection }: FeatureSet): string {
  return xmlName(id.slice(collection.id.indexOf(':') + 1))
}

/** As XML Schema writes it: infinity is INF there. */
function schemaText(row: RowView, index: number): string {
  const value = row.value(index)
  if (value === Number.POSITIVE_INFINITY) return 'INF'
  return value === Number.NEGATIVE_INFINITY ? '-INF' : (row.text(index) ?? '')
}

function putSample(sink: TextSink, { collection: { id }, values }: RasterSample, { prefix, local, version, ids }: Place): void {
  if (values.length === 0) return
  sink.text(`<${version.member}><${prefix}:${local} ${version.idAttribute}="${ids?.(xmlName(id)) ?? xmlName(id)}">`)
  for (const { band, value } of values) {
    const name = `${prefix}:${xmlName(band)}`
    if (value !== null) sink.text(`<${name}>${value}</${name}>`)
  }
  sink.text(`</${prefix}:${local}></${version.member}>`)
}

/** Box around everything, where all of it is in one CRS. */
function wholeOf(sets: Parameters<FeatureFormat['encode']>[0]): [Bbox | undefined, Srs | undefined] {
  const codes = new Set<string | undefined>()
  let whole: Bbox | undefined
  for (const set of sets) {
    if (isSample(set)) continue
    for (const { row, geometry } of featureRows(set)) {
      const bytes = geometry < 0 ? undefined : row.bytes(geometry)
      const box = bytes && ewkbBbox(bytes)
      if (!box) continue
      codes.add(set.crs)
      whole = unionBbox(whole, box)
    }
  }
  return codes.size === 1 ? [whole, srsOf([...codes][0])] : [undefined, undefined]
}

function putEnvelope(sink: TextSink, version: GmlVersion, box: Bbox | undefined, srs: Srs | undefined): void {
  if (version.noEnvelope === '' && (!box || box[0] === box[2] || box[1] === box[3])) return
  sink.ascii('<gml:boundedBy>')
  if (!box) sink.ascii(version.noEnvelope)
  else {
    const decimals = srs?.decimals ?? 3
    const separator = version.dialect.ordinateSeparator
    const corner = (x: number, y: number) => {
      const [first, second] = srs && version.isFlipped(srs) ? [y, x] : [x, y]
      return new TextSink(64).fixed(first, decimals).byte(separator).fixed(second, decimals).toString()
    }
    const srsName = srs ? ` srsName="${escapeXml(version.nameOf(srs))}"` : ''
    sink.text(version.envelope(srsName, corner(box[0], box[1]), corner(box[2], box[3])))
  }
  sink.ascii('</gml:boundedBy>')
}
