import { BlockList, isIP } from 'node:net'

export interface BaseUrlOptions {
  /** Wins over everything; without trailing slash. */
  readonly publicUrl?: string
  /** Addresses or CIDR ranges whose forwarding headers are believed. */
  readonly trustProxy: readonly string[]
}

export interface ForwardingHeaders {
  readonly remoteAddress: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/**
 * The address under which a client knows this server: `publicUrl`, else what a trusted proxy says (`Forwarded`, RFC 7239, or `X-Forwarded-*`,
 * the first value of lists: T-31), else the Host header. Without trailing slash; a `?` at the end of `publicUrl` is dropped.
 */
export function baseUrlResolver({ publicUrl, trustProxy }: BaseUrlOptions): (request: ForwardingHeaders) => string {
  if (publicUrl) {
    const fixed = publicUrl.replace(/\?.*$/, '').replace(/\/+$/, '')
    return () => fixed
  }
  const isTrusted = trustChecker(trustProxy)
  return ({ remoteAddress, headers }) => {
    const first = (name: string) =>
      String(headers[name] ?? '')
        .split(',', 1)[0]
        .trim()
    const trusted = isTrusted(remoteAddress)
    const forwarded = trusted ? parseForwarded(first('forwarded')) : {}
    const proto = forwarded.proto || (trusted && first('x-forwarded-proto')) || 'http'
    const host = forwarded.host || (trusted && first('x-forwarded-host')) || first('host')
    const port = trusted ? first('x-forwarded-port') : ''
    const prefix = trusted ? first('x-forwarded-prefix') : ''
    const scheme = proto.toLowerCase() === 'https' ? 'https' : 'http'
    const authority = isAuthority(host) ? host : 'localhost'
    const withPort =
      /^\d{1,5}$/.test(port) && !/:\d+$/.test(authority) && port !== (scheme === 'https' ? '443' : '80')
        ? `${authority}:${port}`
        : authority
    return `${scheme}://${withPort}${/^(\/[\w.~-]+)+$/.test(prefix) ? prefix : ''}`
  }
}

/** True for a host name or address with an optional port, and nothing that could break out of a URL or an attribute. */
function isAuthority(host: string): boolean {
  return host.length <= 255 && /^([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?$/.test(host)
}

function parseForwarded(element: string): { proto?: string; host?: string } {
  const pairs = element.split(';').map(pair => pair.split('='))
  const value = (name: string) =>
    pairs
      .find(([key]) => key?.trim().toLowerCase() === name)?.[1]
      ?.trim()
      .replace(/^"|"$/g, '')
  return { proto: value('proto'), host: value('host') }
}

function trustChecker(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of addresses) {
    const [address, bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (!isIP(address)) continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return address => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}
