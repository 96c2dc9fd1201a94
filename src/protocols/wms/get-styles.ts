import type { Collection } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { spelledStyle } from '#core/spelled-style.js'
import { textIn } from '#core/text.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { answerLanguage } from '#protocols/ows/language.js'
import { writeSldLayers } from '#styles/sld/write-sld.js'
import type { WmsOperation } from './call.js'
import { namedCollections } from './layers.js'
import type { WmsVersion } from './versions.js'

/** Type of the answer; capabilities say so, too. */
export const sldType = 'application/vnd.ogc.sld+xml'

/**
 * GetStyles (OGC 02-070; the DTD of WMS 1.1.1 names it): all styles of the layers, the default one marked. SLD 1.0.0 for WMS 1.1.1 and SLD 1.1.0 for
 * 1.3.0, unless SLD_VERSION, or SLDVER as it was called before, wants another; valid by the official schemas, which do not know all that is drawn here.
 */
export const getStyles: WmsOperation = {
  version: 'negotiated',
  isImage: false,
  answer: async ({ request, kvp, version }) => {
    const { view } = request
    const { languages } = view.atlas.service
    const best = [answerLanguage(kvp.get('LANGUAGE'), request.languages, languages), ...languages]
    const layers = namedCollections(view, kvp).map(collection => ({ name: collection.id, styles: stylesOf(collection, best) }))
    const { text } = writeSldLayers(layers, { version: sldVersion(kvp, version) })
    return { status: 200, mediaType: sldType, body: text, cacheSeconds: 300 }
  },
}

const stylesOf = ({ styles, source }: Collection, languages: readonly string[]) =>
  styles.map(({ name, title, style }, i) => ({
    style: { ...spelledStyle(style, source), name, title: textIn(title, languages) },
    isDefault: i === 0,
  }))

function sldVersion(kvp: Kvp, { number }: WmsVersion): '1.0.0' | '1.1.0' {
  const name = kvp.has('SLD_VERSION') ? 'SLD_VERSION' : 'SLDVER'
  const asked = kvp.get(name)
  if (asked === undefined) return number === '1.1.1' ? '1.0.0' : '1.1.0'
  if (asked === '1.0.0' || asked === '1.1.0') return asked
  throw new Problem('invalid-parameter', `${name}=${asked.slice(0, 40)} is not written here; 1.0.0 or 1.1.0 would work.`, {
    locator: name.toLowerCase(),
  })
}
