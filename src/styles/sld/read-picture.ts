import { childrenOf, type XmlElement } from '#xml/read.js'
import { writeElement } from '#xml/write-element.js'
import type { Glyph, Icon, Stroke, Value } from '../style.js'
import { colorOf, embedded, lengthOf } from './read-value.js'
import { note, plainText, quoted, type Reading, refuse, take, takeAttribute, takeText, takeWhole } from './reading.js'

/**
 * An ExternalGraphic; undefined, noted, where it is none that may be drawn. Throws where the reading refuses addresses, unless it is a file of the machine
 * on which QGIS wrote the style and `hasMark`: then the mark that QGIS writes behind it is drawn.
 */
export function readExternalGraphic(reading: Reading, element: XmlElement, hasMark: boolean): Icon | undefined {
  const format = takeText(reading, element, 'Format')?.toLowerCase()
  if (format !== undefined && !/svg|png|jpe?g|gif|webp/.test(format)) {
    note(reading, element, `pictures of the format ${quoted(format)} are not drawn; SVG, PNG, JPEG, GIF and WebP are`)
    takeWhole(reading, element)
    return undefined
  }
  const inline = take(reading, element, 'InlineContent')
  if (inline) return readInline(reading, inline, format ?? 'image/svg+xml')
  const resource = take(reading, element, 'OnlineResource')
  const href = resource && takeAttribute(reading, resource, 'href')
  if (!resource || !href) return refuse(element, 'names no picture; an OnlineResource with xlink:href, or InlineContent, does')
  const [asked, query] = splitQuery(href)
  const file = fileElsewhere(asked)
  if (file && !reading.options.refusesAddresses)
    note(reading, resource, `the picture ${quoted(asked)} is looked for beside the style, by the name of its file`)
  const path = (!reading.options.refusesAddresses && file) || asked
  const parts = embedded(resource, path.startsWith('base64:') ? `data:image/svg+xml;base64,${path.slice(7)}` : path)
  const first = parts[0]
  if (first?.kind === 'literal' && !isAllowed(parts.length === 1 ? String(first.value) : `${first.value}x`)) {
    const reason = `pictures are not taken from ${quoted(href)}; a name relative to the style (no “..”, no scheme) or a data: address of a picture is allowed`
    if (reading.options.refusesAddresses && !(file && hasMark)) return refuse(resource, reason)
    note(reading, resource, reason)
    return undefined
  }
  const name: Value<string> =
    first?.kind === 'literal' && parts.length === 1
      ? String(first.value)
      : parts.length === 1
        ? first
        : { kind: 'call', name: 'concat', args: parts }
  return { kind: 'icon', ...withParameters(reading, resource, name, query) }
}

/** The name of a picture in a folder of another machine, from its root; undefined for all else. */
const fileElsewhere = (path: string) => /^(?:[a-z]:[\\/]|\/(?!\/))(?:[^\0]*[\\/])?([^\\/\0]+\.(?:svg|png|jpe?g|gif|webp))$/i.exec(path)?.[1]

const isAllowed = (href: string) =>
  // An address of a scheme, of a host, from the root, or with backslashes, which Windows takes for slashes.
  /^data:/i.test(href)
    ? /^data:image\/(svg\+xml|png|jpeg|gif|webp)[;,]/i.test(href)
    : !/^([a-z][a-z0-9+.-]*:|\/)|\\/i.test(href) && !decoded(href).split('/').includes('..')

function decoded(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch {
    return '..'
  }
}

function splitQuery(href: string): readonly [path: string, query: string] {
  const at = href.startsWith('data:') || href.startsWith('base64:') ? -1 : href.indexOf('?')
  return at < 0 ? [href, ''] : [href.slice(0, at), href.slice(at + 1)]
}

