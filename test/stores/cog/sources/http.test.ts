import { copyFileSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { httpSource } from '#stores/cog/sources/http-source.js'
import { defaultRemote } from '#stores/cog/sources/remote-settings.js'
import { serveFiles } from '../../../support/file-server.js'
import { type TiffSpec, writeTiff } from '../../../support/make-tiff.js'
import { until } from '../../../support/until.js'

const folder = t.testdir()
const content = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7 + (i >> 8)) & 255)
writeFileSync(join(folder, 'file.tif'), content)
const settings = { ...defaultRemote, answerSeconds: 60 }

const world = await serveFiles(folder)
const elsewhere = await serveFiles(folder)
t.teardown(() => Promise.all([world.close(), elsewhere.close()]))
t.beforeEach(() => {
  world.reset()
  elsewhere.reset()
})

const source = httpSource(settings)
t.teardown(() => source.close())
const open = (signal?: AbortSignal) => source.open(`${world.address}/file.tif`, 'file.tif', signal)
const same = (bytes: Uint8Array, offset: number) => Buffer.compare(bytes, content.subarray(offset, offset + bytes.length)) === 0

t.test('opening takes one request, and brings the head along', async t => {
  const file = await open()
  t.equal(file.size, content.length)
  t.ok(same(await file.read(0, 1000), 0))
  t.equal(world.asked.length, 1)
  t.ok(same(await file.read(500_000, 40), 500_000))
  t.ok(same(await file.read(500_100, 40), 500_100))
  t.equal(world.asked.length, 2, 'what lies near is read along')
})

t.test('ranges that lie close together are one request, those far apart are not', async t => {
  const file = await open()
  const ranges = [
    { offset: 300_000, length: 20_000 },
    { offset: 200_000, length: 20_000 },
    { offset: 900_000, length: 10 },
    { offset: 225_000, length: 3 },
    { offset: 400, length: 0 },
  ]
  const found = await file.readMany(ranges)
  for (const [i, { offset, length }] of ranges.entries()) t.ok(found[i].length === length && same(found[i], offset), `${offset}+${length}`)
  t.same(
    world.asked.slice(1).map(({ range }) => range),
    ['bytes=200000-319999', 'bytes=900000-900009'],
  )
})

t.test('what several ask for at once is fetched once; it ends when the last has left, and for nobody sooner', async t => {
  const file = await open()
  world.delay = 100
  const [first, second] = [new AbortController(), new AbortController()]
  const reads = [first, second].map(({ signal }) => file.readMany([{ offset: 600_000, length: 5000 }], signal))
  const third = file.readMany([{ offset: 600_000, length: 5000 }])
  await pause(20)
  const fourth = file.readMany([{ offset: 600_000, length: 5000 }])
  first.abort(new Error('left'))
  await t.rejects(reads[0], /left/)
  second.abort(new Error('left, too'))
  await t.rejects(reads[1], /left, too/)
  t.ok(same((await third)[0], 600_000) && same((await fourth)[0], 600_000))
  t.equal(world.asked.length, 2)

  const alone = new AbortController()
  const arrived = new Promise<Socket>(resolve => {
    world.misbehave = ({ socket }) => {
      resolve(socket)
      return true
    }
  })
  const leaving = file.readMany([{ offset: 700_000, length: 5000 }], alone.signal)
  const socket = await arrived
  t.notOk(socket.closed)
  alone.abort(new Error('gone'))
  await t.rejects(leaving, /gone/)
  t.ok(await until(() => socket.closed), 'the request that nobody waits for is ended')
})

t.test('a range beyond the end is refused before it is asked for', async t => {
  const file = await open()
  await t.rejects(file.readMany([{ offset: content.length - 5, length: 6 }]), { kind: 'invalid-data', message: /"file.tif" is cut off/ })
  t.equal(world.asked.length, 1)
})

