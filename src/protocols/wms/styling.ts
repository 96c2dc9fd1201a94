import type { Collection, NamedStyle } from '#core/atlas.js'
import { fitStyle } from '#core/fit-style.js'
import { Problem } from '#core/problem.js'
import type { StyledLayer } from '#core/queries.js'
import { selectFeatures } from '#core/select-features.js'
import { faultOfPicture } from '#render/fault-of-picture.js'
import { greatestBand } from '#styles/band-expression.js'
import { lonePictures } from '#styles/picture-addresses.js'
import { readSld, type SldDocument, type SldLayer, type SldStyle } from '#styles/sld/read-sld.js'
import { rulesOf, type Style } from '#styles/style.js'
import { StyleError } from '#styles/style-error.js'
import type { WmsCall } from './call.js'
import { interpolationsOf } from './interpolations.js'
import { withLayerParameters } from './layer-parameters.js'
import { collectionsNamed, layersAndStyles, selectionsOf, styledLayer, styledLayers, styleNamed } from './layers.js'

type Call = Pick<WmsCall, 'context' | 'request' | 'kvp'>

/**
 * The layers of a request, bottom first. Without SLD and SLD_BODY those of LAYERS and STYLES. With them alone, the document says what is drawn; beside
 * LAYERS it is a library, whose styles come before the published ones of the same name (OGC 02-070, 10.1; OGC 05-078r4, 9.2). Throws what
 * `styledLayers` throws, and `invalid-parameter` for a document that cannot be read.
 */
export async function requestedLayers(call: Call, layersName = 'LAYERS'): Promise<readonly StyledLayer[]> {
  const document = await sentStyles(call)
  const { kvp, request } = call
  if (!document) return styledLayers(request.view, kvp, layersName)
  if (kvp.get(layersName) === undefined) {
    const selections = selectionsOf(
      request.view,
      kvp,
      document.layers.map(({ name }) => name),
    )
    const layers = withLayerParameters(
      kvp,
      document.layers.map(({ name, isUserLayer }) => (isUserLayer ? [] : collectionsNamed(request.view, name, 'SLD'))),
    )
    const interpolations = interpolationsOf(kvp, document.layers.length)
    return document.layers.flatMap((layer, i) => {
      const resampling = interpolations[i]
      return drawnBy(layer, layers[i]).map(drawn => selectFeatures({ ...drawn, ...(resampling && { resampling }) }, selections[i]))
    })
  }
  const published = layersAndStyles(request.view, kvp, layersName)
  return published.map(layer => {
    const { collection, name, asked } = layer
    const styles = stylesFor(document, [collection.id, name], published.length === 1)
    return styledLayer(layer, fromLibrary(styles, collection, asked) ?? styleNamed(collection, asked, 'STYLES', namesOf(styles)))
  })
}

/** The style of one layer: sent along, or published. */
export async function requestedStyle(call: Call, collection: Collection, asked: string): Promise<NamedStyle> {
  const document = await sentStyles(call)
  const styles = document ? stylesFor(document, [collection.id], true) : []
  return fromLibrary(styles, collection, asked) ?? styleNamed(collection, asked, 'STYLE', namesOf(styles))
}

/** Pictures of a style that are tried before it is drawn with; a millisecond or two each. */
const mostTried = 100

async function sentStyles({ context, request: { view, signal }, kvp }: Call): Promise<SldDocument | undefined> {
  const [body, address] = [kvp.get('SLD_BODY'), kvp.get('SLD')]
  if (body === undefined && address === undefined) return undefined
  const locator = body === undefined ? 'sld' : 'sld_body'
  const { styleAddresses } = view.atlas
  if (body === undefined && !context.styles)
    throw new Problem('unsupported', 'Styles are not read from elsewhere here; SLD_BODY would work.', { locator })
  const text = body === undefined ? await context.styles!.read(address!, styleAddresses, signal) : unescapedTwice(body)
  const document = readSent(text, locator)
  const pictures = [...lonePictures(document.layers)].filter(address => address.startsWith('data:'))
  for (const address of pictures.slice(0, mostTried)) {
    const fault = await faultOfPicture(address)
    if (fault !== undefined)
      throw new Problem('invalid-parameter', `The style sent along has a picture that cannot be drawn. ${fault}`, { locator })
  }
  return document
}

