import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'

/** What was asked of the server: path, range, and the bytes of the answer. */
export interface Asked {
  readonly path: string
  readonly range: string | undefined
  bytes: number
}

export interface FileServer {
  readonly address: string
  readonly asked: Asked[]
  /** Connections that are open now. */
  connections(): number
  /** Answers in place of the file where it returns true; called for every request, counted from 0 since `reset`. */
  misbehave: ((request: IncomingMessage, response: ServerResponse, n: number) => boolean) | undefined
  /** Milliseconds before each answer. */
  delay: number
  reset(): void
  close(): Promise<void>
}

/** A web server for the files of a folder: ranges, strong ETags, If-Match, all as RFC 9110 has it. */
export async function serveFiles(folder: string, { etags = true } = {}): Promise<FileServer> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
    const entry: Asked = { path, range: request.headers.range, bytes: 0 }
    const n = state.asked.push(entry) - 1
    const answer = () => {
      if (state.misbehave?.(request, response, n)) return
      entry.bytes = answerFile(join(folder, path), request, response, etags)
    }
    if (state.delay > 0) setTimeout(answer, state.delay)
    else answer()
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const state: FileServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    connections: () => sockets.size,
    misbehave: undefined,
    delay: 0,
    reset() {
      state.asked.length = 0
      state.misbehave = undefined
      state.delay = 0
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
  return state
}

/** The answer to a GET of a file; gives back the bytes of its body. */
function answerFile(path: string, request: IncomingMessage, response: ServerResponse, etags: boolean): number {
  if (!existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end('There is no such file.')
    return 0
  }
  const bytes = readFileSync(path)
  const etag = `"${createHash('sha1').update(bytes).digest('hex')}"`
  const modified = new Date(Math.floor(statSync(path).mtimeMs / 1000) * 1000)
  const validators = { ...(etags ? { etag } : {}), 'last-modified': modified.toUTCString(), 'accept-ranges': 'bytes' }
  const { range, 'if-match': match, 'if-unmodified-since': since } = request.headers
  if ((etags && match !== undefined && match !== etag) || (since !== undefined && modified > new Date(since))) {
    response.writeHead(412, validators).end()
    return 0
  }
  const wanted = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')
  if (!wanted) {
    response.writeHead(200, { ...validators, 'content-length': bytes.length }).end(bytes)
    return bytes.length
  }
  const [first, last] = [Number(wanted[1]), Math.min(Number(wanted[2]), bytes.length - 1)]
  if (first >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return 0
  }
  const body = bytes.subarray(first, last + 1)
  response
    .writeHead(206, { ...validators, 'content-range': `bytes ${first}-${last}/${bytes.length}`, 'content-length': body.length })
    .end(body)
  return body.length
}
