import type { Collection } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { attributes, xml, xmlDocument } from '#xml/write.js'
import type { WmsOperation } from './call.js'
import { namedCollections } from './layers.js'

/** Type of the answer in XML. */
export const descriptionType = 'application/vnd.ogc.wms_xml'
const jsonTypes = ['application/json', 'text/javascript']

/**
 * DescribeLayer (OGC 02-070, 4.4), by the DTD of WMS 1.1.1 whatever the version, as GeoServer and MapServer answer: which feature type is behind a layer. No
 * service is named while none serves the data: the form of SLD 1.1.0 cannot leave it out. `OUTPUT_FORMAT=application/json` is GeoServer's; MapStore writes it without the
 * line.
 */
export const describeLayer: WmsOperation = {
  version: 'negotiated',
  isImage: false,
  answer: async ({ request, kvp }) => {
    const layers = namedCollections(request.view, kvp)
    const asked = kvp.get('OUTPUT_FORMAT') ?? kvp.get('OUTPUTFORMAT') ?? kvp.get('FORMAT') ?? descriptionType
    if (jsonTypes.includes(asked)) return { status: 200, mediaType: 'application/json', body: jsonOf(layers), cacheSeconds: 300 }
    if (asked === descriptionType || asked === 'text/xml' || asked === 'application/xml')
      return { status: 200, mediaType: descriptionType, body: documentOf(layers), cacheSeconds: 300 }
    throw new Problem(
      'unsupported-format',
      `Layers are not described as ${asked.slice(0, 60)}; ${descriptionType} or application/json would work.`,
      {
        locator: 'output_format',
      },
    )
  },
}

/** Of a raster nothing but its name is said. */
const typeOf = ({ id, source }: Collection) => (source.kind === 'features' ? id : undefined)

const jsonOf = (layers: readonly Collection[]) =>
  JSON.stringify({ version: '1.1.1', layerDescriptions: layers.map(layer => ({ layerName: layer.id, typeName: typeOf(layer) })) })

const documentOf = (layers: readonly Collection[]) =>
  xmlDocument(
    xml`
<WMS_DescribeLayerResponse${attributes({ version: '1.1.1' })}>${layers.map(layer => {
      const typeName = typeOf(layer)
      return xml`
  <LayerDescription${attributes({ name: layer.id })}>${typeName !== undefined && xml`<Query${attributes({ typeName })}/>`}</LayerDescription>`
    })}
</WMS_DescribeLayerResponse>`,
    { root: 'WMS_DescribeLayerResponse', system: 'http://schemas.opengis.net/wms/1.1.1/WMS_DescribeLayerResponse.dtd' },
  )
