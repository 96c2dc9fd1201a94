import { type Html, html } from '#protocols/http/html.js'
import type { ServiceRequest } from '#protocols/http/service.js'
import type { PageLanguage } from '#protocols/ows/page.js'
import { collectionsOf, layerTree } from './layer-tree.js'
import { versionNumbers } from './versions.js'

const words = {
  fr: {
    what: 'Service de cartes (WMS)',
    how: 'Adresse à copier dans QGIS (Couche > Ajouter une couche > WMS/WMTS), ArcGIS ou tout autre client :',
    capabilities: 'Ce que le service offre, version',
    layers: (count: number) => `${count} couche${count > 1 ? 's' : ''}`,
  },
  en: {
    what: 'Map service (WMS)',
    how: 'Address to copy into QGIS (Layer > Add Layer > WMS/WMTS), ArcGIS or any other client:',
    capabilities: 'What the service offers, version',
    layers: (count: number) => `${count} layer${count === 1 ? '' : 's'}`,
  },
} as const satisfies Record<PageLanguage, unknown>

/** The body of the page for people: what is here, and the address to copy. */
export const wmsPage =
  ({ view, baseUrl }: ServiceRequest) =>
  (language: PageLanguage): Html => {
    const text = words[language]
    const count = layerTree(view).flatMap(collectionsOf).length
    const versions = versionNumbers.toReversed().map(
      version => html`
<li>${text.capabilities} <a href="${baseUrl}/wms?service=WMS&amp;version=${version}&amp;request=GetCapabilities">${version}</a></li>`,
    )
    return html`<p>${text.what} · ${text.layers(count)}</p>
<p><label>${text.how}<br><input readonly value="${baseUrl}/wms"></label></p>
<ul>${versions}
</ul>`
  }
