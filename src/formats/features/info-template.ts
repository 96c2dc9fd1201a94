import { Problem } from '#core/problem.js'
import { escapeXml } from '#xml/write.js'
import { contextAfter, type HtmlContext, HtmlContextError, textContext } from './html-context.js'

/**
 * A piece of HTML with places for the values of one feature: `{{name}}` is the value of a column, always escaped; `{{#name}}…{{/name}}` is there when it has one,
 * `{{^name}}…{{/name}}` when it has none. It has no logic beyond that.
 */
export type InfoTemplate = readonly Part[]

type Part =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'value'; readonly name: string; readonly isAddress: boolean }
  | { readonly kind: 'section'; readonly name: string; readonly ifFilled: boolean; readonly parts: readonly Part[] }

/** Value of a column by name; null where there is none. */
export type InfoValues = (name: string) => string | null

/** Characters of an answer by templates: a column with a book in it, named often, makes no book of books. */
const longestAnswer = 10e6
const deepest = 20

/** Attributes whose value may come from the data. `href` and `src` are addresses: one value alone, or behind a beginning that is fixed. */
const plainAttributes = /^(title|alt|class|id|lang|width|height|colspan|rowspan|value|datetime|data-[a-z0-9-]+|aria-[a-z-]+)$/
const isAddress = (attribute: string) => attribute === 'href' || attribute === 'src'
const safeBeginning = /^(https?:\/\/[^/]+\/|\/(?!\/)|#|\?|mailto:|tel:)/i
const safeAddress = /^(https?:\/\/|\/(?![/\\])|mailto:|tel:)/i

/** Why a template cannot be used, in words for the one who wrote it; undefined when it can. */
export function infoTemplateFault(text: string): string | undefined {
  try {
    parseInfoTemplate(text)
    return undefined
  } catch (error) {
    if (error instanceof HtmlContextError) return error.message
    throw error
  }
}

/** Reads a template. Throws `HtmlContextError` where a value would not be safe even escaped. */
export function parseInfoTemplate(text: string): InfoTemplate {
  type Open = { readonly name: string; readonly ifFilled: boolean; readonly parts: Part[]; readonly context: HtmlContext }
  const stack: Open[] = [{ name: '', ifFilled: true, parts: [], context: textContext }]
  let context = textContext
  let rest = text
  while (rest !== '') {
    const start = rest.indexOf('{{')
    const html = start < 0 ? rest : rest.slice(0, start)
    if (html !== '') stack.at(-1)!.parts.push({ kind: 'html', html })
    context = contextAfter(context, html)
    if (start < 0) break
    const end = rest.indexOf('}}', start)
    if (end < 0) throw new HtmlContextError('a {{ has no }}')
    const tag = rest.slice(start + 2, end).trim()
    rest = rest.slice(end + 2)
    const [mark] = tag
    const name = tag.slice(1).trim()
    if (mark === undefined || '{&>=!<$'.includes(mark))
      throw new HtmlContextError(`{{${tag}}} is not a value; {{name}}, {{#name}} and {{^name}} would be`)
    if (mark === '#' || mark === '^') {
      checkSection(context, tag)
      if (stack.length > deepest) throw new HtmlContextError(`sections are nested deeper than ${deepest}`)
      stack.push({ name, ifFilled: mark === '#', parts: [], context })
    } else if (mark === '/') {
      const section = stack.length > 1 ? stack.pop()! : undefined
      if (section?.name !== name) throw new HtmlContextError(`{{/${name}}} closes nothing`)
      if (!isSamePlace(section.context, context))
        throw new HtmlContextError(`{{#${name}}} ends in another tag or attribute than it began in`)
      stack.at(-1)!.parts.push({ kind: 'section', name, ifFilled: section.ifFilled, parts: section.parts })
    } else {
      stack.at(-1)!.parts.push({ kind: 'value', name: tag, isAddress: isWholeAddress(context, tag) })
      // what stands behind it in an address no longer begins it
      if (context.kind === 'value') context = { ...context, written: `${context.written}\0` }
    }
  }
  if (stack.length > 1) throw new HtmlContextError(`{{#${stack.at(-1)!.name}}} is not closed`)
  if (context.kind !== 'text') throw new HtmlContextError('a tag or a comment is not closed')
  return stack[0].parts
}

/** Whether a value here is an address of its own. Throws where none may stand. */
function isWholeAddress(context: HtmlContext, name: string): boolean {
  if (context.kind === 'text') return false
  if (context.kind !== 'value')
    throw new HtmlContextError(`{{${name}}} stands within a tag or comment; in the text and in quoted values it could`)
  const { attribute, written } = context
  if (isAddress(attribute)) {
    if (written === '') return true
    if (safeBeginning.test(written)) return false
    throw new HtmlContextError(
      `{{${name}}} is part of the address in ${attribute}="…", which begins with nothing fixed such as https://example.org/`,
    )
  }
  if (!plainAttributes.test(attribute)) throw new HtmlContextError(`{{${name}}} stands in ${attribute}="…", where data are not safe`)
  return false
}

function checkSection(context: HtmlContext, tag: string): void {
  if (context.kind === 'text' || (context.kind === 'value' && plainAttributes.test(context.attribute))) return
  throw new HtmlContextError(`{{${tag}}} begins within a tag or an address; around a whole element it could`)
}

const isSamePlace = (a: HtmlContext, b: HtmlContext) =>
  a.kind === b.kind && (a.kind !== 'value' || (b.kind === 'value' && a.attribute === b.attribute && a.tag === b.tag && a.quote === b.quote))

/** A template filled with the values of each feature, one after the other. Throws `too-large`. */
export function fillInfoTemplate(template: InfoTemplate, features: readonly InfoValues[]): string {
  const pieces: string[] = []
  let length = 0
  const write = (piece: string) => {
    length += piece.length
    if (length > longestAnswer)
      throw new Problem('too-large', `What is here fills more than ${longestAnswer} characters; fewer features would work.`)
    pieces.push(piece)
  }
  const fill = (parts: readonly Part[], values: InfoValues): void => {
    for (const part of parts) {
      if (part.kind === 'html') write(part.html)
      else if (part.kind === 'section') {
        if (((values(part.name) ?? '') !== '') === part.ifFilled) fill(part.parts, values)
      } else {
        const value = values(part.name) ?? ''
        if (!part.isAddress || safeAddress.test(value)) write(escapeXml(value))
      }
    }
  }
  for (const values of features) fill(template, values)
  return pieces.join('')
}
