import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { hashKey, isKeyHash, matchesPassword } from '#core/secret-hash.js'
import { writeTiff } from '../support/make-tiff.js'
import { missing, unlessAll } from '../support/programs.js'
import { runProgram } from '../support/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-commands-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const data = join(folder, 'data')

t.test('wrong use exits with 2 and says what would have worked', async t => {
  const cases: [args: string[], said: RegExp][] = [
    [[], /Usage: arpent/],
    [['bogus'], /unknown command 'bogus'[\s\S]*serve/],
    [['serv'], /Did you mean serve\?/],
    [['serve', '--bogus'], /unknown option '--bogus'/],
    [['serve', '--port', '99999'], /A port is a number from 0 to 65535/],
    [['import'], /missing required argument 'file'/],
    [['import', 'x.gpkg', '--replace', '--append', '--data', data], /--replace and --append exclude each other/],
    [['config'], /schema[\s\S]*show[\s\S]*hash/],
    [['check', '--config', join(folder, 'nope.yaml')], /nope\.yaml: there is no such file/],
    [
      ['check', '--config', file('bad.yaml', 'servis: {}\nlimits: { items: 0 }')],
      /bad\.yaml:1:1: unknown key servis[^\n]*\n[^\n]*bad\.yaml:2:18: limits\.items/,
    ],
  ]
  for (const [args, said] of cases) {
    const { code, stdout, stderr } = await runProgram(args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, said)
    t.equal(stdout, '', 'nothing on stdout')
  }
  const { code, stderr } = await runProgram(['check'], { env: { ARPENT_PORT: 'x', ARPENT_LOG: 'loud' } })
  t.equal(code, 2)
  t.match(stderr, /ARPENT_PORT: "x" is not a port number[\s\S]*ARPENT_LOG: "loud" is not one of/)
})

t.test('each command explains itself', async t => {
  for (const args of [
    [],
    ['serve'],
    ['check'],
    ['import'],
    ['overviews'],
    ['cogify'],
    ['style'],
    ['config'],
    ['config', 'schema'],
    ['config', 'show'],
    ['config', 'hash'],
  ]) {
    const { code, stdout, stderr } = await runProgram([...args, '--help'])
    t.same([code, stderr], [0, ''])
    t.match(stdout, new RegExp(`Usage: arpent ${args.join(' ')}`.trim()))
  }
})

t.test('check names the command that makes geometries of a file valid', async t => {
  const bow = [
    [
      [0, 45],
      [1, 46],
      [1, 45],
      [0, 46],
      [0, 45],
    ],
  ]
  const feature = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: bow } }
  const path = file("l'île.geojson", JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
  const { code, stdout } = await runProgram(['check', path, '--data', data])
  t.equal(code, 0)
  t.match(stdout, /1 geometry is not valid/)
  const cure = /cure: (ogr2ogr .*)/.exec(stdout)?.[1] ?? ''
  t.match(cure, /^ogr2ogr -makevalid '.*île-valid\.gpkg' '.*île\.geojson'$/)
  const skip = unlessAll(missing('ogr2ogr', 'ogr2ogr', '--version'))
  await t.test('and it does', { skip }, async t => {
    execFileSync('sh', ['-c', cure])
    t.notMatch((await runProgram(['check', path.replace('.geojson', '-valid.gpkg'), '--data', data])).stdout, /not valid/)
  })
})

t.test('config hash makes hashes of what it reads', async t => {
  const password = await runProgram(['config', 'hash'], { input: 'pässword\n' })
  t.ok(await matchesPassword('pässword', password.stdout.trim()))
  const key = await runProgram(['config', 'hash', '--key'], { input: '' })
  t.ok(isKeyHash(key.stdout.trim()))
  t.equal(hashKey(/once: (\S+)/.exec(key.stderr)?.[1] ?? ''), key.stdout.trim())
  t.match(await runProgram(['config', 'hash'], { input: '' }), { code: 1, stderr: /An empty password is none/ })
})

t.test('config show prints what SOURCES become, without secrets', async t => {
  const { code, stdout, stderr } = await runProgram(
    ['config', 'show', 'postgres://gis:hunter2@db/geo?schema=a', 's3://k:hunter2@b/c', folder],
    { cwd: folder },
  )
  t.equal(code, 0)
  t.match(stdout, /kind: postgis\n {4}url: postgres:\/\/gis:\*\*\*@db\/geo/)
  t.match(stderr, /not an address such as s3:\/\/bucket\/folder/)
  t.notMatch(stdout + stderr, /hunter2/)
})

t.test('check gives the verdict and exits with 0 or 1', async t => {
  const image = { width: 4, height: 4, bands: [(x: number, y: number) => x + y], epsg: 2154, place: [930_000, 6_890_000, 1, 1] as const }
  const good = writeTiff(join(folder, 'images', 'good.tif'), [image])
  const ready = await runProgram(['check', good, '--json', '--data', data], { cwd: folder })
  t.equal(ready.code, 0, ready.stderr)
  t.match(JSON.parse(ready.stdout), {
    status: 'ready',
    collections: 1,
    verdicts: [{ collection: 'good', source: 'images/good.tif', summary: /^4 × 4 pixels, 1 band of uint8, EPSG:2154/ }],
  })
  writeFileSync(join(folder, 'images', 'broken.tif'), 'II*\0nonsense')
  writeFileSync(join(folder, 'images', 'notes.txt'), '')
  const broken = await runProgram(['check', join(folder, 'images'), join(folder, 'nope'), '--data', data], { cwd: folder })
  t.equal(broken.code, 1)
  t.match(broken.stdout, /^1 collection published:\n {2}good {2}4 × 4 pixels/)
  t.match(broken.stdout, /images\/broken\.tif\n {4}error: /)
  t.match(broken.stdout, /nope\n {4}error: There is no such file or folder/)
  t.match(broken.stdout, /1 other files\n {4}info: .*1 \.txt/)
  t.match(
    (await runProgram(['check', join(folder, 'images', 'notes.txt'), '--data', data])).stdout,
    /notes\.txt is no data file known here/,
  )
})
