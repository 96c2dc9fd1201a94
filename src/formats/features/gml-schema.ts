import type { Collection } from '#core/atlas.js'
import type { ColumnKind } from '#rows/batch.js'
import { attributes, type Xml, xml, xmlDocument } from '#xml/write.js'
import { qualifiedName, xmlName } from './xml-name.js'

/** How names are qualified. */
export interface GmlSchemaOptions {
  /** Prefix of collection names to namespace URI, as in the atlas. */
  readonly namespaces: ReadonlyMap<string, string>
  readonly targetNamespace: string
}

/** What values are, as they are written; whatever may be anything is a text. */
const types: Partial<Record<ColumnKind, string>> = { integer: 'xs:integer', bigint: 'xs:integer', double: 'xs:double' }

/**
 * The application schema (GML 2.1.2, OGC 02-069, 5) of collections whose names are in one namespace: an element for each, with its columns in the order in which
 * they are written. Values that are null are left out, and so may be any of them.
 */
export function gml2Schema(collections: readonly Collection[], { namespaces, targetNamespace }: GmlSchemaOptions): string {
  const root = attributes({
    'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:gml': 'http://www.opengis.net/gml',
    'xmlns:own': targetNamespace,
    targetNamespace,
    elementFormDefault: 'qualified',
    version: '1.0',
  })
  return xmlDocument(xml`<xs:schema${root}>
  <xs:import${attributes({ namespace: 'http://www.opengis.net/gml', schemaLocation: 'http://schemas.opengis.net/gml/2.1.2/feature.xsd' })}/>
${collections.map(collection => featureType(collection, qualifiedName(collection.id, namespaces).local))}</xs:schema>`)
}

function featureType({ source }: Collection, local: string): Xml {
  const fields =
    source.kind === 'raster'
      ? source.bands.map(({ name }) => field(name, 'xs:double'))
      : [
          ...source.geometries.filter(({ name }) => name === source.geometry).map(({ name }) => field(name, 'gml:GeometryAssociationType')),
          ...source.columns.map(({ name, kind }) => field(name, types[kind] ?? 'xs:string')),
        ]
  const element = attributes({ name: local, type: `own:${local}Type`, substitutionGroup: 'gml:_Feature' })
  return xml`  <xs:element${element}/>
  <xs:complexType${attributes({ name: `${local}Type` })}><xs:complexContent><xs:extension${attributes({ base: 'gml:AbstractFeatureType' })}><xs:sequence>
${fields}  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
`
}

const field = (name: string, type: string): Xml => xml`    <xs:element${attributes({ name: xmlName(name), type, minOccurs: 0 })}/>
`
