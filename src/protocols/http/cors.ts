import type { FastifyInstance } from 'fastify'

const exposed = [
  'Accept-Patch',
  'Accept-Post',
  'Allow',
  'Content-Crs',
  'Content-Disposition',
  'ETag',
  'Link',
  'Location',
  'OGC-NumberMatched',
  'OGC-NumberReturned',
  'OGC-NumberEstimated',
  'Retry-After',
  'Server-Timing',
  'Warning',
  'WWW-Authenticate',
  'X-Cache',
  'X-Request-Id',
].join(', ')

/** What a page may send: accounts, versions and reference systems of features among it. */
const taken = 'Authorization, Content-Crs, Content-Type, If-Match, If-None-Match, If-Unmodified-Since, Prefer, X-API-Key'

/**
 * CORS on everything, errors and preflights included (T-24): set before anything can fail. Credentials travel in headers, never in cookies. OPTIONS
 * that is no preflight is answered by the route, where one says what is allowed.
 */
export function registerCors(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': exposed,
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    if (request.method !== 'OPTIONS') return done()
    const isRouted = !request.is404
    if (isRouted && request.headers['access-control-request-method'] === undefined) return done()
    const asked = request.headers['access-control-request-headers']
    reply
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
        'access-control-allow-headers': asked && /^[\w\s,-]{1,1000}$/.test(asked) ? asked : taken,
        'access-control-max-age': '86400',
        ...(!isRouted && { allow: 'GET, HEAD, POST, OPTIONS' }),
        vary: 'Access-Control-Request-Headers',
      })
      .code(204)
      .send()
  })
}
