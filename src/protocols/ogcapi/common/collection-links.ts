import type { Collection } from '#core/atlas.js'
import type { ExportShelf } from '#core/export-shelf.js'
import { collectionFormats, type Link } from '#formats/features/index.js'
import { link, ogcRel } from './documents.js'
import { mapLinks } from './map-links.js'

/** The links of a collection: to what is there of it, and nothing else. */
export function collectionLinks(collection: Collection, baseUrl: string, exports: ExportShelf | undefined): readonly Link[] {
  const { id, source, crs, licence, metadataUrls = [], dataUrls = [] } = collection
  // GDAL looks for it in the API document, where a colon is a colon
  const address = `${baseUrl}/collections/${encodeURIComponent(id).replaceAll('%3A', ':')}`
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
    // all of it, whatever limits hold for pages (T-44, T-53)
    ...(exports?.offered(collection) ?? []).map(({ title, mediaType, extension, size }) => ({
      ...link(`${baseUrl}/files/exports/${encodeURIComponent(id)}.${extension}`, 'enclosure', mediaType, title),
      ...(size !== undefined && { length: size }),
    })),
    ...(crs.length > 0 ? [link(`${address}/map/tiles`, ogcRel('tilesets-map'), 'application/json', 'Map tiles')] : []),
    ...mapLinks(collection, baseUrl),
    ...(licence !== undefined && /^https?:/.test(licence) ? [link(licence, 'license', 'text/html', 'Licence')] : []),
    ...metadataUrls.map(({ url, format }) => ({
      href: url,
      rel: 'describedby',
      // QGIS and GDAL take what describes a collection for its XML Schema where its type is XML
      ...(!/xml/.test(format) && { type: format }),
      title: 'Metadata',
    })),
    ...dataUrls.map(({ url, format }) => link(url, 'related', format, 'Data')),
  ]
}
