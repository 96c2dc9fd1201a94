import type { ServiceInfo } from '#core/atlas.js'
import { inspireLanguage } from '#protocols/ows/language.js'
import { element, type Xml, xml } from '#xml/write.js'
import { resourceHref } from './capabilities-references.js'

/** Namespaces of the prefixes of INSPIRE's part. */
export const inspireNamespaces = {
  'xmlns:inspire_vs': 'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0',
  'xmlns:inspire_common': 'http://inspire.ec.europa.eu/schemas/common/1.0',
}
/** Where its schema is, as `xsi:schemaLocation` says it. */
export const inspireSchema =
  'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0 https://inspire.ec.europa.eu/schemas/inspire_vs/1.0/inspire_vs.xsd'

/**
 * What INSPIRE adds to the capabilities of a view service: its record, its languages, and the language of the answer (View TG, requirements 6, 70 to 72; the
 * record holds the rest: scenario 1). Nothing where the service has no record, or no language of INSPIRE's list.
 */
export function inspireCapabilities({ metadata, languages }: ServiceInfo, [answered]: readonly string[]): Xml | undefined {
  const known = languages.flatMap(language => inspireLanguage(language) ?? [])
  if (!metadata || known.length === 0) return undefined
  const [first, ...others] = known
  return xml`
    <inspire_vs:ExtendedCapabilities>
      <inspire_common:MetadataUrl xsi:type="inspire_common:resourceLocatorType">
        <inspire_common:URL>${resourceHref(metadata.url)}</inspire_common:URL>
        <inspire_common:MediaType>${metadata.format}</inspire_common:MediaType>
      </inspire_common:MetadataUrl>
      <inspire_common:SupportedLanguages>
        <inspire_common:DefaultLanguage>${language(first)}</inspire_common:DefaultLanguage>
        ${others.map(code => xml`<inspire_common:SupportedLanguage>${language(code)}</inspire_common:SupportedLanguage>`)}
      </inspire_common:SupportedLanguages>
      <inspire_common:ResponseLanguage>${language(inspireLanguage(answered) ?? first)}</inspire_common:ResponseLanguage>
    </inspire_vs:ExtendedCapabilities>`
}

const language = (code: string) => element('inspire_common:Language', code)
