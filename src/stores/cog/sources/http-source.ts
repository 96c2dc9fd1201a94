import { byteBudget } from './byte-budget.js'
import type { ByteSource } from './byte-source.js'
import { startHttpClient } from './http-client.js'
import { openHttpFile, type RemoteTarget } from './http-file.js'
import { keepPages, pagedFile } from './paged-file.js'
import type { RemoteSettings } from './remote-settings.js'

/** The head of a COG of 20,000 x 20,000 pixels with its overviews; it takes hardly longer than 1 KB. */
const pageBytes = 64 * 1024
/** Headers kept in memory, all files of one thread together. */
const pagesBytes = 16 << 20
/** Files of servers without range requests that are kept in memory. */
const wholesBytes = 64 << 20
/** Bytes under way in one thread: more than a line of 1 Gbit/s carries in a round trip of 100 ms, and little beside a map. */
const bytesInFlight = 32 << 20

/** A source whose files lie where `targetOf` says. */
export function remoteSource(settings: RemoteSettings, targetOf: (location: string, name: string) => RemoteTarget) {
  const client = startHttpClient(settings)
  const budget = byteBudget(bytesInFlight)
  const pages = keepPages(pagesBytes)
  const wholes = keepPages(wholesBytes)
  const tools = { client, budget, headBytes: pageBytes, wholes }
  const source: ByteSource = {
    isRemote: true,
    async open(location, name, signal) {
      const { file, head } = await openHttpFile(targetOf(location, name), tools, signal)
      return head ? pagedFile(file, `${location}@${file.version}`, pages, pageBytes, head) : file
    },
    async close() {
      await client.close()
      pages.clear()
      wholes.clear()
    },
  }
  return { source, client }
}

/** Files on web servers. A name and password in a URL become HTTP Basic. */
export function httpSource(settings: RemoteSettings): ByteSource {
  return remoteSource(settings, (location, name) => {
    const url = new URL(location)
    const { username, password } = url
    url.username = ''
    url.password = ''
    if (username === '' && password === '') return { url, name }
    const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
    return { url, name, authorise: async () => ({ authorization: `Basic ${basic}` }) }
  }).source
}
