import assert from 'node:assert/strict'

const kinds = 'Point|LineString|Polygon|Multi(?:Point|LineString|Polygon|Curve|Surface|Geometry)'

/** Each geometry of a GML collection as a document of its own that names the schema of its GML: 2.1.2, 3.1.1 or 3.2.1. */
export function geometriesOf(document: Buffer): readonly string[] {
  const text = document.toString()
  const namespace = /xmlns:gml="([^"]+)"/.exec(text)?.[1] ?? ''
  const isOld = text.includes('gml:coordinates') || text.includes('gml:Box')
  const schema = namespace.endsWith('3.2') ? 'gml/3.2.1/gml.xsd' : isOld ? 'gml/2.1.2/geometry.xsd' : 'gml/3.1.1/base/gml.xsd'
  const namespaces = `xmlns:gml="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
  const location = `xsi:schemaLocation="${namespace} http://schemas.opengis.net/${schema}"`
  const found = [...text.matchAll(new RegExp(`<(?!gml:)[^<>/]+><gml:(${kinds})\\b([^>]*)>(.*?)</gml:\\1></(?!gml:)`, 'gs'))]
  assert.ok(found.length > 0, 'the answer holds no geometry')
  return found.map(([, kind, attributes, content]) => `<gml:${kind} ${namespaces} ${location}${attributes}>${content}</gml:${kind}>`)
}