/** Colours as QGIS and GeoServer hang them to SVGs: `tree.svg?fill=#00ff00&outline=#000000&outline-width=1`. */
function withParameters(
  reading: Reading,
  resource: XmlElement,
  name: Value<string>,
  query: string,
): Pick<Icon, 'href' | 'color' | 'outline'> {
  if (query === '' || typeof name !== 'string') {
    if (query !== '') note(reading, resource, `the parameters ${quoted(query)} behind a computed name are not read`)
    return { href: name }
  }
  // A bare # does not end the query here: people write colours as they are.
  const given = new Map(new URLSearchParams(query.replaceAll('+', '%2B')).entries())
  const next = (...names: readonly string[]) => {
    const key = names.find(candidate => given.has(candidate))
    const value = key && given.get(key)
    if (key) given.delete(key)
    return value
  }
  const [fill, color, width] = [next('fill'), next('stroke', 'outline'), next('stroke-width', 'outline-width')]
  const opacity = next('stroke-opacity', 'outline-opacity')
  const outline: Stroke | undefined =
    color || width
      ? {
          color: color ? colorOf(resource, color) : '#000000',
          opacity: opacity ? Math.min(1, Math.max(0, Number(opacity) || 0)) : 1,
          width: width ? lengthOf(resource, width, reading.unit, { least: 0 }) : 1,
        }
      : undefined
  if (given.get('fill-opacity') === '1' || given.get('fill-opacity') === '1.0') given.delete('fill-opacity')
  for (const [key, value] of given) note(reading, resource, `the parameter ${quoted(`${key}=${value}`)} of a picture is not read`)
  return { href: name, ...(fill && { color: colorOf(resource, fill) }), ...(outline && { outline }) }
}

function readInline(reading: Reading, element: XmlElement, format: string): Icon {
  const encoding = takeAttribute(reading, element, 'encoding') ?? 'base64'
  const [child] = childrenOf(element)
  takeWhole(reading, element)
  if (encoding === 'xml' || child) {
    const text = child ? writeElement(child).text : plainText(element)
    return { kind: 'icon', href: `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}` }
  }
  const base64 = plainText(element).replaceAll(/\s+/g, '')
  if (base64 === '' || !/^[A-Za-z0-9+/]+=*$/.test(base64)) refuse(element, 'holds no picture in base64')
  const type = format === 'svg' ? 'image/svg+xml' : format.includes('/') ? format : `image/${format}`
  return { kind: 'icon', href: `data:${type};base64,${base64}` }
}

/** A mark from elsewhere (OGC 05-077r4, 11.3.2): characters of fonts are read, others noted. */
export function readMarkSource(reading: Reading, element: XmlElement): Glyph | { readonly kind: 'none' } | undefined {
  const resource = take(reading, element, 'OnlineResource')
  if (!resource) return undefined
  const href = takeAttribute(reading, resource, 'href') ?? ''
  const index = takeText(reading, element, 'MarkIndex')
  const format = takeText(reading, element, 'Format')
  const glyph = glyphOf(index === undefined ? href : `${href}#${index}`)
  if (!glyph)
    note(reading, resource, `the mark ${quoted(href)}${format ? ` (${format})` : ''} is left out; ttf://Family with a MarkIndex is read`)
  return glyph ?? { kind: 'none' }
}

/** `ttf://Family#0x41`, `#U+0041`, `#\u0041` or `#65`. */
export function glyphOf(name: string): Glyph | undefined {
  const [, family, code] = /^ttf:\/\/([^#]+)#\s*(\S+)\s*$/.exec(name) ?? []
  if (!family) return undefined
  const hex = /^(?:U\+|\\u|0x)([0-9a-f]{1,6})$/i.exec(code)?.[1]
  const point = hex ? Number.parseInt(hex, 16) : /^\d+$/.test(code) ? Number(code) : Number.NaN
  // U+0000, surrogates and what lies beyond Unicode are no characters.
  if (!(point > 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) return undefined
  return { kind: 'glyph', family: decodedFamily(family), character: String.fromCodePoint(point) }
}

function decodedFamily(family: string): string {
  try {
    return decodeURIComponent(family).trim()
  } catch {
    return family.trim()
  }
}