t.test('a server that fails now and then is asked again, within bounds', async t => {
  const file = await open()
  const failures: Record<string, (response: ServerResponse) => void> = {
    'a 503': response => response.writeHead(503).end('busy'),
    'a 429 that says when': response => response.writeHead(429, { 'retry-after': '1' }).end(),
    'a 500': response => response.writeHead(500).end(),
    'a reset': response => response.socket?.resetAndDestroy(),
    'a truncated body': response => {
      response.writeHead(206, { 'content-range': `bytes 100000-104999/${content.length}`, 'content-length': '5000' })
      response.write(content.subarray(100_000, 101_000), () => response.socket?.destroy())
    },
    'a body that is short and ends well': response =>
      response.writeHead(206, { 'content-range': `bytes 100000-104999/${content.length}` }).end(content.subarray(100_000, 101_000)),
  }
  for (const [name, fail] of Object.entries(failures)) {
    world.reset()
    world.misbehave = (_, response, n) => {
      if (n > 0) return false
      fail(response)
      return true
    }
    const [bytes] = await file.readMany([{ offset: 100_000, length: 5000 }])
    t.ok(same(bytes, 100_000) && bytes.length === 5000, name)
    t.equal(world.asked.length, 2, name)
  }
  world.reset()
  world.misbehave = (_, response) => !!response.writeHead(502).end()
  await t.rejects(file.readMany([{ offset: 100_000, length: 5000 }]), { kind: 'unavailable', message: /"file.tif".*answers 502/ })
  t.equal(world.asked.length, 4, 'four attempts')
  world.reset()
  world.misbehave = (_, response) => !!response.writeHead(503, { 'retry-after': '120' }).end()
  await t.rejects(file.readMany([{ offset: 100_000, length: 5000 }]), { kind: 'unavailable', retryAfter: 120, message: /answers 503/ })
  t.equal(world.asked.length, 1, 'a long wait is left to the client')
})

t.test('a slow drip, a stall and an endless body end', async t => {
  const quick = httpSource({ ...defaultRemote, answerSeconds: 0.15 })
  t.teardown(() => quick.close())
  const hurried = await quick.open(`${world.address}/file.tif`, 'file.tif')
  world.misbehave = () => true
  await t.rejects(hurried.readMany([{ offset: 100_000, length: 5000 }]), { kind: 'unavailable', message: /longer than 0.15 s/ })
  world.reset()
  world.misbehave = (_, response) => {
    response.writeHead(206, { 'content-range': `bytes 100000-104999/${content.length}` })
    const drip = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(drip))
    return true
  }
  await t.rejects(hurried.readMany([{ offset: 100_000, length: 5000 }]), { kind: 'unavailable', message: /longer than/ })
  world.reset()
  const file = await open()
  world.reset()
  world.misbehave = (_, response) => {
    response.writeHead(206, { 'content-range': `bytes 100000-104999/${content.length}` })
    const pour = () => {
      while (!response.destroyed && response.write(content));
      if (!response.destroyed) response.once('drain', pour)
    }
    pour()
    return true
  }
  await t.rejects(file.readMany([{ offset: 100_000, length: 5000 }]), {
    kind: 'unavailable',
    message: /more than it was asked for \(5000 bytes\)/,
  })
  t.equal(world.asked.length, 1)
  world.reset()
  world.misbehave = () => true
  await t.rejects(
    file.readMany([{ offset: 100_000, length: 5000 }], AbortSignal.timeout(50)),
    { name: 'TimeoutError' },
    'the deadline of the caller',
  )
})

