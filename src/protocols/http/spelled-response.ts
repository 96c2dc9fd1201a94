import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'

type Head = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * A response whose header names are spelled as the standards do: `Content-Type`, not `content-type`. HTTP does not care (RFC 9110, 5.1), but
 * programs do: OGC's tests of WMS 1.1.1 compare the name letter by letter.
 */
export class SpelledResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(status: number, message?: string | Head, head?: Head): this {
    if (typeof message === 'string') return super.writeHead(status, message, spelled(head))
    return super.writeHead(status, spelled(message))
  }
}

function spelled(head: Head | undefined): Head | undefined {
  if (!head || Array.isArray(head)) return head
  const result: OutgoingHttpHeaders = {}
  for (const name in head) result[spellingOf(name)] = head[name]
  return result
}

const spellings = new Map<string, string>([
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
])

/** A name with a capital at each part. The names a server sends are few: each is spelled once. */
export function spellingOf(name: string): string {
  const known = spellings.get(name)
  if (known !== undefined) return known
  const spelling = name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())
  spellings.set(name, spelling)
  return spelling
}
