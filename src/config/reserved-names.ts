/** First parts of the paths of contract section 4, and of what a site keeps there: no space may be called like one. Compared in lower case. */
export const reservedPaths: ReadonlySet<string> = new Set(
  [
    ['wms', 'wfs', 'wcs', 'csw', 'wmts', 'ows', 'tms', 'xyz'],
    ['api', 'conformance', 'collections', 'datasets', 'tiles', 'map', 'tilematrixsets', 'styles', 'fonts', 'sprites'],
    ['catalogue', 'opensearch', 'oai', 'dcat', 'stac', 'coverage', 'processes', 'jobs', 'files', 'ns'],
    ['geoserver', 'gwc', 'mapcache', 'health', 'metrics'],
    ['web', 'assets', 'static', 'thumbnails', 'favicon.ico', 'robots.txt', 'sitemap.xml', '.well-known'],
  ].flat(),
)
