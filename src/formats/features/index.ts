import type { CollectionFormat } from './collection-format.js'
import { csv } from './csv.js'
import { dxf } from './dxf.js'
import type { FeatureFormat } from './feature-format.js'
import { flatgeobuf } from './flatgeobuf/flatgeobuf.js'
import { geojson } from './geojson.js'
import { geojsonCollection } from './geojson-collection.js'
import { geojsonLines, geojsonSequence } from './geojson-sequence.js'
import { geopackage } from './geopackage/geopackage.js'
import { geoparquet } from './geoparquet/geoparquet.js'
import { gml212Format, gml311Format, gml321Format } from './gml.js'
import { gml2Collection, gml31Collection, gml32Collection } from './gml-collection.js'
import { gpx } from './gpx.js'
import { html } from './html.js'
import { jsonfg } from './jsonfg.js'
import { kml, kmz } from './kml.js'
import { shapefile } from './shapefile/shapefile.js'
import { ods } from './spreadsheets/ods.js'
import { xlsx } from './spreadsheets/xlsx.js'
import { text } from './text.js'
import { mvt } from './whole/mvt.js'
import { topojson } from './whole/topojson.js'

/** Every way of writing what is at a place, in the order capabilities list them. To add one: a file, and a line here. */
export const identifyFormats: readonly FeatureFormat[] = [text, html, geojson, gml212Format, gml311Format, gml321Format]

/** The format of a media type, parameters such as `charset` and letter case aside; undefined when there is none. */
export function identifyFormat(mediaType: string): FeatureFormat | undefined {
  const asked = normal(mediaType)
  const bare = asked.split(';')[0]
  return (
    identifyFormats.find(({ mediaTypes }) => mediaTypes.some(own => normal(own) === asked)) ??
    identifyFormats.find(({ mediaTypes }) => mediaTypes.includes(bare))
  )
}

/** Every way of writing a collection, in the order they are offered. To add one: a file, and a line here. */
export const collectionFormats: readonly CollectionFormat[] = [
  geojsonCollection,
  jsonfg,
  flatgeobuf,
  geopackage,
  geoparquet,
  shapefile,
  csv,
  xlsx,
  ods,
  gml32Collection,
  gml31Collection,
  gml2Collection,
  kml,
  kmz,
  geojsonSequence,
  geojsonLines,
  gpx,
  dxf,
  topojson,
  mvt,
]

/** The format of a short name (`f=gpkg`) or of a media type; undefined when there is none. */
export function collectionFormat(name: string): CollectionFormat | undefined {
  const asked = normal(name)
  const bare = asked.split(';')[0]
  return (
    collectionFormats.find(({ names }) => names.includes(asked)) ??
    collectionFormats.find(({ mediaTypes }) => mediaTypes.some(own => normal(own) === asked)) ??
    collectionFormats.find(({ mediaTypes }) => mediaTypes.includes(bare))
  )
}

function normal(mediaType: string): string {
  return mediaType.toLowerCase().replace(/\s+/g, '')
}

export type { CollectionFormat, Link, Page, WriteOptions } from './collection-format.js'
export type { FeatureFormat, FeatureFormatOptions } from './feature-format.js'
export type { FeatureJob, FeatureWriter, PageJob, WrittenEnd, WrittenFeatures } from './feature-job.js'
