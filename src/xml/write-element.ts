import { attributes, escapeXml, rawXml, unwritable, type Xml } from './write.js'

/** An element to be written; those that were read are such. */
export interface XmlTree {
  readonly name: string
  readonly namespace: string
  readonly prefix: string
  readonly attributes: readonly { readonly name: string; readonly namespace: string; readonly value: string }[]
  readonly content: readonly (XmlTree | string)[]
  /** Which of `content` are written as CDATA sections. */
  readonly exact?: readonly number[]
}

type Scope = Readonly<Record<string, string>>

/** Prefixes that attributes of these namespaces get where none is declared. */
const usualPrefixes: Scope = {
  xlink: 'http://www.w3.org/1999/xlink',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
}

/**
 * Writes an element and all below it. `declared` are the prefixes its tag declares, others are declared where they are first used. `indent` puts
 * elements that hold only elements on lines of their own.
 */
export function writeElement(element: XmlTree, options: { readonly declared?: Scope; readonly indent?: boolean } = {}): Xml {
  const { declared = {}, indent = false } = options
  return rawXml(written(element, { '': '', xml: usualPrefixes.xml }, declared, indent ? '\n' : undefined))
}

function written(element: XmlTree, outer: Scope, declared: Scope, lineBreak: string | undefined): string {
  const scope: Record<string, string> = { ...outer, ...declared }
  const fresh: Record<string, string> = { ...declared }
  const declare = (prefix: string, namespace: string) => {
    if (scope[prefix] === namespace) return
    scope[prefix] = namespace
    fresh[prefix] = namespace
  }
  declare(element.prefix, element.namespace)
  const named = element.attributes.map(({ name, namespace, value }): [string, string] => {
    if (namespace === '') return [name, value]
    const prefix = prefixOf(namespace, scope)
    declare(prefix, namespace)
    return [`${prefix}:${name}`, value]
  })
  const declarations = Object.entries(fresh).map(([prefix, namespace]): [string, string] => [
    prefix ? `xmlns:${prefix}` : 'xmlns',
    namespace,
  ])
  const tag = element.prefix ? `${element.prefix}:${element.name}` : element.name
  const opening = `<${tag}${attributes(Object.fromEntries([...declarations, ...named]))}`
  if (element.content.length === 0) return `${opening}/>`
  const exact = new Set(element.exact)
  const isLaidOut = lineBreak !== undefined && element.content.every(item => typeof item !== 'string')
  const inner = isLaidOut ? `${lineBreak}  ` : undefined
  const pieces = element.content.map((item, i) => {
    if (typeof item !== 'string') return written(item, scope, {}, inner)
    return exact.has(i) ? section(item) : escapeXml(item)
  })
  return isLaidOut ? `${opening}>${inner}${pieces.join(inner)}${lineBreak}</${tag}>` : `${opening}>${pieces.join('')}</${tag}>`
}

/** A CDATA section; its end inside it is written in two. */
function section(text: string): string {
  return `<![CDATA[${text.replace(unwritable, '\ufffd').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

function prefixOf(namespace: string, scope: Scope): string {
  const known = Object.entries({ ...usualPrefixes, ...scope }).find(([prefix, uri]) => uri === namespace && prefix !== '')
  if (known) return known[0]
  for (let i = 1; ; i++) if (!(`n${i}` in scope)) return `n${i}`
}

/** Content of an element to be made: nothing is left of `undefined`, lists go in one after the other, `exact` text becomes a CDATA section. */
export type TreeContent = XmlTree | string | number | undefined | { readonly exact: string } | readonly TreeContent[]

export type TreeBuilder = (
  tag: string,
  attributes?: Readonly<Record<string, string | number | undefined>>,
  ...content: readonly TreeContent[]
) => XmlTree

/** Makes elements by tags such as `ogc:Literal`, whose prefixes are those of `namespaces`; so are those of attributes. Values of attributes may be left out. */
export function treeBuilder(namespaces: Scope): TreeBuilder {
  const split = (tag: string): readonly [prefix: string, name: string] => {
    const at = tag.indexOf(':')
    return at < 0 ? ['', tag] : [tag.slice(0, at), tag.slice(at + 1)]
  }
  return (tag, attributes = {}, ...content) => {
    const [prefix, name] = split(tag)
    const pieces = flat(content)
    const exact = pieces.flatMap((piece, i) => (isExact(piece) ? [i] : []))
    return {
      name,
      prefix,
      namespace: namespaces[prefix] ?? '',
      attributes: Object.entries(attributes).flatMap(([key, value]) => {
        const [space, local] = split(key)
        return value === undefined ? [] : [{ name: local, namespace: space && namespaces[space], value: String(value) }]
      }),
      content: pieces.map(piece => (isExact(piece) ? piece.exact : piece)),
      ...(exact.length > 0 && { exact }),
    }
  }
}

type Piece = XmlTree | string | { readonly exact: string }

const isExact = (piece: Piece): piece is { readonly exact: string } => typeof piece === 'object' && !('content' in piece)

function flat(content: readonly TreeContent[]): readonly Piece[] {
  return content.flatMap((item): readonly Piece[] => {
    if (item === undefined) return []
    if (typeof item === 'number') return [String(item)]
    if (typeof item === 'string' || 'content' in item || 'exact' in item) return [item]
    return flat(item)
  })
}
