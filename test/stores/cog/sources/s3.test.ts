import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { defaultRemote } from '#stores/cog/sources/remote-settings.js'
import { s3Url } from '#stores/cog/sources/s3-address.js'
import { readListing } from '#stores/cog/sources/s3-listing.js'
import { type TiffSpec, writeTiff } from '../../../support/make-tiff.js'
import { noS3, startS3 } from '../../../support/s3-server.js'

const folder = t.testdir()
const image: TiffSpec = {
  width: 300,
  height: 200,
  tile: [64, 64],
  deflate: true,
  bands: [(x, y) => (x + y) % 256],
  place: [700000, 6600000, 2, 2],
  epsg: 2154,
}
const whole = { left: 0, top: 0, width: 300, height: 200 }

t.test('an S3 server that checks signatures', { skip: noS3() }, async t => {
  const server = await startS3()
  t.teardown(() => server.stop())
  await server.bucket('ortho')
  const plain = writeTiff(join(folder, 'a.tif'), [image])
  const remote = { endpoint: server.address, region: 'eu-west-3' }
  const store = openCogStore({ id: 's3', root: 's3://ortho/deep', remote, keys: server.keys })
  t.teardown(() => store.close())

  const md5 = createHash('md5').update(readFileSync(plain)).digest('hex')
  await t.test('objects are read by range, whatever their keys look like', async t => {
    for (const name of ['plain.tif', 'with space.tif', "odd+sign&'(1)*!~é=%41.tif", 'sub/dir/x.TIFF']) {
      await server.put('ortho', `deep/${name}`, plain)
      const { file, size, checksum } = await store.describe(name)
      t.equal(file.width, 300, name)
      t.same([size, checksum], [statSync(plain).size, `etag:${md5}`], 'an object that was put in one piece has its MD5 for ETag')
      t.equal((await store.read(file, 0, whole)).bands[0][305], 6, name)
    }
  })

  await t.test('a folder is listed page by page, without its neighbours and what is no raster', async t => {
    mkdirSync(join(folder, 'many'), { recursive: true })
    const tiny = join(folder, 'tiny')
    writeFileSync(tiny, 'x')
    await Promise.all(Array.from({ length: 1030 }, (_, i) => server.put('ortho', `many/${String(i).padStart(4, '0')} é+.tif`, tiny)))
    for (const key of ['many/readme.txt', 'many/.hidden/x.tif', 'many2/x.tif', 'many.tif']) await server.put('ortho', key, tiny)
    const found = await store.list('s3://ortho/many')
    t.equal(found.length, 1030)
    t.equal(found[1029], 's3://ortho/many/1029 é+.tif')
    t.same(await store.list('s3://ortho/nothing'), [])
  })

  await t.test('sidecars are looked for only where something is missing', async t => {
    const { place: _, epsg: _e, ...bare } = image
    await server.put('ortho', 'deep/bare.tif', writeTiff(join(folder, 'bare.tif'), [bare]))
    await t.rejects(store.describe('bare.tif'), { kind: 'invalid-data', message: /does not say where it lies/ })
    writeFileSync(join(folder, 'bare.tfw'), '2\n0\n0\n-2\n700001\n6599999\n')
    await server.put('ortho', 'deep/bare.tfw', join(folder, 'bare.tfw'))
    t.same((await store.describe('bare.tif')).file.transform, [700000, 2, 0, 6600000, 0, -2])
  })

  await t.test('a listing tells which objects changed, without a look at their heads', async t => {
    const names = ['sub/dir/x.TIFF', 'with space.tif', 'gone.tif']
    const before = await store.fingerprints(names)
    t.same([...before.keys()].sort(), ['sub/dir/x.TIFF', 'with space.tif'])
    await server.put('ortho', 'deep/with space.tif', writeTiff(join(folder, 'c.tif'), [{ ...image, bands: [() => 1] }]))
    const after = await store.fingerprints(names)
    t.equal(after.get(names[0]), before.get(names[0]))
    t.not(after.get(names[1]), before.get(names[1]))
  })

  await t.test('a replaced object is noticed by its ETag', async t => {
    await server.put('ortho', 'deep/changing.tif', plain)
    const { file } = await store.describe('changing.tif')
    await server.put('ortho', 'deep/changing.tif', writeTiff(join(folder, 'b.tif'), [{ ...image, bands: [(x, y) => (x * y) % 256] }]))
    // its head brought everything along: another thread has to ask
    const other = openCogStore({ id: 's3', root: 's3://ortho/deep', remote, keys: server.keys })
    t.teardown(() => other.close())
    await t.rejects(other.read(file, 0, whole), { kind: 'unavailable', message: /"changing.tif" was replaced/ })
    t.not((await other.describe('changing.tif')).file.version, file.version)
  })

  await t.test('wrong keys, none, and what is not there are told apart as far as the server does', async t => {
    const opened = (keys?: typeof server.keys, more = {}) => {
      const store = openCogStore({ id: 's3', remote: { ...remote, ...more }, ...(keys && { keys }) })
      t.teardown(() => store.close())
      return store
    }
    const secret = 'a-secret-that-nobody-sees'
    const wrong = await opened({ ...server.keys, secretAccessKey: secret })
      .describe('s3://ortho/deep/plain.tif')
      .catch(error => error)
    t.match(wrong, { kind: 'forbidden', message: /"plain.tif" cannot be read: its server refuses \(403\)/ })
    t.notMatch(`${wrong.stack} ${wrong.cause}`, secret)
    await t.rejects(opened().describe('s3://ortho/deep/plain.tif'), { kind: 'forbidden', message: /keys in the environment/ })
    await t.rejects(opened(server.keys, { anonymous: true }).describe('s3://ortho/deep/plain.tif'), {
      kind: 'forbidden',
      message: /refuses/,
    })
    await t.rejects(opened(server.keys).describe('s3://ortho/deep/gone.tif'), { kind: 'not-found', message: '"gone.tif" does not exist.' })
    await t.rejects(opened(server.keys).list('s3://nobodys-bucket/x'), { kind: 'not-found', message: /nobodys-bucket/ })
  })
})