t.test('answers that are not what was asked are refused', async t => {
  const file = await open()
  const lie = (status: number, headers: Record<string, string>) => {
    world.reset()
    world.misbehave = (_, response) => !!response.writeHead(status, headers).end(content.subarray(0, 5000))
    return file.readMany([{ offset: 100_000, length: 5000 }])
  }
  const size = content.length
  await t.rejects(lie(206, { 'content-range': `bytes 0-4999/${size}` }), { kind: 'unavailable', message: /other bytes/ })
  await t.rejects(lie(206, { 'content-range': 'bytes nonsense' }), { kind: 'unavailable', message: /other bytes/ })
  await t.rejects(lie(206, {}), { kind: 'unavailable', message: /other bytes/ })
  await t.rejects(lie(206, { 'content-range': `bytes 100000-104999/${size + 1}` }), { kind: 'unavailable', message: /replaced/ })
  await t.rejects(lie(206, { 'content-range': `bytes 100000-104999/${size}`, etag: '"another"' }), {
    kind: 'unavailable',
    message: /replaced/,
  })
  await t.rejects(lie(200, { etag: '"another"' }), { kind: 'unavailable', message: /replaced/ })
  await t.rejects(lie(412, {}), { kind: 'unavailable', message: /replaced/ })
  await t.rejects(lie(206, { 'content-range': `bytes 100000-104999/${size}`, 'content-encoding': 'gzip' }), {
    kind: 'unsupported',
    message: /packs it \(gzip\)/,
  })
  await t.rejects(lie(404, {}), { kind: 'not-found', message: /"file.tif" does not exist/ })
  await t.rejects(lie(403, {}), { kind: 'forbidden', message: /refuses/ })
  t.ok(world.asked.every(({ range }) => range === 'bytes=100000-104999'))
})

t.test('redirects are followed within the same origin and to those that are allowed, never elsewhere', async t => {
  const redirect = (to: string, status = 302) => {
    world.reset()
    elsewhere.reset()
    world.misbehave = (request, response) => request.url === '/moved.tif' && !!response.writeHead(status, { location: to }).end()
  }
  const from = (using = source) => using.open(`${world.address}/moved.tif`, 'moved.tif')
  for (const status of [301, 302, 303, 307, 308]) {
    redirect('/file.tif', status)
    t.equal((await from()).size, content.length, `${status}`)
  }
  redirect(`${elsewhere.address}/file.tif`)
  await t.rejects(from(), { kind: 'forbidden', message: /redirected to http:\/\/127.0.0.1:\d+, which the config does not allow/ })
  t.equal(elsewhere.asked.length, 0)
  for (const to of ['https://127.0.0.1:1/file.tif', 'file:///etc/passwd', 'ftp://x/y', 'http://[', 's3://bucket/key']) {
    redirect(to)
    await t.rejects(from(), { kind: 'forbidden', message: /redirected/ }, to)
  }
  redirect('/moved.tif')
  await t.rejects(from(), { kind: 'unavailable', message: /in circles/ })
  t.equal(world.asked.length, 4)

  const friendly = httpSource({ ...settings, redirectsTo: [elsewhere.address] })
  t.teardown(() => friendly.close())
  const proofs: (string | undefined)[] = []
  redirect(`${elsewhere.address}/file.tif`)
  elsewhere.misbehave = request => proofs.push(request.headers.authorization) === 0
  const host = new URL(world.address).host
  t.equal((await friendly.open(`http://me:secret@${host}/moved.tif`, 'moved.tif')).size, content.length)
  t.same(proofs, [undefined], 'a password goes to nobody else')
})

t.test('a server without ranges: small files are fetched once and kept, large ones refused with what would work', async t => {
  const noRanges = (length?: number) => {
    world.misbehave = (_, response) => {
      response.writeHead(200, { etag: '"1"', ...(length !== undefined && { 'content-length': length }) })
      if (length === undefined || length === content.length) response.end(content)
      else response.write(content)
      return true
    }
  }
  noRanges(content.length)
  const file = await open()
  t.ok(same((await file.readMany([{ offset: 700_000, length: 100 }]))[0], 700_000))
  t.ok(same(await file.read(5, 100), 5))
  t.equal(world.asked.length, 1)
  noRanges()
  t.equal((await open()).size, content.length, 'without a length, too')
  noRanges(17 << 20)
  await t.rejects(open(), { kind: 'unsupported', message: /"file.tif" \(18 MB\).*range requests.*nginx/ })
})

