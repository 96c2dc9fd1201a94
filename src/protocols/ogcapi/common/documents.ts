import type { Link } from '#formats/features/index.js'
import type { ServiceAnswer } from '#protocols/http/service.js'

/** A JSON document of an OGC API. */
export const json = (body: object, mediaType = 'application/json'): ServiceAnswer => ({
  status: 200,
  mediaType,
  body: JSON.stringify(body),
  headers: { vary: 'Accept, Accept-Language' },
})

/** Relations of the register of the OGC, for those that IANA does not have. */
export const ogcRel = (name: string) => `http://www.opengis.net/def/rel/ogc/1.0/${name}`

/** A link of a document; absolute, because clients need it so (T-45). */
export const link = (href: string, rel: string, type: string, title?: string): Link => ({
  href,
  rel,
  type,
  ...(title !== undefined && { title }),
})

/** An HTTP Link header (RFC 8288). */
export const linkHeader = (links: readonly Link[]): string =>
  links
    .map(({ href, rel, type, title }) => {
      // titles may hold what a header cannot
      const said = title !== undefined && /^[ !#-\x5b\x5d-~]*$/.test(title) ? `; title="${title}"` : ''
      return `<${href}>; rel="${rel}"${type === undefined ? '' : `; type="${type}"`}${said}`
    })
    .join(', ')

/** The address of the same with other values of some parameters; an empty one is left out. */
export function addressWith(address: string, parameters: URLSearchParams, changed: Readonly<Record<string, string>>): string {
  const all = new URLSearchParams([...parameters].filter(([name, value]) => name !== '' && value !== ''))
  for (const [name, value] of Object.entries(changed)) {
    if (value === '') all.delete(name)
    else all.set(name, value)
  }
  return all.size > 0 ? `${address}?${all}` : address
}
