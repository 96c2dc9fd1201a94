import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

export interface PageServer {
  readonly address: string
  close(): void
}

/** A portal at an origin of its own: a page with `head` in it at `/`, and the files below each folder, by its path. */
export async function servePage(head: string, folders: Readonly<Record<string, string>>): Promise<PageServer> {
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>body{margin:0}#map{width:512px;height:512px}</style><div id="map"></div>${head}`
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://here').pathname
    const folder = Object.keys(folders).find(name => path.startsWith(name))
    try {
      const body = path === '/' ? page : await readFile(`${folders[folder ?? '']}${path.slice(folder?.length)}`)
      response
        .writeHead(200, { 'content-type': path === '/' ? types['.html'] : (types[extname(path)] ?? 'application/octet-stream') })
        .end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
