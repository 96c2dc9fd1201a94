/** A piece of HTML that is safe to put into a page. */
export interface Html {
  readonly html: string
}

type Hole = Html | string | number | undefined | false | readonly Hole[]

/** Template tag: everything interpolated is escaped unless it is Html itself; arrays are joined, `undefined` and `false` vanish. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return { html: parts.reduce((text, part, i) => text + render(holes[i - 1]) + part) }
}

function render(hole: Hole): string {
  if (hole === undefined || hole === false) return ''
  if (typeof hole === 'object') return 'html' in hole ? hole.html : hole.map(render).join('')
  return String(hole).replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

/** Only what this server serves: no inline script, no other host. */
export const contentSecurityPolicy =
  "default-src 'none'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors *"
