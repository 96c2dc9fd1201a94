import { type Crs, crsOf, unknownCrs } from './crs.js'
import { CrsError } from './crs-error.js'

/**
 * How a reference system is spelled:
 * `short` EPSG:2154 · `crs84` CRS:84 · `urn` urn:ogc:def:crs:EPSG::2154 · `urn-x` urn:x-ogc:def:crs:EPSG:2154 ·
 * `url` http://www.opengis.net/def/crs/EPSG/0/2154 · `url-https` the same with https · `epsg-xml` http://www.opengis.net/gml/srs/epsg.xml#2154
 */
export type CrsForm = 'short' | 'crs84' | 'urn' | 'urn-x' | 'url' | 'url-https' | 'epsg-xml'

export interface CrsName {
  readonly crs: Crs
  readonly form: CrsForm
  /** The name as it was asked, trimmed: what an answer echoes. */
  readonly text: string
  /** Coordinates on the wire are y,x (latitude or north first). */
  readonly isFlipped: boolean
}

/** WMS 1.3.0 lets the authority decide the axes of short names, too (OGC 06-042, 6.7.2); everything else takes them as x,y. */
export type CrsContext = 'wms-1.3.0' | 'other'

/** Spellings seen in the wild. `authority` and `code` are groups; the authority is EPSG where there is none. */
const spellings: readonly { readonly form: CrsForm; readonly pattern: RegExp }[] = [
  { form: 'short', pattern: /^(?<authority>EPSG|IGNF|OGC):{1,2}(?<code>[\w.]+)(?:\+\d+)?$/i },
  { form: 'crs84', pattern: /^(?<authority>CRS):(?<code>84|83|27)$/i },
  { form: 'crs84', pattern: /^(?<code>CRS(?:84h?|83|27))$/i },
  { form: 'short', pattern: /^(?<code>\d{4,6})$/ },
  { form: 'urn', pattern: /^urn:ogc:def:crs:(?<authority>EPSG|IGNF|OGC|CRS):(?:[\w.]*:)?(?<code>[\w.]+)$/i },
  { form: 'urn', pattern: /^urn:ogc:def:crs,crs:(?<authority>EPSG|IGNF|OGC):[\w.]*:(?<code>[\w.]+)(?:,crs:\w+:[\w.]*:[\w.]+)?$/i },
  { form: 'urn-x', pattern: /^urn:x-ogc:def:crs:(?<authority>EPSG|IGNF|OGC|CRS):(?:[\w.]*:)?(?<code>[\w.]+)$/i },
  { form: 'urn', pattern: /^urn:(?<authority>EPSG):(?:geographicCRS|projectedCRS|crs):(?<code>\d+)$/i },
  { form: 'url', pattern: /^http:\/\/(?:www\.)?opengis\.net\/def\/crs\/(?<authority>EPSG|IGNF|OGC|CRS)\/[\w.]*\/(?<code>[\w.]+)\/?$/i },
  {
    form: 'url-https',
    pattern: /^https:\/\/(?:www\.)?opengis\.net\/def\/crs\/(?<authority>EPSG|IGNF|OGC|CRS)\/[\w.]*\/(?<code>[\w.]+)\/?$/i,
  },
  { form: 'epsg-xml', pattern: /^https?:\/\/(?:www\.)?opengis\.net\/gml\/srs\/epsg\.xml#(?<code>\d+)$/i },
  { form: 'url', pattern: /^http:\/\/(?<authority>registre|librairies)\.ign\.fr\/[\w/.-]{0,80}[/#](?<code>[\w.]+)$/i },
  { form: 'url-https', pattern: /^https:\/\/(?<authority>registre|librairies)\.ign\.fr\/[\w/.-]{0,80}[/#](?<code>[\w.]+)$/i },
]

const authorities: Readonly<Record<string, string>> = { CRS: 'OGC', REGISTRE: 'IGNF', LIBRAIRIES: 'IGNF' }

/** Longer than any name of a reference system. */
const longestName = 200

/**
 * Reads the name of a reference system in any form the standards and their clients use, and says whether its coordinates come y,x: the one
 * place where axis order is decided. A safe CURIE (`[EPSG:4326]`) and a URI in angle brackets are names, too. Undefined when it is not known.
 */
export function parseCrsName(text: string, context: CrsContext): CrsName | undefined {
  if (text.length > longestName) return undefined
  const trimmed = text.trim()
  const bare = trimmed.replace(/^\[(.*)\]$/, '$1').replace(/^<(.*)>$/, '$1')
  for (const { form, pattern } of spellings) {
    const groups = pattern.exec(bare)?.groups
    if (!groups) continue
    const crs = crsOf(canonicalCode(groups.authority, groups.code))
    return crs && { crs, form: formOf(form, crs), text: trimmed, isFlipped: isFlipped(crs, form, context) }
  }
  return undefined
}

/** As `parseCrsName`; throws CrsError `unknown-crs` saying what would have worked. */
export function requireCrsName(text: string, context: CrsContext): CrsName {
  const name = parseCrsName(text, context)
  if (name) return name
  throw new CrsError('unknown-crs', unknownCrs(text.trim()))
}

/** The axis-order table: true when a system named in this form has its coordinates y,x on the wire. */
export function isFlipped(crs: Crs, form: CrsForm, context: CrsContext): boolean {
  switch (form) {
    case 'short':
      return context === 'wms-1.3.0' && crs.axes === 'yx'
    case 'epsg-xml':
      return false
    default:
      return crs.axes === 'yx'
  }
}

/** The name of `crs` in a form. Only EPSG has the form `epsg-xml`, only OGC's systems `crs84`: the others get a short name there. */
export function writeCrsName(crs: Crs, form: CrsForm): string {
  const [authority, code] = crs.code.split(':')
  const version = authority === 'OGC' ? (code === 'CRS84h' ? '0' : '1.3') : ''
  switch (form) {
    case 'urn':
      return `urn:ogc:def:crs:${authority}:${version}:${code}`
    case 'urn-x':
      return `urn:x-ogc:def:crs:${authority}:${version && `${version}:`}${code}`
    case 'url':
    case 'url-https':
      return `${form === 'url' ? 'http' : 'https'}://www.opengis.net/def/crs/${authority}/${version || '0'}/${code}`
    case 'epsg-xml':
      return authority === 'EPSG' ? `http://www.opengis.net/gml/srs/epsg.xml#${code}` : crs.code
    case 'crs84':
      return /^CRS\d+$/.test(code) ? `CRS:${code.slice(3)}` : crs.code
    case 'short':
      return crs.code
  }
}

function canonicalCode(authority: string | undefined, code: string): string {
  const upper = authority?.toUpperCase() ?? (/^CRS/i.test(code) ? 'OGC' : 'EPSG')
  const name = authorities[upper] ?? upper
  return name === 'OGC' && /^\d+$/.test(code) ? `OGC:CRS${code}` : `${name}:${code}`
}

/** `CRS:84` stays so in answers, however the short name was written. */
function formOf(form: CrsForm, crs: Crs): CrsForm {
  return form === 'short' && crs.code.startsWith('OGC:') ? 'crs84' : form
}
