import { accuracyText } from '#core/raster-attributes.js'
import { type ClassNames, classNamesOf } from './class-names.js'
import type { PixelTransform } from './georeference.js'
import { type PamPalette, paletteOfPam } from './pam-palette.js'
import { unescapeXml } from './pam-text.js'

/** What GDAL wrote about a band: in the `GDAL_METADATA` tag or in the `.aux.xml` beside the file. */
export interface BandMetadata {
  readonly colorInterpretation?: string
  readonly description?: string
  readonly unit?: string
  readonly scale?: number
  readonly offset?: number
  readonly nodata?: number
  readonly minimum?: number
  readonly maximum?: number
  /** These are only in a `.aux.xml`. */
  readonly palette?: PamPalette
  readonly names?: ClassNames
}

/** Contents of a `.aux.xml` (GDAL's persistent auxiliary metadata). */
export interface Pam {
  readonly transform?: PixelTransform
  readonly srs?: string
  readonly bands: ReadonlyMap<number, BandMetadata>
  readonly accuracy?: string
}

/** Both documents are flat and written by one program; longer ones are not looked at. */
const maxChars = 1 << 20

/** Items of the `GDAL_METADATA` tag, by band from 0. GDAL escapes their values twice. */
export function readGdalMetadata(text: string): ReadonlyMap<number, BandMetadata> {
  const bands = new Map<number, BandMetadata>()
  for (const [, attributes, value] of text.slice(0, maxChars).matchAll(/<Item\b([^<>]*)>([^<]*)<\/Item>/g)) {
    const band = /\bsample="(\d{1,4})"/.exec(attributes)
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1]
    if (band && name) bands.set(Number(band[1]), { ...bands.get(Number(band[1])), ...itemOf(name, unescapeXml(unescapeXml(value.trim()))) })
  }
  return bands
}

/** Names of the item of the whole file that holds its accuracy class. */
const accuracyItem = /^(accuracy_class|classe(_de)?_precision)$/i

/** The accuracy class in the `GDAL_METADATA` tag; undefined where none is there. */
export function accuracyOfMetadata(text: string): string | undefined {
  for (const [, attributes, value] of text.slice(0, maxChars).matchAll(/<Item\b([^<>]*)>([^<]*)<\/Item>/g))
    if (!/\b(sample|domain)="/.test(attributes) && accuracyItem.test(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? ''))
      return accuracyText(unescapeXml(unescapeXml(value)))
  return undefined
}

/** The same of what a `.aux.xml` says outside of bands, in no domain. */
function accuracyOfPam(outside: string): string | undefined {
  for (const part of outside.split('</Metadata>').slice(0, -1)) {
    const body = part.slice(part.lastIndexOf('<Metadata'))
    if (!body.startsWith('<Metadata>')) continue
    for (const [key, value] of itemsOf(body)) if (accuracyItem.test(key)) return accuracyText(value)
  }
  return undefined
}

/** Keys and values of the `MDI` elements in a text. */
function itemsOf(text: string): readonly (readonly [key: string, value: string])[] {
  return [...text.matchAll(/<MDI\b([^<>]*)>([^<]*)<\/MDI>/g)].flatMap(([, attributes, value]) => {
    const key = /\bkey="([^"]*)"/.exec(attributes)?.[1]
    return key === undefined ? [] : [[key, unescapeXml(value.trim())] as const]
  })
}

/** Reads a `.aux.xml`; what it does not understand it passes over. */
export function readPam(text: string): Pam {
  const document = text.slice(0, maxChars)
  const bands = new Map<number, BandMetadata>()
  // taken apart by its closing tags, which takes time linear in any document
  const parts = document.split('</PAMRasterBand>').map(part => {
    const start = part.indexOf('<PAMRasterBand')
    return start < 0 ? { outside: part, body: '' } : { outside: part.slice(0, start), body: part.slice(start) }
  })
  for (const { body } of parts.slice(0, -1)) {
    const number = /\bband="(\d{1,4})"/.exec(/^<PAMRasterBand\b([^<>]*)>/.exec(body)?.[1] ?? '')?.[1]
    if (number === undefined) continue
    let band: BandMetadata = {}
    for (const [key, value] of itemsOf(body)) band = { ...band, ...itemOf(key, value) }
    for (const [tag, key] of [
      ['NoDataValue', 'NODATA'],
      ['ColorInterp', 'COLORINTERP'],
      ['Description', 'DESCRIPTION'],
      ['UnitType', 'UNITTYPE'],
      ['Scale', 'SCALE'],
      ['Offset', 'OFFSET'],
    ]) {
      const value = element(body, tag)
      if (value !== undefined) band = { ...band, ...itemOf(key, value) }
    }
    const palette = paletteOfPam(body)
    const names = classNamesOf(body)
    bands.set(Number(number) - 1, { ...band, ...(palette && { palette }), ...(names && { names }) })
  }
  const numbers = element(document, 'GeoTransform')?.split(',').map(Number)
  const srs = element(document, 'SRS')
  const transform = numbers?.length === 6 ? (numbers as unknown as PixelTransform) : undefined
  const accuracy = accuracyOfPam(parts.map(({ outside }) => outside).join(''))
  return { bands, ...(transform && { transform }), ...(srs && { srs }), ...(accuracy && { accuracy }) }
}

function itemOf(name: string, value: string): BandMetadata {
  const number = Number(value)
  switch (name.toUpperCase()) {
    case 'COLORINTERP':
      return { colorInterpretation: value.toLowerCase() }
    case 'DESCRIPTION':
      return value ? { description: value } : {}
    case 'UNITTYPE':
      return value ? { unit: value } : {}
    case 'SCALE':
      return Number.isFinite(number) && number !== 0 ? { scale: number } : {}
    case 'OFFSET':
      return Number.isFinite(number) ? { offset: number } : {}
    case 'NODATA':
      return nodataOf(value)
    case 'STATISTICS_MINIMUM':
      return Number.isFinite(number) ? { minimum: number } : {}
    case 'STATISTICS_MAXIMUM':
      return Number.isFinite(number) ? { maximum: number } : {}
    default:
      return {}
  }
}

/** A nodata value as GDAL reads it: a number, also with a decimal comma, `nan` or an infinity; empty when it is none of these. */
export function nodataOf(text: string | undefined): { nodata?: number } {
  const trimmed = text?.trim()
  if (!trimmed) return {}
  if (/^[-+]?nan/i.test(trimmed)) return { nodata: Number.NaN }
  const value = Number(trimmed.replace(',', '.').replace(/^([-+]?)inf(inity)?$/i, '$1Infinity'))
  return Number.isNaN(value) ? {} : { nodata: value }
}

function element(text: string, name: string): string | undefined {
  const value = new RegExp(`<${name}\\b[^<>]*>([^<]*)</${name}>`).exec(text)?.[1]
  return value === undefined ? undefined : unescapeXml(value.trim())
}
