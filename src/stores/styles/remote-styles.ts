import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import type { StyleSource } from '#core/ports.js'
import { Problem } from '#core/problem.js'

const mostBytes = 5e6
const connectSeconds = 3
const answerSeconds = 8
const connections = 4

/**
 * Styles on other machines, only below addresses that the operator allows. A name that leads to this machine or a private network is not followed
 * unless the operator wrote that very address; redirects are not followed at all.
 */
export function startRemoteStyles(): StyleSource & { close(): Promise<void> } {
  let opened: Promise<{ readonly public: Agent; readonly any: Agent }> | undefined
  return {
    async read(address, allowed, signal) {
      const url = allowedUrl(address, allowed)
      opened ??= openAgents()
      const agents = await opened
      const dispatcher = isNamedPrivate(url, allowed) ? agents.any : agents.public
      const { request } = await import('undici')
      try {
        const answer = await request(url, {
          dispatcher,
          headersTimeout: answerSeconds * 1000,
          bodyTimeout: answerSeconds * 1000,
          signal: timed(signal),
        })
        if (answer.statusCode !== 200) {
          await answer.body.dump()
          throw notRead(url, `its server answers ${answer.statusCode}`)
        }
        return await textOf(answer.body, url)
      } catch (error) {
        if (error instanceof Problem) throw error
        signal?.throwIfAborted()
        throw notRead(url, error instanceof PrivateAddress ? 'its name leads to a private address' : 'its server does not answer')
      }
    },
    async close() {
      const agents = await opened
      await Promise.all([agents?.public.close(), agents?.any.close()])
    },
  }
}

/** Loaded when the first style is asked for: most servers never read one. */
async function openAgents() {
  const { Agent } = await import('undici')
  const agent = (isGuarded: boolean) =>
    new Agent({ connections, connect: { timeout: connectSeconds * 1000, ...(isGuarded && { lookup: guardedLookup }) } })
  return { public: agent(true), any: agent(false) }
}

class PrivateAddress extends Error {}

const notRead = (url: URL, reason: string) =>
  new Problem('invalid-parameter', `The style at ${url.origin}${url.pathname} cannot be read: ${reason}.`, { locator: 'sld' })

const timed = (signal: AbortSignal | undefined) => {
  const late = AbortSignal.timeout(answerSeconds * 1000)
  return signal ? AbortSignal.any([signal, late]) : late
}

/** Throws `invalid-parameter` where nothing allows it. */
function allowedUrl(address: string, allowed: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isAllowed =
    url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && allowed.some(prefix => isBelow(url, prefix))
  if (isAllowed) return url
  const would =
    allowed.length > 0 ? `those below ${allowed.slice(0, 5).join(', ')} are` : 'this server reads none from elsewhere; SLD_BODY would work'
  throw new Problem('invalid-parameter', `A style at this address is not read; ${would}.`, { locator: 'sld' })
}

/** Same scheme, host and port, and a path below. */
function isBelow(url: URL, prefix: string): boolean {
  if (!URL.canParse(prefix)) return false
  const base = new URL(prefix)
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  return url.origin === base.origin && (url.pathname === base.pathname || url.pathname.startsWith(folder))
}

/** Whether the operator wrote an address of a private network, or of this machine, with his own hand. */
function isNamedPrivate(url: URL, allowed: readonly string[]): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isPrivateName = host === 'localhost' || (isIP(host) > 0 && isPrivate(host))
  return isPrivateName && allowed.some(prefix => isBelow(url, prefix))
}

/** Addresses of a name as `dns.lookup` gives them, unless one of them is private: asked once, so that the answer cannot change before it is used. */
const guardedLookup: LookupFunction = (name, options, done) => {
  resolveName(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    if (found.length === 0 || found.some(({ address }) => isPrivate(address))) return done(new PrivateAddress(name), [])
    return options.all ? done(null, found) : done(null, found[0].address, found[0].family)
  })
}

const privateNetworks = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv6')

function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return isPrivate(mapped)
  return privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

async function textOf(body: AsyncIterable<Uint8Array>, url: URL): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > mostBytes) throw notRead(url, `it has more than ${mostBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