t.test('a public bucket needs no keys', { skip: noS3() }, async t => {
  const server = await startS3({ isAnonymous: true })
  const store = openCogStore({ id: 's3', remote: { endpoint: server.address } })
  t.teardown(() => Promise.all([store.close(), server.stop()]))
  await server.bucket('open')
  await server.put('open', 'a.tif', writeTiff(join(folder, 'a.tif'), [image]))
  t.same(await store.list('s3://open'), ['s3://open/a.tif'])
  t.equal((await store.describe('s3://open/a.tif')).file.height, 200)
})

t.test('buckets are hosts at Amazon and paths elsewhere', async t => {
  const url = (bucket: string, more = {}) => s3Url(bucket, 'a b/c+d.tif', { ...defaultRemote, ...more }).href
  t.equal(url('ortho'), 'https://ortho.s3.us-east-1.amazonaws.com/a%20b/c%2Bd.tif')
  t.equal(url('ortho', { region: 'eu-west-3' }), 'https://ortho.s3.eu-west-3.amazonaws.com/a%20b/c%2Bd.tif')
  t.equal(url('www.ortho.fr', { region: 'eu-west-3' }), 'https://s3.eu-west-3.amazonaws.com/www.ortho.fr/a%20b/c%2Bd.tif')
  t.equal(url('ortho', { endpoint: 'https://s3.example.org/base/' }), 'https://s3.example.org/base/ortho/a%20b/c%2Bd.tif')
  t.equal(url('ortho', { endpoint: 'https://s3.example.org', pathStyle: false }), 'https://ortho.s3.example.org/a%20b/c%2Bd.tif')
})

t.test('a listing that is none is refused', async t => {
  for (const text of ['', 'hello', '<html/>', '<ListBucketResult><Contents>', `<!DOCTYPE x [<!ENTITY a "a">]><ListBucketResult/>`])
    t.throws(() => readListing(Buffer.from(text), 'ortho'), { kind: 'unavailable', message: /"ortho" cannot be listed/ }, text)
})
