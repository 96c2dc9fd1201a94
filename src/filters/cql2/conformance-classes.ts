const cql2 = 'http://www.opengis.net/spec/cql2/1.0/conf'

/** Conformance classes of CQL2 1.0 (OGC 21-065r2, clause 2) that the two readers, `checkTypes` and every place where filters are evaluated hold. */
export const cql2ConformanceClasses: readonly string[] = [
  'basic-cql2',
  'advanced-comparison-operators',
  'case-insensitive-comparison',
  'accent-insensitive-comparison',
  'basic-spatial-functions',
  'basic-spatial-functions-plus',
  'spatial-functions',
  'temporal-functions',
  'array-functions',
  'property-property',
  'functions',
  'arithmetic',
  'cql2-text',
  'cql2-json',
  // what it was called before it was published, which QGIS and GDAL still ask for before they filter by a box
  'basic-spatial-operators',
].map(name => `${cql2}/${name}`)

const part3 = 'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf'

/** Conformance classes of Features Part 3 (OGC 19-079r2) that a protocol holds which passes its parameters `filter`, `filter-lang` and `filter-crs` on. */
export const filteringConformanceClasses: readonly string[] = ['filter', 'features-filter', 'queryables'].map(name => `${part3}/${name}`)
