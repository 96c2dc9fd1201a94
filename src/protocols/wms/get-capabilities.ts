import { Problem } from '#core/problem.js'
import { rootUrl } from '#protocols/http/root-url.js'
import { createDocumentCache } from '#protocols/ows/document-cache.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { answerLanguage } from '#protocols/ows/language.js'
import { utf8Type } from '#protocols/ows/utf8-type.js'
import { escapeXml } from '#xml/write.js'
import type { WmsOperation } from './call.js'
import { writeCapabilities } from './capabilities.js'
import { writeJsonCapabilities } from './capabilities-json.js'
import { extentFinder } from './layer-extent.js'

/** Seconds that clients may keep capabilities without asking again: they are asked for often and change rarely (T-32). */
const cacheSeconds = 60

/** GetCapabilities (OGC 06-042, 7.2), prepared once per generation, view, version and language; as JSON for portals where FORMAT asks for it. */
export function getCapabilities(): WmsOperation {
  const documents = createDocumentCache()
  const extentsOf = extentFinder()
  return {
    version: 'negotiated',
    isImage: false,
    answer: async ({ request, kvp, version }) => {
      const { view, baseUrl } = request
      const { generation, service } = view.atlas
      checkUpdateSequence(kvp, generation)
      const asked = kvp.get('LANGUAGE')
      const language = answerLanguage(asked, request.languages, service.languages)
      const isJson = /^application\/json\b/i.test(kvp.get('FORMAT') ?? '')
      const key = [generation, isJson ? 'json' : version.number, language, view.key].join(' ')
      const escaped = isJson ? escapeJson : escapeXml
      const languages = [language, ...service.languages]
      const { body, etag } = await documents.get(key, { base: escaped(baseUrl), root: escaped(rootUrl(request)) }, () =>
        isJson ? writeJsonCapabilities(view, languages) : writeCapabilities(view, version, languages, extentsOf),
      )
      const headers = {
        'content-language': language,
        ...(asked === undefined && service.languages.length > 1 && { vary: 'Accept-Language' }),
      }
      return { status: 200, mediaType: isJson ? 'application/json' : utf8Type(version.capabilitiesType), body, etag, headers, cacheSeconds }
    },
  }
}

const escapeJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** OGC 06-042, 7.2.3.5: the same is `current`, a higher one cannot be, a lower one is answered. */
function checkUpdateSequence(kvp: Kvp, generation: number): void {
  const text = kvp.get('UPDATESEQUENCE')
  if (text === undefined) return
  const asked = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  const detail = `UPDATESEQUENCE=${text.slice(0, 40)}`
  const locator = { locator: 'updatesequence' }
  if (asked === generation)
    throw new Problem('update-sequence-current', `${detail} is the current one; what you have is up to date.`, locator)
  if (asked === undefined || asked > generation)
    throw new Problem(
      'update-sequence-ahead',
      `${detail} has never been; the current one is ${generation}, and none at all would work.`,
      locator,
    )
}
