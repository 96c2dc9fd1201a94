import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import type { RawFeature } from '../raw-features.js'
import { brokenFile } from '../reader.js'
import { KmlFault, kmlGeometry } from './kml-geometry.js'

/** Texts of a placemark that are attributes of everything. */
const ownTexts: Readonly<Record<string, string>> = { name: 'name', description: 'description', address: 'address', phoneNumber: 'phone' }

/** A placemark: its name, description and times, its data, typed or not, and its geometry. `notes` are those of what came before it. */
export function readPlacemark(label: string, placemark: XmlElement, folder: string, notes: readonly string[]): RawFeature {
  const values = new Map<string, string>()
  const place = `line ${placemark.line}`
  const own = [...notes]
  const set = (name: string, text: string | undefined) => {
    if (text !== undefined && text !== '' && !values.has(name)) values.set(name, text)
  }
  let wkb: Uint8Array | undefined
  set('folder', folder)
  for (const child of childrenOf(placemark)) {
    if (Object.hasOwn(ownTexts, child.name)) set(ownTexts[child.name], textOf(child).trim())
    else if (child.name === 'TimeStamp') set('time', childText(child, 'when'))
    else if (child.name === 'TimeSpan') {
      set('begin', childText(child, 'begin'))
      set('end', childText(child, 'end'))
    } else if (child.name === 'ExtendedData') readData(child, set)
    else if (child.name === 'Style' || child.name === 'StyleMap') own.push('Styles are left out.')
    else {
      const geometry = located(label, child, place, own)
      if (geometry) wkb = writeEwkb(geometry)
    }
  }
  const id = attributeOf(placemark, 'id')
  return { layer: '', values, place, notes: own, ...(id !== undefined && { id }), ...(wkb && { wkb, crs: 'EPSG:4326' }) }
}

const childText = (element: XmlElement, name: string): string | undefined => {
  const child = childOf(element, name)
  return child && textOf(child).trim()
}

/** `Data` and `SchemaData` (OGC 07-147r2, 9.2); what is in another namespace is a value by its name. */
function readData(extended: XmlElement, set: (name: string, text: string | undefined) => void): void {
  for (const child of childrenOf(extended)) {
    const name = attributeOf(child, 'name')
    if (child.name === 'Data') set(name ?? 'data', childText(child, 'value'))
    else if (child.name === 'SchemaData')
      for (const simple of childrenOf(child)) set(attributeOf(simple, 'name') ?? simple.name, textOf(simple).trim())
    else if (child.namespace !== extended.namespace) set(child.name, textOf(child).trim())
  }
}

function located(label: string, element: XmlElement, place: string, notes: string[]): Geometry | undefined {
  try {
    const geometry = kmlGeometry(element)
    if (geometry === 'left-out') notes.push(`Geometries of the kind ${element.name} are left out.`)
    return geometry === 'left-out' ? undefined : geometry
  } catch (error) {
    throw error instanceof KmlFault ? brokenFile(label, `${place}: ${error.message}`) : error
  }
}
