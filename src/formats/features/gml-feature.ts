import { ewkbBbox } from '#geo/ewkb.js'
import type { RowColumn } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import type { TextSink } from '../text-sink.js'
import { multipleOf, putGmlGeometry } from './gml-geometry.js'
import { type GmlReference, type GmlVersion, putBoundedBy } from './gml-version.js'
import { type Srs, srsOf } from './srs.js'
import { xmlName } from './xml-name.js'

/** Features of one collection in GML. */
export interface GmlFeatures {
  readonly version: GmlVersion
  /** Of the qualified name of each feature and of its properties. */
  readonly prefix: string
  readonly local: string
  /** Of the rows. */
  readonly columns: readonly RowColumn[]
  /** Index of the geometry, which is written first; -1 for none. */
  readonly geometry: number
  /** Indexes of what else is written, in order. */
  readonly properties: readonly number[]
  /** As declared, `MULTIPOLYGON`: what is single is written as multiple where that is what is declared. */
  readonly type?: string
  readonly crs?: string
  readonly reference?: GmlReference
  /** Decimals of x and y, at most. */
  readonly decimals?: number
  /** Each has a box of its own. */
  readonly hasBoxes?: boolean
  /** An XML name that nothing else in the document has, where the version wants ids. */
  idOf(row: RowView): string | undefined
  /** Makes an id of a geometry from that of its feature and its own name. */
  geometryId(feature: string, name: string): string
}

/**
 * Writes one feature after the other, each the element itself without what holds it; `attributes` go into its tag. Properties that are null are left out,
 * and so are geometries without any position and values that XML Schema has no word for.
 */
export function gmlFeatureWriter(features: GmlFeatures): (sink: TextSink, row: RowView, attributes?: string) => void {
  const { version, prefix, local, columns, geometry, reference, decimals, hasBoxes } = features
  const srs: Pick<Srs, 'decimals' | 'tolerance'> = srsOf(features.crs) ?? { decimals: 3, tolerance: 0.01 }
  const numbers = { decimals: decimals ?? srs.decimals, tolerance: srs.tolerance, isFlipped: reference?.isFlipped ?? false }
  const srsName = reference && escapeXml(reference.name)
  const multiple = multipleOf(features.type)
  const fields = (geometry < 0 ? features.properties : [geometry, ...features.properties]).map(index => {
    const name = xmlName(columns[index].name)
    return { index, name, isGeometry: columns[index].kind === 'geometry', opening: `<${prefix}:${name}>`, closing: `</${prefix}:${name}>` }
  })
  return (sink, row, attributes = '') => {
    const id = features.idOf(row)
    sink.text(`<${prefix}:${local}${attributes}`)
    if (id !== undefined) sink.text(` ${version.idAttribute}="${id}"`)
    sink.ascii('>')
    const shape = geometry < 0 ? undefined : row.bytes(geometry)
    if (hasBoxes && shape) putBoundedBy(sink, version, ewkbBbox(shape), reference, numbers.decimals)
    for (const { index, name, isGeometry, opening, closing } of fields) {
      const bytes = isGeometry ? row.bytes(index) : undefined
      if (bytes) {
        if (hasNoPosition(bytes)) continue
        sink.text(opening)
        const geometryId = version.dialect.hasIds ? features.geometryId(id ?? local, name) : undefined
        putGmlGeometry(sink, bytes, version.dialect, numbers, {
          srsName,
          ...(geometryId !== undefined && { id: geometryId }),
          ...(multiple && index === geometry && { multiple }),
        })
        sink.text(closing)
        continue
      }
      const text = isGeometry ? undefined : schemaText(row, index)
      if (text !== undefined) sink.text(opening).text(escapeXml(text)).text(closing)
    }
    sink.text(`</${prefix}:${local}>`)
  }
}

/** Bytes that no geometry of nothing needs, but those made to waste time. */
const mostOfNothing = 200

function hasNoPosition(ewkb: Uint8Array): boolean {
  return ewkb.length < mostOfNothing && ewkbBbox(ewkb) === undefined
}

/** As XML Schema writes it, where it has a word: infinity is INF among doubles, and there is none among dates and decimals. */
function schemaText(row: RowView, index: number): string | undefined {
  const { kind } = row.columns[index]
  const value = row.value(index)
  if (value === null) return undefined
  if (kind === 'double') return value === Number.POSITIVE_INFINITY ? 'INF' : value === Number.NEGATIVE_INFINITY ? '-INF' : String(value)
  const text = row.text(index) ?? undefined
  if (kind === 'numeric') return /^[-\d.]+$/.test(text ?? '') ? text : undefined
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz')
    return /^-?\d{4,}-\d\d-\d\d[T\dZ:.]*$/.test(text ?? '') ? text : undefined
  return text
}
