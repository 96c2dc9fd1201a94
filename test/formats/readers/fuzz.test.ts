import { readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { openFeatureFile } from '#formats/features/readers/index.js'
import {
  csvText,
  flatgeobufBytes,
  geojsonText,
  madeFeatures,
  pointsTable,
  writeGeopackage,
  writeShapefile,
  zipBytes,
} from '../../support/make-files.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'
import { testFolder } from './read-all.js'

const { folder, file } = testFolder()
const features = madeFeatures(30)
const text = geojsonText(features)
// ARPENT_FUZZ_ROUNDS=5000 for a long night
const rounds = Number(process.env.ARPENT_FUZZ_ROUNDS ?? 150)
const mostRows = 100_000

t.setTimeout(0)

const goods = [
  file('a.geojson', text),
  file('a.csv', csvText(features)),
  file(
    'wkt.csv',
    `id;wkt\n${features.map(({ id, x, y }) => `${id};"POLYGON((${x} ${y},${x + 1} ${y},${x} ${y + 1},${x} ${y}))"`).join('\n')}`,
  ),
  file('a.fgb', flatgeobufBytes(features)),
  writeGeopackage(join(folder, 'a.gpkg'), [pointsTable(features)]),
  writeShapefile(folder, 'a', features),
  file('a.zip', zipBytes([{ name: 'a.geojson', bytes: Buffer.from(text) }])),
  file('b.geojson.gz', gzipSync(text)),
]

/** A few bytes changed, cut, doubled or swapped: what disks, wires and editors do, and what attackers try. */
function mutate(random: () => number, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const at = () => Math.floor(random() * copy.length)
  switch (seededInteger(random, 0, 5)) {
    case 0:
      return copy.subarray(0, at())
    case 1: {
      const from = at()
      return Buffer.concat([copy.subarray(0, from), copy.subarray(from + seededInteger(random, 1, 40))])
    }
    case 2: {
      const from = at()
      const piece = copy.subarray(from, from + seededInteger(random, 1, 200))
      return Buffer.concat([copy.subarray(0, from), piece, piece, copy.subarray(from)])
    }
    case 3:
      for (let n = seededInteger(random, 1, 4), from = at(); n > 0; n--)
        copy[(from + n) % copy.length] = pick(random, [0, 0x7f, 0x80, 0xff])
      return copy
    default:
      for (let n = seededInteger(random, 1, 8); n > 0; n--) copy[at()] = Math.floor(random() * 256)
      return copy
  }
}

async function outcome(path: string): Promise<'read' | 'refused'> {
  const opened = await openFeatureFile(path).catch((error: Error) => error)
  if (opened instanceof Error) {
    if (opened.name !== 'Problem' || opened.message.includes(folder)) throw opened
    return 'refused'
  }
  try {
    let rows = 0
    for (const layer of opened.layers)
      for await (const batch of layer.read()) {
        rows += batch.rows.length
        if (rows > mostRows) throw new Error(`${rows} rows from a small file`)
        for (const row of batch.rows)
          if (row.length !== layer.columns.length + (layer.geometry ? 1 : 0))
            throw new Error(`a row of ${row.length} values for ${layer.columns.length} columns`)
      }
    return 'read'
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Problem' || error.message.includes(folder)) throw error
    return 'refused'
  } finally {
    await opened.close()
  }
}

for (const path of goods) {
  const name = basename(path)
  t.test(`${name}: ${rounds} damaged copies are read or refused, nothing else`, async t => {
    const random = seeded(name.length + name.charCodeAt(0) + rounds)
    const parts = name === 'a.shp' ? ['.shp', '.shx', '.dbf', '.prj', '.cpg'] : ['']
    const originals = new Map(parts.map(part => [part, readFileSync(part ? path.replace(/\.shp$/, part) : path)]))
    const stem = join(folder, `fuzz-${name.slice(0, -extname(name).length)}`)
    const counts = { read: 0, refused: 0 }
    for (let round = 0; round < rounds; round++) {
      const hurt = pick(random, parts)
      for (const [part, bytes] of originals) writeFileSync(stem + (part || extname(name)), part === hurt ? mutate(random, bytes) : bytes)
      try {
        counts[await outcome(stem + extname(name))]++
      } catch (error) {
        t.fail(`round ${round}: ${error instanceof Error ? error.stack : error}`)
        break
      }
    }
    t.comment(JSON.stringify(counts))
    t.ok(counts.refused > 0 && counts.read + counts.refused === rounds)
  })
}
