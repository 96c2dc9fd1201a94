import { childrenOf, readXml, type XmlElement } from '#xml/read.js'

const gml = 'http://www.opengis.net/gml/3.2'

/**
 * A GML 3.2 application schema (OGC 07-036, 21) that a collection of features fits: for want of DescribeFeatureType it is made of the features themselves, the
 * kind of each geometry and the order of the properties taken from them.
 */
export function applicationSchema(document: Buffer): string {
  const root = readXml(document, { bytes: 10e6 })
  const types = new Map<string, Map<string, string>>()
  for (const member of childrenOf(root, 'member'))
    for (const feature of childrenOf(member)) {
      const properties = types.get(feature.name) ?? new Map<string, string>()
      for (const property of childrenOf(feature)) if (property.namespace !== gml) properties.set(property.name, typeOf(property))
      types.set(feature.name, properties)
    }
  const object = (name: string, type: string, content: string) =>
    `<xs:element name="${name}" type="app:${type}" substitutionGroup="gml:AbstractFeature"/>
     <xs:complexType name="${type}"><xs:complexContent><xs:extension base="gml:AbstractFeatureType"><xs:sequence>${content}</xs:sequence></xs:extension></xs:complexContent></xs:complexType>`
  const features = [...types].map(([name, properties]) => {
    const elements = [...properties].map(([name, type]) => `<xs:element name="${name}" type="${type}" minOccurs="0"/>`)
    return object(name, `${name}Type`, elements.join(''))
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:gml="${gml}" xmlns:app="${root.namespace}" targetNamespace="${root.namespace}" elementFormDefault="qualified" version="1">
  <xs:import namespace="${gml}" schemaLocation="http://schemas.opengis.net/gml/3.2.1/gml.xsd"/>
  ${object(root.name, `${root.name}CollectionType`, '<xs:element name="member" type="app:MemberPropertyType" minOccurs="0" maxOccurs="unbounded"/>')}
  <xs:complexType name="MemberPropertyType"><xs:complexContent><xs:extension base="gml:AbstractFeatureMemberType">
    <xs:sequence><xs:element ref="gml:AbstractFeature"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  ${features.join('\n  ')}
</xs:schema>
`
}

function typeOf(property: XmlElement): string {
  const [geometry] = childrenOf(property)
  if (!geometry) return 'xs:string'
  const names: Readonly<Record<string, string>> = { LineString: 'Curve', Polygon: 'Surface' }
  return `gml:${names[geometry.name] ?? geometry.name}PropertyType`
}
