import { Problem } from '#core/problem.js'
import type { ServiceRequest } from '#protocols/http/service.js'
import { type Kvp, kvpOfPairs, parseKvp } from './kvp.js'

/** What a request in XML says, as parameters. */
export type XmlToParameters = (document: string) => readonly (readonly [name: string, value: string])[]

/**
 * Parameters of a request: those of the address, and over them those of a form in the body (T-24), or those a document in XML means, where the
 * service reads some: a whole request says all, part of one is read over the address. Throws `unsupported`, `body-too-large`.
 */
export function requestKvp(request: ServiceRequest, fromXml?: XmlToParameters): Kvp {
  const { body, contentType } = request
  if (request.method !== 'POST' || !body || body.length === 0) return parseKvp(request.query)
  const mediaType = contentType?.split(';')[0].trim().toLowerCase() ?? ''
  const text = body.toString('utf8', 0, 1e6 + 1)
  if (fromXml && isXml(mediaType, text)) {
    const said = fromXml(body.toString('utf8'))
    const isWhole = said.some(([name]) => name === 'REQUEST')
    return kvpOfPairs(isWhole ? said : [...parseKvp(request.query).pairs(), ...said])
  }
  if (isXml(mediaType, text))
    throw new Problem('unsupported', 'This service does not read XML requests; send the parameters as a form or in the address.')
  if (mediaType !== '' && mediaType !== 'application/x-www-form-urlencoded' && mediaType !== 'text/plain')
    throw new Problem(
      'unsupported',
      `A body of type ${mediaType.slice(0, 100)} is not read here; application/x-www-form-urlencoded would be.`,
    )
  return parseKvp(request.query, text.trim())
}

const isXml = (mediaType: string, text: string) => /[/+]xml$/.test(mediaType) || /^\ufeff?\s*</.test(text)
