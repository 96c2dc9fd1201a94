import assert from 'node:assert/strict'

const namespaces = 'xmlns:gml="http://www.opengis.net/gml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const kinds = 'Point|LineString|Polygon|Multi(?:Point|LineString|Polygon|Curve|Surface|Geometry)'

/** Each geometry of a GML collection as a document of its own that names the schema of its GML: 2.1.2 or 3.1.1. */
export function geometriesOf(document: Buffer): readonly string[] {
  const text = document.toString()
  const schema = text.includes('gml:coordinates') || text.includes('gml:Box') ? 'gml/2.1.2/geometry.xsd' : 'gml/3.1.1/base/gml.xsd'
  const location = `xsi:schemaLocation="http://www.opengis.net/gml http://schemas.opengis.net/${schema}"`
  const found = [...text.matchAll(new RegExp(`<(?!gml:)[^<>/]+><gml:(${kinds})\\b([^>]*)>(.*?)</gml:\\1></(?!gml:)`, 'gs'))]
  assert.ok(found.length > 0, 'the answer holds no geometry')
  return found.map(([, kind, attributes, content]) => `<gml:${kind} ${namespaces} ${location}${attributes}>${content}</gml:${kind}>`)
}
