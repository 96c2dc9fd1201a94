import type { Collection } from '#core/atlas.js'
import type { ColumnKind } from '#rows/batch.js'
import { attributes, type Xml, xml, xmlDocument } from '#xml/write.js'
import { classFields } from './feature-rows.js'
import { type GmlVersionName, gmlVersions } from './gml-version.js'
import { qualifiedName, xmlName } from './xml-name.js'

/** How names are qualified. */
export interface GmlSchemaOptions {
  readonly version: GmlVersionName
  /** Prefix of collection names to namespace URI, as in the atlas. */
  readonly namespaces: ReadonlyMap<string, string>
  readonly targetNamespace: string
}

/** Types of values (OGC 10-100r3, 8.4.4), as they are written; whatever may be anything is a text. GDAL passes over schemas with `base64Binary`. */
const types: Partial<Record<ColumnKind, string>> = {
  integer: 'xs:int',
  bigint: 'xs:long',
  double: 'xs:double',
  numeric: 'xs:decimal',
  boolean: 'xs:boolean',
  date: 'xs:date',
  timestamp: 'xs:dateTime',
  timestamptz: 'xs:dateTime',
}

/** What holds a geometry of a declared type, in GML 2 and since; curves are lines by then, and surfaces polygons. */
const geometryTypes: Readonly<Record<string, readonly [gml2: string, gml3: string]>> = {
  POINT: ['PointPropertyType', 'PointPropertyType'],
  LINESTRING: ['LineStringPropertyType', 'CurvePropertyType'],
  CIRCULARSTRING: ['LineStringPropertyType', 'CurvePropertyType'],
  COMPOUNDCURVE: ['LineStringPropertyType', 'CurvePropertyType'],
  POLYGON: ['PolygonPropertyType', 'SurfacePropertyType'],
  CURVEPOLYGON: ['PolygonPropertyType', 'SurfacePropertyType'],
  TRIANGLE: ['PolygonPropertyType', 'SurfacePropertyType'],
  MULTIPOINT: ['MultiPointPropertyType', 'MultiPointPropertyType'],
  MULTILINESTRING: ['MultiLineStringPropertyType', 'MultiCurvePropertyType'],
  MULTICURVE: ['MultiLineStringPropertyType', 'MultiCurvePropertyType'],
  MULTIPOLYGON: ['MultiPolygonPropertyType', 'MultiSurfacePropertyType'],
  MULTISURFACE: ['MultiPolygonPropertyType', 'MultiSurfacePropertyType'],
  POLYHEDRALSURFACE: ['MultiPolygonPropertyType', 'MultiSurfacePropertyType'],
  TIN: ['MultiPolygonPropertyType', 'MultiSurfacePropertyType'],
  GEOMETRYCOLLECTION: ['MultiGeometryPropertyType', 'MultiGeometryPropertyType'],
}

const anyGeometry = ['GeometryPropertyType', 'GeometryPropertyType'] as const

const facts = {
  '2.1.2': { address: 'http://schemas.opengis.net/gml/2.1.2/feature.xsd', feature: 'gml:_Feature' },
  '3.1.1': { address: 'http://schemas.opengis.net/gml/3.1.1/base/gml.xsd', feature: 'gml:_Feature' },
  '3.2.1': { address: 'http://schemas.opengis.net/gml/3.2.1/gml.xsd', feature: 'gml:AbstractFeature' },
} satisfies Record<GmlVersionName, object>

/** Of GML 3.2: level 0 of the simple features profile (OGC 10-100r3, 8.2). */
const levels = 'http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd'
const simple = xml`  <xs:annotation><xs:appinfo source="${levels}"><gmlsf:ComplianceLevel>0</gmlsf:ComplianceLevel></xs:appinfo></xs:annotation>
  <xs:import namespace="http://www.opengis.net/gmlsf/2.0" schemaLocation="${levels}"/>
`

/**
 * The application schema of collections whose names are in one namespace: an element for each, with its geometry and its columns in the order in which they
 * are written. Values that are null are left out, and so may be any of them.
 */
export function gmlSchema(collections: readonly Collection[], { version, namespaces, targetNamespace }: GmlSchemaOptions): string {
  const { address, feature } = facts[version]
  const isSimple = version === '3.2.1'
  const { namespace } = gmlVersions[version].dialect
  const root = attributes({
    'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:gml': namespace,
    'xmlns:gmlsf': isSimple ? 'http://www.opengis.net/gmlsf/2.0' : undefined,
    'xmlns:own': targetNamespace,
    targetNamespace,
    elementFormDefault: 'qualified',
    version: '1.0',
  })
  return xmlDocument(xml`<xs:schema${root}>
${isSimple && simple}  <xs:import${attributes({ namespace, schemaLocation: address })}/>
${collections.map(collection => featureType(collection, qualifiedName(collection.id, namespaces).local, version, feature))}</xs:schema>`)
}

function featureType({ source }: Collection, local: string, version: GmlVersionName, feature: string): Xml {
  const geometryType = (type: string) => (geometryTypes[type] ?? anyGeometry)[version === '2.1.2' ? 0 : 1]
  const classes = classFields(source.kind === 'raster' ? source.bands : [])
  const fields =
    source.kind === 'raster'
      ? source.bands.flatMap(({ name }) => {
          const named = classes.get(name)
          return [field(name, 'xs:double'), ...(named === undefined ? [] : [field(named, 'xs:string')])]
        })
      : [
          ...source.geometries
            .filter(({ name }) => name === source.geometry)
            .map(({ name, type }) => field(name, `gml:${geometryType(type)}`)),
          ...source.columns.map(({ name, kind }) => field(name, types[kind] ?? 'xs:string')),
        ]
  const element = attributes({ name: local, type: `own:${local}Type`, substitutionGroup: feature })
  return xml`  <xs:element${element}/>
  <xs:complexType${attributes({ name: `${local}Type` })}><xs:complexContent><xs:extension${attributes({ base: 'gml:AbstractFeatureType' })}><xs:sequence>
${fields}  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
`
}

const field = (name: string, type: string): Xml => xml`    <xs:element${attributes({ name: xmlName(name), type, minOccurs: 0 })}/>
`
