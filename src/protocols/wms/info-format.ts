import { Problem } from '#core/problem.js'
import { type FeatureFormat, identifyFormat, identifyFormats } from '#formats/features/index.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { utf8Type } from '#protocols/ows/utf8-type.js'

/** Media types of feature information that capabilities list: every name that is not merely another with a parameter. */
export const infoFormats = identifyFormats.flatMap(({ mediaTypes }) => mediaTypes.filter(type => !type.includes(';')))

/** INFO_FORMAT and the media type to answer with: the one asked for (T-34). Plain text when the client does not say. Throws `unsupported-format`. */
export function infoFormat(kvp: Kvp): { readonly format: FeatureFormat; readonly mediaType: string } {
  const asked = kvp.get('INFO_FORMAT') ?? identifyFormats[0].mediaTypes[0]
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
