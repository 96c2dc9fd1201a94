import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Caller } from '#core/access.js'
import { createViewFinder } from '#core/atlas-view.js'
import { Problem, toProblem } from '#core/problem.js'
import { files } from '#protocols/files/index.js'
import { baseUrlResolver } from '#protocols/http/base-url.js'
import { compressor } from '#protocols/http/compress.js'
import { registerCors } from '#protocols/http/cors.js'
import { requestDeadline } from '#protocols/http/deadline.js'
import { live, ready } from '#protocols/http/health.js'
import { acceptedLanguages } from '#protocols/http/languages.js'
import { urlForLog } from '#protocols/http/log-url.js'
import { problemAnswer } from '#protocols/http/problem-json.js'
import { type Credentials, createProver } from '#protocols/http/prove.js'
import { repeatedAnswers } from '#protocols/http/repeated-answers.js'
import { type SendTools, send } from '#protocols/http/send.js'
import type { Methods, Service, ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { SpelledResponse } from '#protocols/http/spelled-response.js'
import { answerUnreadable, longestPathPart, problemOfAddress } from '#protocols/http/unreadable.js'
import { viewRewriter } from '#protocols/http/views.js'
import { landing } from '#protocols/landing/index.js'
import { common } from '#protocols/ogcapi/common/index.js'
import { features } from '#protocols/ogcapi/features/index.js'
import { mapTiles } from '#protocols/ogcapi/map-tiles/index.js'
import { ows } from '#protocols/ows/index.js'
import { namespaceSchema } from '#protocols/ows/namespace-schema.js'
import { wms } from '#protocols/wms/index.js'

export interface ServerOptions extends Omit<ServiceContext, 'log'> {
  readonly log: FastifyBaseLogger
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly publicUrl?: string
  /** Addresses or CIDR ranges of proxies whose forwarding headers are believed. */
  readonly trustProxy?: readonly string[]
  /** Mounted beside the built-in ones, by path without leading slash. */
  readonly services?: Readonly<Record<string, Service>>
}

export interface Server {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly address: string
  /** Stops accepting, finishes what runs within `graceSeconds`, then closes. */
  close(graceSeconds?: number): Promise<void>
}

/** How long, once the server closes, a connection that has not said a word may still begin its request. */
const silentMilliseconds = 500

/** Bytes of an address and its headers: filters and styles are sent in addresses, and what is wrong with them is told in the form that was asked for. */
const maxHeaderSize = 256 * 1024

/** Milliseconds that a request may take to arrive, and that a connection is kept open for the next one: longer than proxies keep theirs. */
const requestTimeout = 120_000
const keepAliveTimeout = 72_000

/** The table of contents: every service, mounted once; views are settled before routing. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const services: Record<string, Service> = { wms: wms(options) }
  const api = common(options)
  const pages = landing(options, api.landing)
  const maps = mapTiles(options)
  // web services are asked by POST as well as by GET; what has an address of its own is read
  const asked: Record<string, Service | Methods> = { ...services, ows: ows(services), ...options.services }
  const read: Record<string, Service | Methods> = {
    '': pages.index,
    api: api.api,
    conformance: api.conformance,
    collections: api.collections(pages),
    'collections/:collection': api.collection(pages),
    ...features(options),
    'ns/:schema': namespaceSchema,
    'files/exports/:name': files(options),
    'web/:file': pages.file,
    'preview/:collection': pages.preview,
    tileMatrixSets: maps.tileMatrixSets,
    'tileMatrixSets/:grid': maps.tileMatrixSet,
    'collections/:collection/map/tiles': maps.tilesets,
    'collections/:collection/map/tiles/:grid': maps.tileset,
    'collections/:collection/map/tiles/:grid/:matrix/:row/:column': maps.tile,
  }

  const views = viewRewriter(options.atlas)
  const newId = requestId()
  const tools: SendTools = { compress: compressor(), keepAliveSeconds: keepAliveTimeout / 1000 }
  const repeated = repeatedAnswers({ atlas: options.atlas, newId, keepAliveSeconds: tools.keepAliveSeconds, log: options.log })
  let isClosing = false
  const app = fastify({
    loggerInstance: options.log,
    // what was answered before does not take the way through the framework
    serverFactory: handler =>
      createServer({ ServerResponse: SpelledResponse, maxHeaderSize, requestTimeout, keepAliveTimeout }, (request, response) => {
        if (isClosing || !repeated.answer(request, response)) handler(request, response)
      }),
    // a logger for each request would cost more than its line: what is logged names the request itself
    childLoggerFactory: logger => logger,
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: views.rewrite,
    genReqId: newId,
    bodyLimit: options.atlas().limits.bodyBytes,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: longestPathPart },
    frameworkErrors: (error, request, reply) => void respond(request as FastifyRequest, reply as FastifyReply, problemOfAddress(error)),
    clientErrorHandler: answerUnreadable,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  const baseUrlOf = baseUrlResolver({ publicUrl: options.publicUrl, trustProxy: options.trustProxy ?? [] })
  const findView = createViewFinder()
  const prove = createProver()

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  registerCors(app)

  const answerWith = (service: Service) => async (request: FastifyRequest, reply: FastifyReply) => {
    const started = performance.now()
    const atlas = options.atlas()
    const deadline = requestDeadline(request.raw, reply.raw, atlas.limits.requestSeconds)
    const key = views.keyOf(request.raw)
    const view = findView(atlas, key)
    if (!view) return respond(request, reply, new Problem('not-found', 'What was published here has just been withdrawn.'))
    const url = request.raw.url ?? '/'
    const mark = url.indexOf('?')
    const timings: Record<string, number> = {}
    const serviceRequest = (caller: Caller): ServiceRequest => ({
      method: request.method as ServiceRequest['method'],
      query: mark < 0 ? '' : url.slice(mark + 1),
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
      contentType: request.headers['content-type'],
      view,
      caller,
      // what a tile never asks for is found out when it is asked for
      get baseUrl() {
        const base = baseUrlOf({ remoteAddress: request.socket.remoteAddress ?? '', headers: request.headers })
        return key ? `${base}/${key.split('/').map(encodeURIComponent).join('/')}` : base
      },
      get languages() {
        return acceptedLanguages(request.headers['accept-language'])
      },
      signal: deadline.signal,
      deadline: deadline.at,
      prolong: deadline.prolong,
      headers: request.headers as Record<string, string | undefined>,
      path: request.params as Record<string, string>,
      timings,
    })
    let answer: ServiceAnswer
    try {
      answer = await service(serviceRequest(await prove(request.headers as Credentials, atlas.access, deadline.signal)))
    } catch (error) {
      answer = problemAnswer(toProblem(error))
      if (answer.status === 500) options.log.error({ reqId: request.id, err: error }, 'a service failed')
    }
    // a stream is under its deadline until it ends
    if (!answer.stream) deadline.clear()
    if (isClosing) reply.header('connection', 'close')
    timings.total = performance.now() - started
    const sent = await send(request, reply, answer, tools, timings)
    if (answer.repeat && !isClosing) repeated.keep(request, reply, atlas, answer)
    return sent
  }

  const respond = (request: FastifyRequest, reply: FastifyReply, problem: Problem, headers?: Record<string, string>) => {
    const answer = problemAnswer(problem)
    return send(request, reply, { ...answer, headers: { ...answer.headers, ...headers } }, tools, {})
  }
  const mounted = [
    ...Object.entries(asked).map(([path, mount]) => [path, methodsOf(mount, ['GET', 'HEAD', 'POST'])] as const),
    ...Object.entries(read).map(([path, mount]) => [path, methodsOf(mount, ['GET', 'HEAD'])] as const),
  ]
  for (const [path, methods] of mounted) {
    const url = `/${path}`
    const allowed = Object.keys(methods).join(', ')
    app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(method => !(method in methods)),
      url,
      handler: (request, reply) =>
        respond(request, reply, new Problem('method-not-allowed', `${request.method} is not done here; ${allowed} would work.`), {
          allow: allowed.includes('OPTIONS') ? allowed : `${allowed}, OPTIONS`,
        }),
    })
    for (const service of new Set(Object.values(methods))) {
      const own = Object.entries(methods).filter(([, one]) => one === service)
      app.route({ method: own.map(([method]) => method), url, handler: answerWith(service) })
    }
  }
  app.get(
    '/health/live',
    answerWith(async () => live()),
  )
  app.get(
    '/health/ready',
    answerWith(async () => ready(options.atlas(), isClosing)),
  )

  app.setNotFoundHandler((request, reply) =>
    respond(request, reply, new Problem('not-found', 'There is nothing at this address; the landing page at / lists what there is.')),
  )
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode === 413)
      return respond(
        request,
        reply,
        new Problem('body-too-large', `The body is larger than the ${options.atlas().limits.bodyBytes} bytes allowed.`),
      )
    if (error.statusCode !== undefined && error.statusCode < 500)
      return respond(request, reply, new Problem('malformed', 'The request cannot be read as HTTP says it should be.'))
    options.log.error({ reqId: request.id, err: error }, 'a request failed outside its service')
    return respond(request, reply, toProblem(error))
  })
  app.addHook('onResponse', (request, reply, done) => {
    options.log.info(
      {
        reqId: request.id,
        method: request.method,
        url: urlForLog(request.originalUrl),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    )
    done()
  })

  // Browsers open connections before they need them; Node counts those as busy, and a stop would wait for them.
  const silent = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  const closeSilent = () => {
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy()
  }

  await app.listen({ host: options.host, port: options.port })
  const { address, port, family } = app.server.address() as AddressInfo
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async (graceSeconds = 10) => {
      isClosing = true
      const timers = [setTimeout(closeSilent, silentMilliseconds), setTimeout(() => app.server.closeAllConnections(), graceSeconds * 1000)]
      await app.close()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** What answers each method of an address; `methods`: those of a service that says nothing of them. */
const methodsOf = (mount: Service | Methods, methods: readonly (keyof Methods)[]): Methods =>
  typeof mount === 'function' ? Object.fromEntries(methods.map(method => [method, mount])) : mount

/** The client's own id where it is harmless, else one that sorts by time. */
function requestId(): (request: { headers: Record<string, string | string[] | undefined> }) => string {
  const start = Date.now().toString(36)
  let count = 0
  return request => {
    const given = request.headers['x-request-id']
    if (typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given)) return given
    count += 1
    return `${start}-${count.toString(36)}`
  }
}