function readSent(text: string, locator: string): SldDocument {
  try {
    return readSld(text, { refusesAddresses: true })
  } catch (error) {
    if (!(error instanceof StyleError)) throw error
    throw new Problem('invalid-parameter', `The style sent along cannot be read. ${error.message}`, { locator, cause: error })
  }
}

/** A document that the client escaped twice, as cadastrapp does. */
function unescapedTwice(body: string): string {
  if (!/^\s*%3C/i.test(body)) return body
  try {
    return decodeURIComponent(body.replaceAll('+', ' '))
  } catch {
    return body
  }
}

/** What a layer of a document draws: each of its styles, one over the other. */
function drawnBy({ name, isUserLayer, styles, constraints = [] }: SldLayer, collections: readonly Collection[]): readonly StyledLayer[] {
  if (isUserLayer)
    throw new Problem('unsupported', `The style sent along has a UserLayer ${name}; layers of this server, as NamedLayer, would work.`, {
      locator: 'sld',
    })
  const asked = constraints.flatMap(({ filter }) => (filter ? [{ filter, parameter: 'SLD' }] : []))
  return collections.flatMap(collection => {
    const drawn = styles.map(style => (style.kind === 'user' ? userStyle(style, collection) : styleNamed(collection, style.name, 'SLD')))
    return (drawn.length > 0 ? drawn : [styleNamed(collection, '', 'SLD')]).map(style =>
      selectFeatures({ collection, style }, { conditions: asked }),
    )
  })
}

/** The style of a library for a collection: that of the name, else the default. */
function fromLibrary(styles: readonly SldStyle[], collection: Collection, asked: string): NamedStyle | undefined {
  const chosen = asked === '' ? (styles.find(({ isDefault }) => isDefault) ?? styles[0]) : styles.find(({ name }) => name === asked)
  return chosen && userStyle(chosen, collection)
}

/** What a library has for a layer of these names, the first that it knows; names may lack, or have, a prefix (T-55). */
function stylesFor({ layers }: SldDocument, names: readonly string[], isAlone: boolean): readonly SldStyle[] {
  const own = names
    .map(wanted => layers.find(({ name }) => name === wanted) ?? layers.find(({ name }) => local(name) === local(wanted)))
    .find(layer => layer !== undefined)
  const layer = own ?? (isAlone && layers.length === 1 ? layers[0] : undefined)
  return (layer?.styles ?? []).filter(style => style.kind === 'user')
}

const namesOf = (styles: readonly SldStyle[]) => styles.flatMap(({ name }) => (name ? [name] : []))

const local = (name: string) => name.slice(name.indexOf(':') + 1).toLowerCase()

function userStyle({ name, title = name, style }: SldStyle, collection: Collection): NamedStyle {
  return { name, title, version: '', style: fitted(style, collection) }
}

function fitted(style: Style, { id, source }: Collection): Style {
  if (source.kind === 'features') {
    const fit = fitStyle(style, source)
    if (fit.misfits.length === 0) return fit.style
    throw new Problem('invalid-parameter', `The style sent along does not fit ${id}. ${fit.misfits[0]}`, { locator: 'sld' })
  }
  for (const { symbolizers } of rulesOf(style))
    for (const symbolizer of symbolizers) {
      if (symbolizer.kind !== 'raster') continue
      const greatest = Math.max(...(symbolizer.bands ?? []), symbolizer.value ? greatestBand(symbolizer.value) : -1)
      if (greatest >= source.bands.length)
        throw new Problem('invalid-parameter', `The style sent along shows band ${greatest + 1}; ${id} has ${source.bands.length}.`, {
          locator: 'sld',
        })
    }
  return style
}
