import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { recognise } from '#formats/features/readers/index.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { missing } from '../../support/programs.js'
import { sharedData } from '../../support/shared-data.js'
import { readAll } from './read-all.js'

// Every file of features among the shared data is read, with as many features in the same box as ogrinfo sees.
const demo = sharedData('demo')
const bench = sharedData('bench')
const skip = demo.skip || bench.skip || missing('ogrinfo', 'ogrinfo', '--version')
t.setTimeout(0)

/** Millions of points: read by the benchmark instead. */
const tooLong = /lidar-hd-points/

const files = skip
  ? []
  : [demo.path, bench.path].flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map(name => join(folder, name))
        .filter(path => recognise(path)?.kind === 'features' && !tooLong.test(path))
        .sort(),
    )

interface OgrLayer {
  readonly name: string
  readonly featureCount: number
  readonly geometryFields: readonly { readonly extent?: Bbox }[]
}

/** Layers as ogrinfo's plain text tells them: JSON came with a later version. */
function ogrLayers(path: string): OgrLayer[] {
  const source = /\.zip$/i.test(path) ? `/vsizip/${path}` : /\.gz$/i.test(path) ? `/vsigzip/${path}` : path
  const { stdout } = spawnSync('ogrinfo', ['-ro', '-so', '-al', source], { encoding: 'latin1', maxBuffer: 1e8 })
  return stdout
    .split(/^Layer name: /m)
    .slice(1)
    .map(text => {
      const extent = /^Extent: \((.+), (.+)\) - \((.+), (.+)\)/m.exec(text)
      return {
        name: text.slice(0, text.indexOf('\n')).trim(),
        featureCount: Number(/^Feature Count: (\d+)/m.exec(text)?.[1]),
        geometryFields: extent ? [{ extent: extent.slice(1).map(Number) as unknown as Bbox }] : [],
      }
    })
}

t.test('there are many', { skip }, async t => {
  t.ok(files.length > 60, `${files.length} files`)
})

for (const path of files)
  t.test(basename(path), async t => {
    const expected = ogrLayers(path)
    const layers = await readAll(path)
    t.equal(layers.length, expected.length)
    for (const [i, { layer, rows }] of layers.entries()) {
      const wanted = expected.length === 1 ? expected[0] : expected.find(({ name }) => name === layer.name)
      t.equal(rows.length, wanted?.featureCount, `features of layer ${i + 1}`)
      t.equal(layer.count, rows.length)
      const column = layer.columns.length
      let box: Bbox | undefined
      for (const row of rows) {
        const wkb = row[column]
        const own = wkb instanceof Uint8Array ? ewkbBbox(wkb) : undefined
        if (own) box = box ? unionBbox(box, own) : own
      }
      const extent = wanted?.geometryFields[0]?.extent
      // ogrinfo prints six decimals of arcs made straight, and sees no geometry in text tables
      if (box && extent) for (const [k, value] of box.entries()) if (Math.abs(value - extent[k]) > 1e-5) t.same(box, extent)
      if (extent && !box) t.fail('no geometry')
    }
  })
