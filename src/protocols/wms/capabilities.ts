import type { Atlas, AtlasView, Collection, Contact, Limits } from '#core/atlas.js'
import { keywordsIn, textIn } from '#core/text.js'
import { baseUrlToken } from '#protocols/ows/document-cache.js'
import { pacer } from '#protocols/ows/pacer.js'
import { attributes, element, rawXml, type Xml, xml, xmlDocument } from '#xml/write.js'
import { collectionLayer, keywordList, type LayerContext, onlineResource, rootLayer } from './capabilities-layer.js'
import { descriptionType } from './describe-layer.js'
import { sldType } from './get-styles.js'
import { infoFormats } from './info-format.js'
import { crsCodesOf, type ExtentFinder, wireCrsFinder } from './layer-extent.js'
import { collectionsOf, layerTree } from './layer-tree.js'
import { legendFormatNames, mapFormatNames } from './map-formats.js'
import type { WmsVersion } from './versions.js'

/** For a service with nothing in it yet. */
const usualCrs = ['EPSG:4326', 'EPSG:3857', 'OGC:CRS84']

/** Codes that every collection can be drawn in, in the order of the first. */
function sharedCrs(collections: readonly Collection[]): readonly string[] {
  const [first, ...others] = collections.map(crsCodesOf)
  if (!first) return usualCrs
  const sets = others.map(codes => new Set(codes))
  return first.filter(code => sets.every(set => set.has(code)))
}

/**
 * The capabilities of a view (OGC 06-042, 7.2.4; OGC 01-068r3, 7.1.4), with `baseUrlToken` for its base URL. `languages` are best first. Written in
 * steps between which other requests have their turn.
 */
export async function writeCapabilities(
  view: AtlasView,
  version: WmsVersion,
  languages: readonly string[],
  extentsOf: ExtentFinder,
): Promise<string> {
  const tree = layerTree(view)
  const collections = tree.flatMap(collectionsOf)
  const context: LayerContext = { version, languages, extentsOf, wireCrs: wireCrsFinder(version), shared: sharedCrs(collections) }
  const written = new Map<Collection, Xml>()
  const pause = pacer()
  for (const collection of collections) {
    written.set(collection, collectionLayer(collection, context))
    await pause()
  }
  const title = textIn(view.key === '' ? view.atlas.service.title : view.title, languages)
  const service = serviceElement(view.atlas, title, context)
  const abstract = view.atlas.service.abstract && textIn(view.atlas.service.abstract, languages)
  const capability = xml`
    <Capability>
      <Request>
        ${operation('GetCapabilities', [version.capabilitiesType])}
        ${operation('GetMap', mapFormatNames)}
        ${operation('GetFeatureInfo', infoFormats)}
        ${version.number === '1.1.1' && [operation('DescribeLayer', [descriptionType]), operation('GetLegendGraphic', legendFormatNames), operation('GetStyles', [sldType])]}
      </Request>
      <Exception>${version.exceptionFormats.map(format => xml`<Format>${format}</Format>`)}</Exception>
      ${version.number === '1.1.1' && xml`<UserDefinedSymbolization${attributes({ SupportSLD: 1, UserLayer: 0, UserStyle: 1, RemoteWFS: 0 })}/>`}
      ${rootLayer(title, abstract, tree, written, context)}
    </Capability>`
  return inRoot(xml`${service}${capability}`, version, view.atlas.generation)
}

function inRoot(content: Xml, { number }: WmsVersion, updateSequence: number): string {
  if (number === '1.1.1')
    return xmlDocument(xml`<WMT_MS_Capabilities${attributes({ version: number, updateSequence })}>${content}</WMT_MS_Capabilities>`, {
      root: 'WMT_MS_Capabilities',
      system: 'http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd',
    })
  const namespaces = {
    xmlns: 'http://www.opengis.net/wms',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': 'http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd',
  }
  return xmlDocument(xml`<WMS_Capabilities${attributes({ version: number, updateSequence, ...namespaces })}>${content}</WMS_Capabilities>`)
}

function serviceElement({ service, limits }: Atlas, title: string, { version, languages }: LayerContext): Xml {
  return xml`
    <Service>
      <Name>${version.number === '1.3.0' ? 'WMS' : 'OGC:WMS'}</Name>
      <Title>${title}</Title>
      ${element('Abstract', service.abstract && textIn(service.abstract, languages))}
      ${keywordList(keywordsIn(service.keywords, languages))}
      ${onlineResource(xml`${rawXml(baseUrlToken)}/`)}
      ${service.contact && contactInformation(service.contact)}
      <Fees>${service.fees || 'none'}</Fees>
      <AccessConstraints>${service.constraints || service.licence || 'none'}</AccessConstraints>
      ${version.number === '1.3.0' && layerLimits(limits)}
    </Service>`
}

/** A map of the largest width and height together must be one that is drawn. */
function layerLimits({ mapLayers, mapSide, mapPixels }: Limits): Xml {
  const side = Math.min(mapSide, Math.floor(Math.sqrt(mapPixels)))
  return xml`<LayerLimit>${mapLayers}</LayerLimit><MaxWidth>${side}</MaxWidth><MaxHeight>${side}</MaxHeight>`
}

/** Addresses end in `?`, so that clients append to them as they are (OGC 06-042, 6.3.3). */
function operation(name: string, formats: readonly string[]): Xml {
  const address = onlineResource(xml`${rawXml(baseUrlToken)}/wms?`)
  return xml`
    ${rawXml(`<${name}>`)}
      ${formats.map(format => xml`<Format>${format}</Format>`)}
      <DCPType><HTTP><Get>${address}</Get></HTTP></DCPType>
    ${rawXml(`</${name}>`)}`
}

/** Blocks whose parts are all mandatory come whole or not at all (T-27). */
function contactInformation({ name, organisation, position, address, city, postcode, country, phone, email }: Contact): Xml | undefined {
  const person = (name || organisation) && [name ?? '', organisation ?? '']
  const place = (address || city || postcode || country) && [address ?? '', city ?? '', postcode ?? '', country ?? '']
  if (!person && !place && !position && !phone && !email) return undefined
  return xml`
    <ContactInformation>
      ${
        person &&
        xml`
        <ContactPersonPrimary>
          <ContactPerson>${person[0]}</ContactPerson>
          <ContactOrganization>${person[1]}</ContactOrganization>
        </ContactPersonPrimary>`
      }
      ${element('ContactPosition', position)}
      ${
        place &&
        xml`
        <ContactAddress>
          <AddressType>postal</AddressType>
          <Address>${place[0]}</Address>
          <City>${place[1]}</City>
          <StateOrProvince></StateOrProvince>
          <PostCode>${place[2]}</PostCode>
          <Country>${place[3]}</Country>
        </ContactAddress>`
      }
      ${element('ContactVoiceTelephone', phone)}
      ${element('ContactElectronicMailAddress', email)}
    </ContactInformation>`
}
