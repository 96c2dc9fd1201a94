import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Exchange {
  readonly method: string
  /** Path and query as the client wrote them. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly status: number
}

export interface Recorder {
  /** Stands for the server: links in answers lead here, too. */
  readonly address: string
  readonly exchanges: readonly Exchange[]
  close(): void
}

/** Passes everything on to the server at `address`, and remembers what was asked and with which status it was answered. */
export async function recorderOf(address: string): Promise<Recorder> {
  const { port } = new URL(address)
  const exchanges: Exchange[] = []
  const server = createServer((asked, answer) => {
    const { method = 'GET', url = '/', headers } = asked
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, response => {
      exchanges.push({ method, url, headers, status: response.statusCode ?? 0 })
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
      response.pipe(answer)
    })
    passed.on('error', error => answer.destroy(error))
    asked.pipe(passed)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What was refused or failed, a line each. */
export const refusals = ({ exchanges }: Recorder): string[] =>
  exchanges.filter(({ status }) => status >= 400).map(({ method, url, status }) => `${status} ${method} ${url}`)
