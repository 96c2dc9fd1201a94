import { Problem } from '#core/problem.js'
import { type FeatureFormat, identifyFormat, identifyFormats } from '#formats/features/index.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { utf8Type } from '#protocols/ows/utf8-type.js'

/** Media types of feature information that capabilities list: every name that is not merely another with a parameter. */
export const infoFormats = identifyFormats.flatMap(({ mediaTypes }) => mediaTypes.filter(type => !type.includes(';')))

/** What 1.0.0 calls them (OGC 00-028, capabilities DTD). */
const names100: Readonly<Record<string, string>> = {
  mime: 'text/plain',
  'gml.1': 'application/vnd.ogc.gml',
  'gml.2': 'application/vnd.ogc.gml',
  'gml.3': 'application/vnd.ogc.gml/3.1.1',
}

/** INFO_FORMAT and the media type to answer with: the one asked for (T-34). Plain text when the client does not say. Throws `unsupported-format`. */
export function infoFormat(kvp: Kvp): { readonly format: FeatureFormat; readonly mediaType: string } {
  const said = kvp.get('INFO_FORMAT') ?? identifyFormats[0].mediaTypes[0]
  const asked = Object.hasOwn(names100, said.toLowerCase()) ? names100[said.toLowerCase()] : said
  const format = identifyFormat(asked)
  if (format) {
    const mediaType = format.mediaTypes.find(type => type === asked.toLowerCase()) ?? format.mediaTypes[0]
    return { format, mediaType: utf8Type(mediaType) }
  }
  throw new Problem(
    'unsupported-format',
    `INFO_FORMAT=${asked.slice(0, 100)} is not a format of this service; ${infoFormats.join(', ')} would work.`,
    {
      locator: 'info_format',
    },
  )
}
