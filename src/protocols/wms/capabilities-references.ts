import type { Collection, Keyword, Logo, MetadataUrl, ResourceUrl } from '#core/atlas.js'
import { textIn } from '#core/text.js'
import { rootUrlToken } from '#protocols/ows/document-cache.js'
import { attributes, rawXml, type Xml, xml } from '#xml/write.js'
import type { WmsVersion } from './versions.js'

/**
 * What a layer says of others: who is to be named, registers, records, data, in the order of the schema (OGC 06-042, 7.2.4.6.11 to 7.2.4.6.15; OGC 01-068r3,
 * 7.1.4.5.11 to 7.1.4.5.14). Blocks whose parts are all mandatory come whole or not at all (T-27).
 */
export function references(collection: Collection, languages: readonly string[], version: WmsVersion): readonly (Xml | undefined)[] {
  const { attribution, attributionUrl, logo, identifiers = [], metadataUrls = [], dataUrls = [], featureListUrls = [] } = collection
  const authorities = new Map(identifiers.map(({ authority, url }) => [authority, url]))
  const isNamed = attribution !== undefined || attributionUrl !== undefined || logo !== undefined
  return [
    isNamed
      ? xml`
      <Attribution>
        ${attribution !== undefined && xml`<Title>${textIn(attribution, languages)}</Title>`}
        ${attributionUrl !== undefined && onlineResource(xml`${attributionUrl}`)}
        ${logo && logoUrl(logo)}
      </Attribution>`
      : undefined,
    ...[...authorities].map(([name, url]) => xml`<AuthorityURL${attributes({ name })}>${onlineResource(xml`${url}`)}</AuthorityURL>`),
    ...identifiers.map(({ authority, code }) => xml`<Identifier${attributes({ authority })}>${code}</Identifier>`),
    ...metadataUrls.map(url => metadataUrl(url, version)),
    ...dataUrls.map(url => xml`<DataURL>${resource(url)}</DataURL>`),
    ...featureListUrls.map(url => xml`<FeatureListURL>${resource(url)}</FeatureListURL>`),
  ]
}

/** Words to find a thing by; nothing when there are none. The DTD of 1.1.1 knows no vocabularies. */
export function keywordList(keywords: readonly Keyword[], { number }: WmsVersion): Xml | undefined {
  if (keywords.length === 0) return undefined
  const written = keywords.map(keyword => {
    const { word, vocabulary } = typeof keyword === 'string' ? { word: keyword, vocabulary: undefined } : keyword
    return xml`<Keyword${attributes({ vocabulary: number === '1.3.0' ? vocabulary : undefined })}>${word}</Keyword>`
  })
  return xml`<KeywordList>${written}</KeywordList>`
}

/** `<OnlineResource>`; its namespace is declared by the root element in 1.3.0, by the DTD's fixed attribute in 1.1.1. */
export function onlineResource(href: Xml): Xml {
  return xml`<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href="${href}"/>`
}

const logoUrl = ({ width, height, ...url }: Logo) => xml`<LogoURL${attributes({ width, height })}>${resource(url)}</LogoURL>`

/** The DTD of 1.1.1 knows two types only: ISO's and FGDC's. */
function metadataUrl({ type, ...url }: MetadataUrl, { number }: WmsVersion): Xml | undefined {
  const isWhole = (/^https?:\/\/./i.test(url.url) || url.url.startsWith('/')) && /^[\w.:-]+$/.test(type) && url.format !== ''
  const type111 = /^FGDC/i.test(type) ? 'FGDC' : /^(TC211|ISO)/i.test(type) ? 'TC211' : undefined
  const written = number === '1.3.0' ? type : type111
  return isWhole && written ? xml`<MetadataURL${attributes({ type: written })}>${resource(url)}</MetadataURL>` : undefined
}

const resource = ({ url, format }: ResourceUrl) => xml`<Format>${format}</Format>${onlineResource(resourceHref(url))}`

/** An address; one that begins with a slash is below the root of the server. */
export const resourceHref = (url: string): Xml => (url.startsWith('/') ? xml`${rawXml(rootUrlToken)}${url}` : xml`${url}`)
