import { type Bbox, unionBbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { rowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import { TextSink } from '../text-sink.js'
import type { FeatureFormat, FeatureFormatOptions } from './feature-format.js'
import { featureId, featureRows, isSample, sampleFields } from './feature-rows.js'
import { type GmlFeatures, gmlFeatureWriter } from './gml-feature.js'
import { type GmlRoot, putGmlOpening } from './gml-root.js'
import { type GmlVersion, gmlReference, gmlVersions, putBoundedBy } from './gml-version.js'
import { type Srs, srsOf } from './srs.js'
import { ownPrefix, qualifiedName, xmlName } from './xml-name.js'

type Sets = Parameters<FeatureFormat['encode']>[0]

/** A WFS feature collection of GML 2.1.2, coordinates x,y: what clients of GetFeatureInfo expect behind `application/vnd.ogc.gml`. */
export const gml212Format: FeatureFormat = {
  name: 'GML 2.1.2',
  mediaTypes: ['application/vnd.ogc.gml', 'application/vnd.ogc.gml/2.1.2', 'text/xml; subtype=gml/2.1.2'],
  encode: (sets, options) =>
    collection(sets, options, gmlVersions['2.1.2'], {
      ...wfsRoot,
      schema: 'http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd',
    }),
}

/** The same in GML 3.1.1; reference systems are named by urn, and coordinates come in the authority's order. */
export const gml311Format: FeatureFormat = {
  name: 'GML 3.1.1',
  mediaTypes: ['application/vnd.ogc.gml/3.1.1', 'text/xml; subtype=gml/3.1.1'],
  encode: (sets, options) => collection(sets, options, gmlVersions['3.1.1'], wfsRoot),
}

/** The same in GML 3.2.1, in a collection of our own namespace: `app:FeatureInfo` with `app:member`; every object has a `gml:id`. */
export const gml321Format: FeatureFormat = {
  name: 'GML 3.2.1',
  mediaTypes: ['application/vnd.ogc.gml/3.2.1', 'application/gml+xml; version=3.2', 'text/xml; subtype=gml/3.2.1'],
  encode: (sets, options) => collection(sets, options, gmlVersions['3.2.1'], ownRoot),
}

const wfsRoot: GmlRoot = {
  name: 'wfs:FeatureCollection',
  attributes: ' xmlns:wfs="http://www.opengis.net/wfs"',
  member: 'gml:featureMember',
}

/** GML 3.2 has no collection of its own any more: whoever writes features declares one (OGC 07-036, 9.9). */
const ownRoot: GmlRoot = { name: `${ownPrefix}:FeatureInfo`, attributes: '', member: `${ownPrefix}:member` }

function collection(sets: Sets, options: FeatureFormatOptions, version: GmlVersion, root: GmlRoot): Uint8Array {
  const { namespaces } = options
  const sink = new TextSink()
  const ids = version.dialect.hasIds ? uniqueIds() : undefined
  const collections = sets.map(({ collection }) => collection.id)
  // without a schema of the root, nothing says where those of the features are
  const { schemaAddress, ...others } = options
  putGmlOpening(sink, version, root, collections, { ...(root.schema ? options : others), ...(ids && { id: ids('info') }) })
  const [box, srs] = wholeOf(sets)
  putBoundedBy(sink, version, box, gmlReference(version, srs), srs?.decimals)
  for (const set of sets) {
    const { prefix = ownPrefix, local } = qualifiedName(set.collection.id, namespaces)
    if (isSample(set)) {
      if (set.values.length === 0) continue
      const id = xmlName(set.collection.id)
      sink.text(`<${root.member}><${prefix}:${local} ${version.idAttribute}="${ids?.(id) ?? id}">`)
      for (const { name, value } of sampleFields(set))
        if (value !== null) sink.text(`<${prefix}:${xmlName(name)}>${escapeXml(String(value))}</${prefix}:${xmlName(name)}>`)
      sink.text(`</${prefix}:${local}></${root.member}>`)
    } else putSet(sink, set, { version, prefix, local }, root, ids)
  }
  sink.ascii(`</${root.name}>\n`)
  return sink.take()
}

type FoundSet = Exclude<Sets[number], { readonly values: unknown }>

function putSet(
  sink: TextSink,
  set: FoundSet,
  names: Pick<GmlFeatures, 'version' | 'prefix' | 'local'>,
  { member }: GmlRoot,
  ids: ((wanted: string) => string) | undefined,
): void {
  const [first] = set.batches
  if (!first) return
  const { columns } = first.schema
  const [id, geometry] = ['@id', set.geometry].map(name => columns.findIndex(column => column.name === name))
  const reference = gmlReference(names.version, srsOf(set.crs))
  const put = gmlFeatureWriter({
    ...names,
    columns,
    geometry,
    properties: columns.map((_, i) => i).filter(i => i !== id && i !== geometry),
    ...(set.crs && { crs: set.crs }),
    ...(reference && { reference }),
    hasBoxes: true,
    idOf: row => {
      const own = featureId(set, id < 0 ? null : row.text(id))
      return ids ? ids(xmlName(own ?? set.collection.id)) : own === undefined ? undefined : fidOf(own, set)
    },
    geometryId: (feature, name) => ids?.(`${feature}.${name}`) ?? feature,
  })
  for (const batch of set.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      sink.text(`<${member}>`)
      put(sink, row.at(i))
      sink.text(`</${member}>`)
    }
  }
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

/** The `fid` of GML 2 is a name of XML as well (`xs:ID`): as GeoServer has it, without the prefix of the collection. */
function fidOf(id: string, { collection }: FoundSet): string {
  return xmlName(id.slice(collection.id.indexOf(':') + 1))
}

/** Box around everything, where all of it is in one CRS. */
function wholeOf(sets: Sets): [Bbox | undefined, Srs | undefined] {
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
