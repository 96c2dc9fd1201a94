import type { Collection, NamedStyle } from '#core/atlas.js'
import { fileChooser } from '#core/choose-files.js'
import { drawLegend } from '#core/draw-legend.js'
import { legendRows, type RowChoice } from '#core/legend/legend-rows.js'
import { Problem } from '#core/problem.js'
import { filterOnMap, selectFeatures } from '#core/select-features.js'
import { shownClasses } from '#core/shown-classes.js'
import { shownRules } from '#core/shown-rules.js'
import { spelledStyle } from '#core/spelled-style.js'
import { textIn } from '#core/text.js'
import { answerLanguage } from '#protocols/ows/language.js'
import { type Rule, rulesOf } from '#styles/style.js'
import { backgroundOf } from './appearance.js'
import type { WmsCall, WmsOperation } from './call.js'
import { narrowedLayers } from './dimension-parameters.js'
import { withLayerParameters } from './layer-parameters.js'
import { collectionsNamed, selectionsOf } from './layers.js'
import { legendJson, listedRules } from './legend-json.js'
import { legendOptions } from './legend-options.js'
import { drawnFormat, mapFormats } from './map-formats.js'
import { mapBox } from './map-frame.js'
import { styleVariables } from './style-variables.js'
import { requestedStyle } from './styling.js'

/** GetLegendGraphic (OGC 05-078r4, 12), as an image or as JSON: of a layer, or of a group, with a style of its own or one sent along. */
export const getLegendGraphic: WmsOperation = {
  version: 'negotiated',
  isImage: true,
  answer: async call => {
    const { context, request, kvp } = call
    const { view, deadline, signal } = request
    const name = kvp.get('LAYER')
    if (name === undefined)
      throw new Problem('missing-parameter', 'LAYER is missing; the name of one layer would work.', { locator: 'layer' })
    const [collections] = withLayerParameters(kvp, [collectionsNamed(view, name, 'LAYER')])
    const styles = await Promise.all(
      collections.map(collection => requestedStyle(call, collection, collections.length > 1 ? '' : (kvp.get('STYLE') ?? ''))),
    )
    const options = legendOptions(kvp)
    refuseUnknownRule(kvp.get('RULE'), styles)
    const layers = await Promise.all(
      collections.map(async (collection, i) => ({ collection, ...(await chosen(call, name, collection, styles[i], options.hidesEmpty)) })),
    )
    const { service, limits } = view.atlas
    const language = answerLanguage(kvp.get('LANGUAGE'), request.languages, service.languages)
    const titleOf = ({ title }: Collection) => textIn(title, [language, ...service.languages])
    if (/^application\/json\b/i.test(kvp.get('FORMAT') ?? '')) {
      const body = legendJson(
        layers.map(({ collection, style, choice }) => ({
          layerName: collection.id,
          title: titleOf(collection),
          rules: listedRules(style.style).filter(rule => isChosen(rule, choice)),
        })),
        language,
      )
      return { status: 200, mediaType: 'application/json', body, cacheSeconds: 300 }
    }
    const format = kvp.get('FORMAT') === undefined ? mapFormats[0] : drawnFormat(kvp)
    const hasTitles = options.hasTitles === 'on' || (options.hasTitles === 'auto' && layers.length > 1)
    const image = await drawLegend(
      {
        parts: layers.map(({ collection, style, choice }) => {
          const rows = legendRows(style.style, { ...choice, language })
          // of layers of which nothing was asked for, or is there, the title says nothing
          const hasTitle = hasTitles && (rows.length > 0 || !(choice.rule ?? choice.isShown))
          return { rows, ...(hasTitle && { title: titleOf(collection) }) }
        }),
        look: options.look,
        background: backgroundOf(kvp, format),
        mediaType: format.mediaType,
        dpi: options.dpi,
      },
      { renderer: context.renderer, limits, deadline },
      signal,
    )
    return { status: 200, mediaType: image.mediaType, body: image.bytes, cacheSeconds: 300 }
  },
}

function refuseUnknownRule(wanted: string | undefined, styles: readonly NamedStyle[]): void {
  if (!wanted) return
  const rules = styles.flatMap(({ style }) => rulesOf(style)).filter(({ isUnlisted }) => !isUnlisted)
  if (rules.some(rule => isNamed(rule, wanted))) return
  const names = [...new Set(rules.map(({ name, title }) => name || title).filter(text => text))]
  const known = names.length === 0 ? 'without RULE it would work' : `${names.slice(0, 20).join(', ')} would work`
  throw new Problem('invalid-parameter', `RULE=${wanted.slice(0, 100)} is no rule of the style; ${known}.`, { locator: 'rule' })
}

const isNamed = ({ name, title }: Rule, wanted: string) => name === wanted || title === wanted

/** What of a style is shown: at SCALE, the rule RULE, and on demand only what has features within BBOX, those that filters ask for. */
async function chosen(
  { context, request, kvp, version }: WmsCall,
  name: string,
  collection: Collection,
  style: NamedStyle,
  hidesEmpty: boolean,
) {
  const { view, signal } = request
  const { source } = collection
  const scale = Number(kvp.get('SCALE') ?? Number.NaN)
  const rule = kvp.get('RULE') || undefined
  const variables = styleVariables(kvp)
  const choice: RowChoice = {
    ...(scale > 0 && { scaleDenominator: scale }),
    ...(rule !== undefined && { rule }),
    ...(variables && { variables }),
  }
  const spelled = { ...style, style: spelledStyle(style.style, source) }
  if (!hidesEmpty || kvp.get('BBOX') === undefined) return { style: spelled, choice }
  const { crs, bbox } = mapBox(kvp, version)
  const [selection] = selectionsOf(view, kvp, [name])
  const [{ filter, times }] = narrowedLayers([selectFeatures({ collection, style }, selection)], kvp, version).layers
  const tools = { stores: context.stores, limits: view.atlas.limits }
  const scaleDenominator = scale > 0 ? scale : 10_000
  if (source.kind === 'raster') {
    const asked = filter && filterOnMap(filter, { scaleDenominator, pixelRatio: 1, ...(variables && { variables }) })
    const ground = {
      crs,
      bbox,
      ...(times && { times }),
      ...(asked && { isChosen: asked === 'nothing' ? () => false : fileChooser(asked) }),
    }
    return { style: { ...style, style: await shownClasses(spelled.style, collection.id, source, ground, tools, signal) }, choice }
  }
  const map = { crs, bbox, scaleDenominator, ...(filter && { filter }), ...(variables && { variables }) }
  const shown = await shownRules(style.style, source, map, tools, signal)
  return { style, choice: { ...choice, isShown: shown.has.bind(shown) } }
}

const isChosen = (rule: Rule, { rule: wanted, isShown, scaleDenominator }: RowChoice) =>
  (wanted === undefined || isNamed(rule, wanted)) &&
  isShown?.(rule) !== false &&
  (scaleDenominator === undefined ||
    (scaleDenominator >= (rule.minScaleDenominator ?? 0) && scaleDenominator < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)))
