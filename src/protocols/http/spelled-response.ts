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
  return Object.fromEntries(Object.entries(head).map(([name, value]) => [spelling(name), value]))
}

const capitals: Readonly<Record<string, string>> = { etag: 'ETag', 'www-authenticate': 'WWW-Authenticate' }

/** Each part of the name with a capital. */
function spelling(name: string): string {
  return capitals[name] ?? name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())
}
