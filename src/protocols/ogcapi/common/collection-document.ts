import type { AtlasView, Collection } from '#core/atlas.js'
import { endsOf } from '#core/dimension.js'
import type { ExportShelf } from '#core/export-shelf.js'
import { timeOf } from '#core/feature-time.js'
import { keywordsIn, textIn } from '#core/text.js'
import type { Link } from '#formats/features/index.js'
import type { Bbox } from '#geo/bbox.js'
import { crs84, crsUri, crsUris } from '../features/crs-parameter.js'
import { collectionLinks } from './collection-links.js'

/** A collection as OGC API Common and Features describe it (OGC 17-069r4, 7.14; OGC 18-058r1, 6.2). */
export function collectionDocument(
  view: AtlasView,
  collection: Collection,
  baseUrl: string,
  asked: readonly string[],
  exports?: ExportShelf,
): object {
  const { id, title, abstract, keywords, licence, attribution, storageCrs, epoch, source } = collection
  const languages = [...asked, ...view.atlas.service.languages]
  const words = keywordsIn(keywords, languages)
  const crs = crsUris(collection)
  return {
    id,
    title: textIn(title, languages),
    ...(abstract !== undefined && { description: textIn(abstract, languages) }),
    ...(words.length > 0 && { keywords: words.map(word => (typeof word === 'string' ? word : word.word)) }),
    ...(attribution !== undefined && { attribution: textIn(attribution, languages) }),
    ...(licence !== undefined && { license: licence }),
    ...extentOf(collection),
    // a reader takes a collection for one of features where nothing is said
    itemType: source.kind === 'features' ? 'feature' : 'coverage',
    ...(crs.length > 0 && { crs }),
    ...(storageCrs !== undefined && { storageCrs: crsUri(storageCrs) }),
    ...(storageCrs !== undefined && epoch !== undefined && { storageCrsCoordinateEpoch: epoch }),
    links: collectionLinks(collection, baseUrl, exports) satisfies readonly Link[],
  }
}

function extentOf(collection: Collection): object {
  const { extent, dimensions = [] } = collection
  const time = dimensions.find(({ name }) => name === 'time')
  const ends = time && endsOf(time.extent)
  const all = {
    ...(extent && { spatial: { bbox: [outwards(extent.crs84)], crs: crs84 } }),
    ...(ends
      ? { temporal: { interval: [[momentText(ends[0].from), momentText(Math.max(ends[0].from, ends[1].to - 1))]], trs } }
      : // it has a time, and nobody has looked from when to when
        timeOf(collection) && { temporal: { interval: [[null, null]], trs } }),
  }
  return Object.keys(all).length > 0 ? { extent: all } : {}
}

/** To 7 decimals, a centimetre: clients that round as much must not lose what lies at the edge. */
const outwards = (box: Bbox) => box.map((value, i) => (i < 2 ? Math.floor(value * 1e7) : Math.ceil(value * 1e7)) / 1e7)

const trs = 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian'

/** To the second: what is told of an extent need not be finer. */
const momentText = (moment: number) => (Number.isFinite(moment) ? new Date(moment).toISOString().replace(/\.\d{3}Z$/, 'Z') : null)
