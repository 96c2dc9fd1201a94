import type { ColumnKind } from '#rows/batch.js'
import type { OpenElement } from '#xml/element-stream.js'
import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { openRawFeatures, type RawSource } from '../raw-features.js'
import type { FeatureReader, OpenOptions, PlainFile } from '../reader.js'
import { documentElements } from '../xml/document-elements.js'
import { readPlacemark } from './kml-placemark.js'

/**
 * KML 2.2 and before: the placemarks of a document as one layer, with the folder they are in where there is more than one. Longitude and latitude of WGS 84.
 * A KMZ is an archive with one in it.
 */
export const kml = {
  name: 'KML',
  extensions: ['.kml'],
  open: (file: PlainFile, options: OpenOptions) => openRawFeatures(file, kmlSource(file), options),
} satisfies FeatureReader

/** Types of OGC 07-147r2, 9.11. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  string: 'text',
  int: 'integer',
  uint: 'bigint',
  short: 'integer',
  ushort: 'integer',
  float: 'double',
  double: 'double',
  bool: 'boolean',
}

/** What is told of but not read, and how. */
const passedOver: Readonly<Record<string, string>> = {
  NetworkLink: 'Network links are not followed.',
  GroundOverlay: 'Pictures on the ground are left out.',
  ScreenOverlay: 'Pictures on the screen are left out.',
  PhotoOverlay: 'Photographs are left out.',
  Style: 'Styles are left out.',
  StyleMap: 'Styles are left out.',
}

function kmlSource(file: PlainFile): RawSource {
  const declared = new Map<string, ColumnKind>()
  return {
    idColumn: 'id',
    kindOf: (_layer, column) => declared.get(column),
    async *read(signal) {
      const folders = new WeakMap<OpenElement, string>()
      const notes: string[] = []
      // wanted elements lie in no other one: they end in the order in which they begin
      const begun: (readonly OpenElement[])[] = []
      const wants = (element: OpenElement, above: readonly OpenElement[]) => {
        const isWanted = isThing(element.name) || (element.name === 'name' && above.at(-1)?.name === 'Folder')
        if (isWanted) begun.push([...above])
        return isWanted
      }
      for await (const { elements, share } of documentElements(file, wants, signal)) {
        const features = elements.flatMap(element => {
          const above = begun.shift() ?? []
          if (element.name === 'Placemark') {
            const folder = above.flatMap(one => folders.get(one) ?? []).join(' / ')
            return [readPlacemark(file.label, element, folder, notes.splice(0))]
          }
          const parent = above.at(-1)
          if (element.name === 'name' && parent) folders.set(parent, textOf(element).trim())
          else if (element.name === 'Schema') readSchema(element, declared)
          else notes.push(passedOver[element.name])
          return []
        })
        yield { features, share }
      }
    },
  }
}

const isThing = (name: string) => name === 'Placemark' || name === 'Schema' || Object.hasOwn(passedOver, name)

function readSchema(schema: XmlElement, declared: Map<string, ColumnKind>): void {
  for (const field of childrenOf(schema)) {
    const name = attributeOf(field, 'name')
    const kind = kinds[attributeOf(field, 'type') ?? '']
    if (name !== undefined && kind) declared.set(name, declared.has(name) && declared.get(name) !== kind ? 'text' : kind)
  }
}
