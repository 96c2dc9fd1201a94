import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { troubles } from '../support/native-world.js'
import { runServer } from '../support/running-server.js'
import { type HostileRequest, hostileRequest, type Target } from './hostile-requests.js'

/** `ARPENT_FUZZ=seed,requests` asks for others than those of every day. */
const [seed, requests] = (process.env.ARPENT_FUZZ ?? '1,1500').split(',').map(Number)
const patience = 60_000

t.test(`${requests} hostile requests, seed ${seed}`, { timeout: 600_000 }, async t => {
  const server = await runServer([])
  t.teardown(() => server.stop())
  const capabilities = await (await fetch(`${server.address}/wms?service=WMS&request=GetCapabilities`)).text()
  const layers = [...capabilities.matchAll(/<Layer queryable[^>]*>\s*<Name>([^<]+)<\/Name>/g)].map(([, name]) => name)
  const [, west, south, east, north] =
    capabilities.match(/CRS="EPSG:2154" minx="([^"]+)" miny="([^"]+)" maxx="([^"]+)" maxy="([^"]+)"/) ?? []
  const target: Target = { layers, bbox: [Number(west), Number(south), Number(east), Number(north)] }
  t.ok(layers.length > 3 && target.bbox.every(Number.isFinite), 'the demo is served')
  const port = Number(new URL(server.address).port)
  const ask = (number: number) => exchange(port, hostileRequest(seed, number, target))

  for (let number = 0; number < 100; number++) await ask(number)
  const before = resident(server.process.pid!)
  const statuses = new Map<number, number>()
  const wrong: string[] = []
  let next = 100
  const client = async () => {
    while (next < requests) {
      const request = hostileRequest(seed, next++, target)
      const { status, text } = await exchange(port, request)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (!isFine(request, status, text))
        wrong.push(`${request.name} → ${status}: ${request.bytes.toString().slice(0, 400)}\n${text.slice(0, 300)}`)
    }
  }
  await Promise.all([client(), client(), client(), client()])
  t.comment(`statuses: ${[...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)}`)
  t.same(wrong, [], 'no failure of the server, and nothing of its inside told')
  t.ok((statuses.get(200) ?? 0) > requests / 20 && (statuses.get(400) ?? 0) > requests / 20, 'some were right, some were wrong')
  t.equal(server.process.exitCode, null, 'it runs on')
  t.same(troubles(server), [], 'nothing that is not understood was logged')
  const grown = resident(server.process.pid!) - before
  t.ok(grown < 400, `memory is bounded: ${Math.round(grown)} MB more`)

  await t.test('the same seed asks the same, and is answered the same', async t => {
    for (let number = 100; number < 200; number++) {
      t.same(hostileRequest(seed, number, target), hostileRequest(seed, number, target))
      const [first, second] = [await ask(number), await ask(number)]
      if (first.status !== second.status) t.fail(`${seed}/${number}: ${first.status}, then ${second.status}`)
    }
  })
  t.equal((await fetch(`${server.address}/health/live`)).status, 200)
  t.equal(await server.stop(), 0)
})

/** 501 is what the server does not do, 503 comes with its reason; no other failure of the server is a client's doing. */
function isFine({ isBroken }: HostileRequest, status: number, text: string): boolean {
  if (status === 0) return isBroken
  if (/\bat .*\.js:\d|node_modules|\/(root|home|tmp)\/|SELECT .* FROM/.test(text)) return false
  if (/^content-type: [^\r]*(html|xml)/im.test(text) && /<script>alert/.test(text)) return false
  return status < 500 || status === 501 || (status === 503 && /retry-after|longer|try again/i.test(text))
}

/** Writes the bytes, and reads until the server closes; status 0 when it says nothing. */
function exchange(port: number, { bytes, name, isBroken }: HostileRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    const finish = () => {
      clearTimeout(timer)
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ status: Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0), text })
    }
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`${name} hangs: ${bytes.toString().slice(0, 400)}`))
    }, patience)
    socket
      .on('data', chunk => chunks.push(chunk))
      .on('error', finish)
      .on('close', finish)
    socket.write(bytes)
    // What is right says `connection: close`. An end of what is sent would look like a client that leaves.
    if (!isBroken) return
    socket.end()
    socket.on('data', () => setTimeout(finish, 20))
  })
}

/** Megabytes. */
function resident(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) / 256
}
