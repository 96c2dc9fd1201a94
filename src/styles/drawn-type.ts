/** What of a geometry is drawn: `mixed` for columns that may hold anything. */
export type DrawnType = 'point' | 'line' | 'polygon' | 'mixed'

/** What a declared PostGIS type (`MULTIPOLYGON`, `CURVEPOLYGONZ`, `GEOMETRY`, …) is drawn as. */
export function drawnType(geometryType: string): DrawnType {
  const type = geometryType.toUpperCase()
  if (type.includes('POINT')) return 'point'
  if (/POLYGON|SURFACE|TRIANGLE|TIN/.test(type)) return 'polygon'
  if (/LINE|CURVE|CIRCULARSTRING/.test(type)) return 'line'
  return 'mixed'
}
