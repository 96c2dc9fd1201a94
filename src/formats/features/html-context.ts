/** Where in a page a position is: in its text, within a tag, or within the quoted value of an attribute. */
export type HtmlContext =
  | { readonly kind: 'text' }
  | { readonly kind: 'tag'; readonly name: string; readonly written: string }
  | { readonly kind: 'value'; readonly tag: string; readonly quote: string; readonly attribute: string; readonly written: string }
  | { readonly kind: 'comment' }

/** Where a page begins. */
export const textContext: HtmlContext = { kind: 'text' }

/** Elements whose content is not text, or that change what others mean. */
const unfit =
  /^(script|style|xmp|iframe|frameset|noembed|noframes|noscript|plaintext|textarea|title|svg|math|object|embed|base|meta|link|template)$/

/** Why a page cannot be followed. */
export class HtmlContextError extends Error {}

/** The context after `html`, which begins in `context`. Throws `HtmlContextError` for elements in which escaped text is not safe. */
export function contextAfter(context: HtmlContext, html: string): HtmlContext {
  let now = context
  for (let i = 0; i < html.length; i++) now = step(now, html, i)
  return now
}

function step(now: HtmlContext, html: string, i: number): HtmlContext {
  const character = html[i]
  switch (now.kind) {
    case 'text': {
      if (character !== '<') return now
      if (html.startsWith('<!--', i)) return { kind: 'comment' }
      const name = /^\/?([a-z][a-z0-9-]*)/i.exec(html.slice(i + 1, i + 60))?.[1]
      if (name === undefined) throw new HtmlContextError(`"${html.slice(i, i + 10)}" begins no tag; a < in the text is written &lt;`)
      if (unfit.test(name.toLowerCase())) throw new HtmlContextError(`<${name}> has no place in it`)
      return { kind: 'tag', name: name.toLowerCase(), written: '' }
    }
    case 'comment':
      return html.startsWith('-->', i - 2) ? textContext : now
    case 'tag': {
      if (character === '>') return textContext
      const attribute = character === '"' || character === "'" ? /([^\s"'<>/=]+)\s*=\s*$/.exec(now.written)?.[1] : undefined
      if (attribute !== undefined)
        return { kind: 'value', tag: now.name, quote: character, attribute: attribute.toLowerCase(), written: '' }
      if (`"'\`<`.includes(character)) throw new HtmlContextError(`a ${character} in <${now.name}> is in no value of an attribute`)
      return { ...now, written: now.written + character }
    }
    case 'value':
      return character === now.quote ? { kind: 'tag', name: now.tag, written: '' } : { ...now, written: now.written + character }
  }
}
