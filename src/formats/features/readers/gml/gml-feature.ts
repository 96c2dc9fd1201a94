import { FilterError } from '#filters/filter-error.js'
import { readGmlGeometry } from '#filters/ogc/read-gml.js'
import { beginReading } from '#filters/ogc/reading.js'
import { parseCrsName } from '#geo/crs-name.js'
import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { nameOfXml } from '../../xml-name.js'
import { printable } from '../column-names.js'
import type { RawFeature } from '../raw-features.js'
import { brokenFile } from '../reader.js'

const xsi = 'http://www.w3.org/2001/XMLSchema-instance'
const xlink = 'http://www.w3.org/1999/xlink'
const gmlNamespace = /^http:\/\/www\.opengis\.net\/gml(\/3\.\d)?$/

/** What GML has a geometry element for. */
const geometryNames =
  /^(Point|LineString|LinearRing|Polygon|Box|Envelope|Curve|CompositeCurve|OrientableCurve|Surface|CompositeSurface|PolyhedralSurface|TriangulatedSurface|Tin|OrientableSurface|Multi(Point|LineString|Curve|Polygon|Surface|Geometry|Solid)|Solid|CompositeSolid)$/

/** As many positions as a feature of 64 MB can have. */
const limits = { vertices: 10_000_000 }
/** Deeper than any property that is a value. */
const deepest = 12

/** Reads features of one file, one after the other. */
export function gmlFeatureReader(label: string) {
  let defaultCrs: string | undefined
  const crsNamed = (name: string) => parseCrsName(name, 'other')

  function feature(element: XmlElement): RawFeature {
    const values = new Map<string, string>()
    const notes: string[] = []
    const place = `line ${element.line}`
    let shape: { readonly wkb: Uint8Array; readonly crs?: string } | undefined
    let hasGeometry = false

    const readGeometry = (geometry: XmlElement, property: string) => {
      if (hasGeometry) {
        notes.push(`The further geometry ${printable(property)} is left out: a layer has one.`)
        return
      }
      hasGeometry = true
      try {
        shape = readGmlGeometry(
          beginReading({ keepsHeights: true, crsNamed, limits, ...(defaultCrs !== undefined && { defaultCrs }) }),
          geometry,
        )
        const name = attributeOf(geometry, 'srsName')
        if (name !== undefined && !shape.crs) notes.push(`The coordinate reference system “${printable(name)}” is not known.`)
      } catch (error) {
        if (!(error instanceof FilterError)) throw error
        if (error.kind !== 'unsupported') throw brokenFile(label, `line ${error.line ?? element.line}: ${error.message}`)
        notes.push(`Geometries of the kind ${printable(geometry.name)} are left out.`)
      }
    }

    const readProperty = (property: XmlElement, name: string, depth: number) => {
      if (depth > deepest || attributeOf(property, 'nil', xsi) === 'true') return
      const inner = childrenOf(property)
      const geometry = inner.find(child => gmlNamespace.test(child.namespace) && geometryNames.test(child.name))
      if (geometry) readGeometry(geometry, name)
      else if (inner.length > 0) for (const child of inner) readProperty(child, `${name}.${nameOfXml(child.name)}`, depth + 1)
      else {
        const text = textOf(property).trim() || attributeOf(property, 'href', xlink)
        if (!text) return
        const before = values.get(name)
        if (before !== undefined) notes.push(`Several values of ${printable(name)} in one feature are one text.`)
        values.set(name, before === undefined ? text : `${before}; ${text}`)
      }
    }

    for (const child of childrenOf(element)) {
      if (gmlNamespace.test(child.namespace) && /^(boundedBy|metaDataProperty|location)$/.test(child.name)) continue
      readProperty(child, nameOfXml(child.name), 1)
    }
    const id = element.attributes.find(({ name, namespace }) => (name === 'id' && gmlNamespace.test(namespace)) || name === 'fid')?.value
    return {
      layer: nameOfXml(element.name),
      values,
      place,
      notes,
      ...(id !== undefined && { id }),
      ...(shape && { wkb: shape.wkb, ...(shape.crs && { crs: shape.crs }) }),
    }
  }

  return {
    feature,
    setDefaultCrs: (name: string | undefined) => {
      if (name !== undefined && crsNamed(name)) defaultCrs ??= name
    },
  }
}
