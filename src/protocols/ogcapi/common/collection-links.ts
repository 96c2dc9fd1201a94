import type { AtlasView, Collection } from '#core/atlas.js'
import { collectionFormats, type Link } from '#formats/features/index.js'
import { link, ogcRel } from './documents.js'

/** The links of a collection: to what is there of it, and nothing else. */
export function collectionLinks(
  _view: AtlasView,
  { id, source, crs, licence, metadataUrls = [], dataUrls = [] }: Collection,
  baseUrl: string,
): readonly Link[] {
  const address = `${baseUrl}/collections/${encodeURIComponent(id)}`
  const schema = 'application/schema+json'
  return [
    link(`${address}?f=json`, 'self', 'application/json', 'This document'),
    link(`${address}?f=html`, 'alternate', 'text/html', 'The page for people'),
    ...(source.kind === 'features'
      ? [
          ...collectionFormats
            .filter(({ isDocument }) => isDocument)
            // GDAL looks for the first as a path of the API document: it has no query
            .map(({ names, mediaTypes, title }, i) => link(`${address}/items${i ? `?f=${names[0]}` : ''}`, 'items', mediaTypes[0], title)),
          link(`${address}/items?f=html`, 'items', 'text/html', 'HTML'),
          link(`${address}/schema`, ogcRel('schema'), schema, 'Schema'),
          link(`${address}/queryables`, ogcRel('queryables'), schema, 'Queryables'),
          link(`${address}/sortables`, ogcRel('sortables'), schema, 'Sortables'),
        ]
      : []),
    ...(crs.length > 0 ? [link(`${address}/map/tiles`, ogcRel('tilesets-map'), 'application/json', 'Map tiles')] : []),
    ...(licence !== undefined && /^https?:/.test(licence) ? [link(licence, 'license', 'text/html', 'Licence')] : []),
    ...metadataUrls.map(({ url, format }) => link(url, 'describedby', format, 'Metadata')),
    ...dataUrls.map(({ url, format }) => link(url, 'related', format, 'Data')),
  ]
}