t.test('a file replaced in mid-read is noticed, never mixed, and read anew', async t => {
  const place = [700000, 6600000, 2, 2] as const
  const image: TiffSpec = { width: 512, height: 512, tile: [128, 128], bands: [(x, y) => (x + y) % 100], place, epsg: 2154 }
  const path = writeTiff(join(folder, 'changing.tif'), [image])
  const other = writeTiff(join(folder, 'other.tif'), [{ ...image, bands: [(x, y) => 100 + ((x + y) % 100)] }])
  t.equal(statSync(path).size, statSync(other).size, 'of the same size')
  for (const etags of [true, false]) {
    const server = await serveFiles(folder, { etags })
    const store = openCogStore({ id: 'rasters' })
    t.teardown(() => Promise.all([store.close(), server.close()]))
    copyFileSync(writeTiff(join(folder, 'first.tif'), [image]), path)
    utimesSync(path, 1e9, 1e9)
    const { file } = await store.describe(`${server.address}/changing.tif`)
    const read = (left: number) => store.read(file, 0, { left, top: 400, width: 9, height: 1 })
    t.equal((await read(0)).bands[0][0], 0)
    copyFileSync(other, path)
    utimesSync(path, 1.1e9, 1.1e9)
    await t.rejects(read(300), { kind: 'unavailable', message: /"changing.tif" was replaced/ }, etags ? 'by its ETag' : 'by its time')
    await pause(1100)
    await t.rejects(read(300), { kind: 'unavailable', message: /replaced/ }, 'until it is described again')
    const again = await store.describe(`${server.address}/changing.tif`)
    t.not(again.file.version, file.version)
    t.equal((await store.read(again.file, 0, { left: 300, top: 0, width: 9, height: 1 })).bands[0][0], 100)

    // while its head is read
    let n = 0
    const long = writeTiff(join(folder, 'long.tif'), [
      { ...image, width: 4096, height: 4096, tile: [16, 16], missing: Array.from({ length: 65536 }, (_, i) => i) },
    ])
    server.misbehave = () => {
      if (n++ === 1) utimesSync(long, 1.2e9, 1.2e9)
      if (n === 2 && etags)
        writeTiff(long, [{ ...image, width: 4080, height: 4096, tile: [16, 16], missing: Array.from({ length: 65280 }, (_, i) => i) }])
      return false
    }
    const described = await store.describe(`${server.address}/long.tif`)
    t.equal(described.file.width, etags ? 4080 : 4096)
  }
})

t.test('connections are few, kept, and closed with the source', async t => {
  const few = httpSource({ ...settings, connections: 3 })
  const server = await serveFiles(folder)
  t.teardown(() => server.close())
  server.delay = 5
  let most = 0
  const count = setInterval(() => {
    most = Math.max(most, server.connections())
  }, 1)
  const files = await Promise.all(Array.from({ length: 20 }, () => few.open(`${server.address}/file.tif`, 'file.tif')))
  await Promise.all(files.map((file, i) => file.readMany([{ offset: 100_000 + i * 1000, length: 1000 }])))
  clearInterval(count)
  t.ok(most > 0 && most <= 3, `${most} connections for 40 requests`)
  await few.close()
  t.ok(await until(() => server.connections() === 0), 'none is left')
})

t.test('names in messages hold no query and no password', async t => {
  const store = openCogStore({ id: 'rasters' })
  t.teardown(() => store.close())
  const host = new URL(world.address).host
  const error = await store.describe(`http://me:hush@${host}/gone.tif?sig=hush`).catch(error => error)
  t.equal(error.message, '"gone.tif" does not exist.')
  mkdirSync(join(folder, 'deep'), { recursive: true })
  const rooted = openCogStore({ id: 'rooted', root: `${world.address}/deep` })
  t.teardown(() => rooted.close())
  for (const path of ['../file.tif', '%2e%2e/file.tif', 'a/..%2ffile.tif', `${world.address}/file.tif`, 'https://example.org/x.tif'])
    await t.rejects(rooted.describe(path), { kind: 'invalid-parameter', message: /outside the folder/ }, path)
})
