import { crsOf, crsRegistry } from '#geo/crs.js'
import { isFlatRow, type RegistryRow } from '#geo/crs-registry.js'
import { type CrsParameters, isSameCrs, registryParameters, wktParameters } from './crs-parameters.js'
import { childOf, parseWkt, textOf, type WktNode } from './wkt-tree.js'

export interface FoundCrs {
  /** `EPSG:2154` */
  readonly crs: string
  /** How it was found, where that leaves a doubt. */
  readonly note?: string
}

/**
 * The EPSG code of a WKT description, as `.prj` files hold it: the code it states itself, else the system of the registry with the same
 * parameters and the most similar names (of several revisions of a datum the first, unless the names say more). Undefined when none fits.
 */
export function crsOfWkt(wkt: string): FoundCrs | undefined {
  const tree = parseWkt(wkt.replace(/^\uFEFF/, '').trim())
  const node = tree && horizontalPart(tree)
  if (!node) return undefined
  const stated = statedCode(node)
  if (stated && crsOf(stated)) return { crs: stated }
  const parameters = wktParameters(node)
  if (!parameters) return byName(node)
  const candidates = searchTerms[parameters.method]
    .flatMap(term => crsRegistry().search(term))
    .filter(([code, row]) => code.startsWith('EPSG:') && isCandidate(row, parameters))
    .map(([code, row]) => ({ code, row, score: similarity(node, row) - (row[0][1] === 'd' ? 2 : 0) }))
    .sort((a, b) => b.score - a.score || codeNumber(a.code) - codeNumber(b.code))
  const equals = candidates.filter(candidate => candidate.score === candidates[0].score)
  const best = equals.find(({ code }) => equals.length > 1 && isBase(code)) ?? candidates.at(0)
  if (!best) return undefined
  if (best.score !== 0 && best.score !== -2) return { crs: best.code }
  return { crs: best.code, note: `The coordinate reference system “${textOf(node)}” was taken as ${best.code} by its parameters alone.` }
}

/** What to look for in the registry's lines, by projection. */
const searchTerms: Readonly<Record<string, readonly string[]>> = {
  longlat: ['"+proj=longlat '],
  lcc: ['"+proj=lcc '],
  tmerc: ['"+proj=tmerc ', '"+proj=utm '],
  merc: ['"+proj=merc '],
  webmerc: ['"+proj=merc '],
  laea: ['"+proj=laea '],
  aea: ['"+proj=aea '],
  sterea: ['"+proj=sterea '],
  krovak: ['"+proj=krovak '],
  cass: ['"+proj=cass '],
  poly: ['"+proj=poly '],
  somerc: ['"+proj=somerc '],
}

const codeNumber = (code: string) => Number(code.slice(code.indexOf(':') + 1))

/** Of a compound system the horizontal part; heights keep theirs. */
function horizontalPart(node: WktNode): WktNode | undefined {
  if (['PROJCS', 'GEOGCS', 'PROJCRS', 'GEOGCRS', 'GEODCRS', 'PROJECTEDCRS', 'GEOGRAPHICCRS', 'GEODETICCRS'].includes(node.keyword))
    return node
  if (['COMPD_CS', 'COMPOUNDCRS', 'BOUNDCRS', 'SOURCECRS'].includes(node.keyword))
    for (const child of node.children) {
      const part = horizontalPart(child)
      if (part) return part
    }
  return undefined
}

function statedCode(node: WktNode): string | undefined {
  const authority = childOf(node, 'AUTHORITY', 'ID')
  const [name, code] = authority?.values ?? []
  return /^EPSG$/i.test(String(name)) && /^\d+$/.test(String(code)) ? `EPSG:${code}` : undefined
}

/** Whether projected systems build on a geographic one: that tells the flat system from its namesake with heights. */
function isBase(code: string): boolean {
  return crsRegistry()
    .search(`"${code}"`)
    .some(([, row]) => row[0] === 'p' && row[3] === code)
}

function isCandidate(row: RegistryRow, wanted: CrsParameters): boolean {
  const parameters = registryParameters(row)
  return parameters !== undefined && isSameCrs(parameters, wanted)
}

/** For WKT 2 without a code, and rare projections: the system of exactly this name. */
function byName(node: WktNode): FoundCrs | undefined {
  const name = textOf(node)
  if (!/^[\w ./()+-]{3,80}$/.test(name)) return undefined
  const [found] = crsRegistry()
    .search(`"${name}"`)
    .filter(([code, row]) => code.startsWith('EPSG:') && row[1] === name && row[0][1] !== 'd')
  return found && { crs: found[0] }
}

/** ESRI's names of datums that share no word with EPSG's. */
const otherNames: Readonly<Record<string, string>> = {
  sainte_anne: 'guadeloupe 1948',
  fort_desaix: 'martinique 1938',
  fort_marigot: 'fort marigot',
  csg_1967: 'csg67',
  combani_1950: 'combani 1950',
  cadastre_1997: 'cadastre 1997',
  piton_des_neiges_1947: 'reunion 1947',
  reunion_1947: 'reunion 1947',
  d_ntf: 'ntf nouvelle triangulation francaise',
}

/** How much the names have in common: of the systems themselves, and half as much of bases and datums. 0 when no word is shared. */
function similarity(node: WktNode, row: RegistryRow): number {
  if (!isFlatRow(row)) return 0
  const geographic = node.keyword === 'GEOGCS' ? node : childOf(node, 'GEOGCS')
  const datum = textOf(childOf(geographic, 'DATUM'))
  const other = otherNames[datum.toLowerCase().replace(/^d_/, '')] ?? ''
  const [, name, , base, , , , datumIndex] = row
  const bases = shareOfWords(
    `${textOf(geographic)} ${datum} ${other}`,
    `${base ? (crsOf(base)?.name ?? '') : name} ${crsRegistry().datum(datumIndex)}`,
  )
  return shareOfWords(`${textOf(node)} ${other}`, name) + bases / 2
}

/** Words in both over words in either; years count by their last two digits. */
function shareOfWords(a: string, b: string): number {
  const [ours, theirs] = [wordsOf(a), wordsOf(b)]
  let shared = 0
  for (const word of ours) if (theirs.has(word)) shared++
  return shared / Math.max(1, ours.size + theirs.size - shared)
}

/** Words that say nothing about which system it is. */
const emptyWords = new Set(['gcs', 'd', 'zone', 'datum', 'system', 'utm', 'n', 's', 'de', 'la', 'des', 'geodetic', 'of', 'the', 'lambert'])

function wordsOf(text: string): Set<string> {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.replace(/(?:19|20)(\d\d)(?!\d)/g, ' $1 ').match(/[a-z]+|\d+/g) ?? []
  return new Set(words.filter(word => !emptyWords.has(word)))
}
