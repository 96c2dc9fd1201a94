import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { FeatureStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { line, point, polygon } from '../support/drawing.js'
import { distanceToGolden, imageDistance } from '../support/golden-image.js'
import { type MemoryTable, memorySource, memoryStore } from '../support/memory-store.js'
import { smallTown, townStyle } from '../support/small-town.js'

const origin = [770_000, 6_279_000] as const
const town = smallTown('EPSG:2154', (x, y) => [origin[0] + x, origin[1] + y])
const townBox: Bbox = [origin[0], origin[1], origin[0] + 400, origin[1] + 400]

function rendererOf(tables: readonly MemoryTable[], wrap: (store: FeatureStore) => FeatureStore = store => store) {
  const store = wrap(memoryStore('memory', tables, { batchRows: 7 }))
  return inlineRenderer({
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  })
}

function jobFor(
  tables: readonly MemoryTable[],
  crs: string,
  bbox: Bbox,
  width: number,
  height: number,
  more: Partial<MapJob> = {},
): MapJob {
  const metres = crs === 'EPSG:4326' ? 111319.49 : 1
  return {
    width,
    height,
    crs,
    bbox,
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: ((bbox[2] - bbox[0]) * metres) / width / 0.00028,
    pixelRatio: 1,
    layers: tables.map(table => ({
      kind: 'features',
      source: memorySource('memory', table),
      geometry: table.geometries[0],
      style: townStyle(table),
    })),
    maxFeatures: 1000,
    deadline: steadyNow() + 900_000,
    ...more,
  }
}

const draw = async (tables: readonly MemoryTable[], ...rest: [string, Bbox, number, number, Partial<MapJob>?]) =>
  (await rendererOf(tables).draw(jobFor(tables, ...rest))).bytes
const pixels = (image: Uint8Array) => sharp(image).ensureAlpha().raw().toBuffer()
const all = Object.values(town)

t.test('the default styles look as they were last approved', async t => {
  const cases = [
    ['parcels', [town.parcels]],
    ['town', [town.parcels, town.houses, town.streets, town.trees]],
    [
      'mixed',
      [
        {
          ...town.houses,
          table: 'mixed',
          geometries: [{ ...town.houses.geometries[0], type: 'GEOMETRY' }],
          rows: [...town.houses.rows, ...town.streets.rows, ...town.trees.rows],
        },
      ],
    ],
  ] as const
  for (const [name, tables] of cases) {
    const { mean, visible } = await distanceToGolden(`render/${name}.png`, await draw(tables, 'EPSG:2154', townBox, 256, 256))
    t.ok(mean < 0.2 && visible < 0.002, `${name}: mean ${mean.toFixed(3)}, visible ${(visible * 100).toFixed(2)} %`)
  }
  const far: Bbox = [origin[0] - 4000, origin[1] - 4000, origin[0] + 4400, origin[1] + 4400]
  const small = await distanceToGolden('render/town-small-scale.png', await draw(all, 'EPSG:2154', far, 256, 256))
  t.ok(small.mean < 0.2, `small scale: mean ${small.mean.toFixed(3)}`)
  const clear = await draw(all, 'EPSG:2154', townBox, 256, 256, { background: { color: 0, isTransparent: true } })
  t.ok((await distanceToGolden('render/town-transparent.png', clear)).mean < 0.2)
})

t.test('data of another system lie where exact transformation puts them', async t => {
  for (const crs of ['EPSG:3857', 'EPSG:4326', 'EPSG:3948', 'EPSG:32631']) {
    const { point: toMap } = transformBetween('EPSG:2154', crs)
    const moved = Object.values(smallTown(crs, (x, y) => toMap(origin[0] + x, origin[1] + y)!))
    const box = transformBbox(townBox, 'EPSG:2154', crs)!
    const height = Math.round((300 * (box[3] - box[1])) / (box[2] - box[0]))
    const near = await imageDistance(await draw(all, crs, box, 300, height), await draw(moved, crs, box, 300, height))
    t.ok(near.mean < 0.5 && near.visible < 0.01, `${crs}: mean ${near.mean.toFixed(3)}, visible ${(near.visible * 100).toFixed(2)} %`)
    // so close that parcels reach far beyond the map: clipped, bent and broken borders are the same
    const [cx, cy, w] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 40]
    const close: Bbox = [cx - w, cy - w, cx + w, cy + w]
    const closer = await imageDistance(await draw(all, crs, close, 200, 200), await draw(moved, crs, close, 200, 200))
    t.ok(closer.mean < 0.5 && closer.visible < 0.01, `${crs}, close: mean ${closer.mean.toFixed(3)}`)
  }
})

const world = (name: string, type: string, geometries: readonly Uint8Array[]): MemoryTable => ({
  ...town.parcels,
  table: name,
  geometries: [{ ...town.parcels.geometries[0], type, crs: 'EPSG:4326', srid: 4326 }],
  rows: geometries.map((geometry, id) => [id, geometry]),
})
const islands = world('islands', 'POLYGON', [
  polygon([
    [170, -20],
    [180, -22],
    [180, -10],
    [172, -12],
    [170, -20],
  ]),
  polygon([
    [-180, -22],
    [-175, -19],
    [-180, -10],
    [-180, -22],
  ]),
])
const towns = world('towns', 'POINT', [point(179.5, -5), point(-179.5, -25), point(175, -27)])

t.test('a map over the date line is the two halves side by side', async t => {
  const cases: readonly [string, Bbox, Bbox, Bbox][] = [
    ['EPSG:4326', [160, -40, 200, 0], [160, -40, 180, 0], [-180, -40, -160, 0]],
    ['EPSG:4326', [-200, -40, -160, 0], [160, -40, 180, 0], [-180, -40, -160, 0]],
    [
      'EPSG:3857',
      [17e6, -5e6, 2 * 20037508.342789244 - 17e6, 1e6],
      [17e6, -5e6, 20037508.342789244, 1e6],
      [-20037508.342789244, -5e6, -17e6, 1e6],
    ],
  ]
  for (const [crs, over, east, west] of cases) {
    const [whole, left, right] = await Promise.all(
      (
        [
          [over, 200],
          [east, 100],
          [west, 100],
        ] as const
      ).map(async ([box, width]) => pixels(await draw([islands, towns], crs, box, width, 200))),
    )
    let off = 0
    for (let y = 0; y < 200; y++) {
      for (let x = 0; x < 200; x++) {
        // a symbol at the line itself is cut by the edge of either half
        if (Math.abs(x - 100) < 8) continue
        const [half, column] = x < 100 ? [left, x] : [right, x - 100]
        for (let k = 0; k < 3; k++) off = Math.max(off, Math.abs(whole[(y * 200 + x) * 4 + k] - half[(y * 100 + column) * 4 + k]))
      }
    }
    t.ok(off <= 12, `${crs} ${over[0]} to ${over[2]}: off by ${off} of 255`)
    t.ok(
      whole.some(v => v < 250),
      'something is there',
    )
  }
})

t.test('three worlds side by side repeat', async t => {
  const image = await pixels(await draw([islands, towns], 'EPSG:3857', [-60112525, -20037508, 60112525, 20037508], 600, 200))
  let off = 0
  for (let y = 0; y < 200; y++) {
    for (let x = 210; x < 390; x++) {
      for (const shift of [-200, 200])
        for (let k = 0; k < 3; k++) off = Math.max(off, Math.abs(image[(y * 600 + x) * 4 + k] - image[(y * 600 + x + shift) * 4 + k]))
    }
  }
  t.ok(off <= 12, `off by ${off}`)
})

t.test('polar maps and whole worlds are drawn, poles and infinities included', async t => {
  const cap = world('cap', 'POLYGON', [
    polygon([
      [-180, -90],
      [180, -90],
      [180, -70],
      [-180, -70],
      [-180, -90],
    ]),
  ])
  const polar = await pixels(await draw([cap], 'EPSG:3031', [-4e6, -4e6, 4e6, 4e6], 200, 200))
  const isDrawn = (x: number, y: number) => polar[(y * 200 + x) * 4] < 250 || polar[(y * 200 + x) * 4 + 2] < 250
  t.ok(isDrawn(100, 90) && isDrawn(60, 100) && isDrawn(130, 120), 'the cap covers the pole')
  t.notOk(isDrawn(5, 5) || isDrawn(100, 10), 'and ends where it ends')
  const mercator = await pixels(await draw([cap], 'EPSG:3857', [-20037508, -20037508, 20037508, 20037508], 100, 100))
  t.ok(mercator[(98 * 100 + 50) * 4] < 250 || mercator[(98 * 100 + 50) * 4 + 2] < 250, 'to the lower edge of the Mercator square')
  t.same([...mercator.subarray(0, 3)], [255, 255, 255])
})

t.test('maps without anything, of one pixel, and very wide ones', async t => {
  const empty = await draw(all, 'EPSG:2154', [0, 0, 100, 100], 256, 256)
  t.ok(empty.length < 200, `${empty.length} bytes of background`)
  t.same([...(await pixels(empty)).subarray(0, 4)], [255, 255, 255, 255])
  const none = await draw(all, 'EPSG:2154', [0, 0, 100, 100], 64, 64, { background: { color: 0, isTransparent: true } })
  t.equal((await pixels(none))[3], 0)
  t.equal((await pixels(await draw(all, 'EPSG:2154', townBox, 1, 1))).length, 4)
  const wide = await draw(all, 'EPSG:2154', [townBox[0], townBox[1], townBox[2], townBox[1] + 3], 8192, 61)
  t.equal((await pixels(wide)).length, 8192 * 61 * 4)
  const nowhere = await draw([islands], 'EPSG:2154', [-1e8, -1e8, -0.9e8, -0.9e8], 32, 32)
  t.ok(nowhere.length < 200, 'beyond what the projection reaches there is nothing')
})

t.test('JPEG lies on the background colour', async t => {
  const jpeg = await draw(all, 'EPSG:2154', [0, 0, 100, 100], 16, 16, {
    mediaType: 'image/jpeg',
    background: { color: 0x336699, isTransparent: true },
  })
  const [r, g, b] = await pixels(jpeg)
  t.ok(Math.abs(r - 0x33) < 4 && Math.abs(g - 0x66) < 4 && Math.abs(b - 0x99) < 4)
})

t.test('more features than a map may have are refused by name', async t => {
  const drawing = draw([town.parcels], 'EPSG:2154', townBox, 64, 64, { maxFeatures: 20 })
  await t.rejects(
    drawing,
    new Problem(
      'too-large',
      'The map shows more than 20 features, which is the most this server draws; ask for a smaller area or a larger scale.',
    ),
  )
  const shared = draw([town.parcels, town.houses], 'EPSG:2154', townBox, 64, 64, { maxFeatures: 100 })
  // layers share the bound
  await t.rejects(shared, { kind: 'too-large' as const, name: 'Problem' })
})

t.test('a map tells what of it was done in one go: a batch of rows, or the encoding', async t => {
  const renderer = rendererOf([town.parcels])
  const { longest = Number.NaN, timings } = await renderer.draw(jobFor([town.parcels], 'EPSG:2154', townBox, 64, 64))
  t.ok(longest >= timings.encode)
  t.ok(longest <= timings.draw - timings.rows + timings.encode)
  t.equal((await renderer.draw(jobFor([], 'EPSG:2154', townBox, 64, 64))).longest, undefined, 'nothing was looked at')
})

t.test('leaving ends the query', async t => {
  const leaver = new AbortController()
  let batches = 0
  const slow = rendererOf([town.parcels], store => ({
    ...store,
    async find(query, signal) {
      const stream = await store.find(query, signal)
      return {
        ...stream,
        batches: (async function* () {
          for await (const batch of stream.batches) {
            batches++
            if (batches === 2) leaver.abort()
            yield batch
          }
        })(),
      }
    },
  }))
  await t.rejects(slow.draw(jobFor([town.parcels], 'EPSG:2154', townBox, 64, 64), leaver.signal), {
    kind: 'cancelled' as const,
    name: 'Problem',
  })
  t.equal(batches, 2)
})

t.test('only what is needed is asked of the store', async t => {
  const asked: object[] = []
  const renderer = rendererOf([town.trees], store => ({
    ...store,
    find(query, signal) {
      asked.push({ ...query, source: undefined })
      return store.find(query, signal)
    },
  }))
  const job = jobFor([town.trees], 'EPSG:2154', townBox, 400, 400)
  await renderer.draw(job)
  t.match(asked, [{ columns: ['geom'], key: false, limit: 1001, filter: { kind: 'bbox', property: 'geom' } }])
  const [{ filter, simplify }] = asked as [{ filter: { bbox: Bbox }; simplify?: number }]
  t.ok(filter.bbox[0] < townBox[0] - 5 && filter.bbox[0] > townBox[0] - 12, 'the box grows by what symbols reach')
  t.equal(simplify, undefined)
  const hidden = {
    ...job,
    layers: [{ ...job.layers[0], style: { passes: [{ rules: [{ name: 'far', minScaleDenominator: 1e6, symbolizers: [] }] }] } }],
  } as MapJob
  await renderer.draw(hidden)
  t.equal(asked.length, 1, 'nothing is asked for a layer that shows nothing at this scale')
})

t.test('a line along a parallel bends where the map bends it', async t => {
  const parallel = world('parallel', 'LINESTRING', [line([-10, 50], [15, 50])])
  const dense = world('parallel', 'LINESTRING', [line(...Array.from({ length: 1001 }, (_, i) => [-10 + i * 0.025, 50]))])
  const box: Bbox = [100_000, 6_400_000, 1_200_000, 7_200_000]
  const { mean } = await imageDistance(await draw([parallel], 'EPSG:2154', box, 300, 220), await draw([dense], 'EPSG:2154', box, 300, 220))
  t.ok(mean < 0.3, `mean ${mean.toFixed(3)}`)
})

t.test('a map of an empty place is blank in its own size, colour and format, again and again, also after a map that is not', async t => {
  const renderer = rendererOf([town.parcels])
  const nowhere: Bbox = [0, 0, 400, 400]
  const white = { color: 0xffffff, isTransparent: false }
  const asked = [
    { width: 40, mediaType: 'image/png', background: white, is: [255, 255, 255, 255] },
    { width: 40, mediaType: 'image/png', background: { color: 0xff0000, isTransparent: false }, is: [255, 0, 0, 255] },
    { width: 40, mediaType: 'image/png', background: { color: 0xffffff, isTransparent: true }, is: [0, 0, 0, 0] },
    { width: 41, mediaType: 'image/png', background: white, is: [255, 255, 255, 255] },
    { width: 40, mediaType: 'image/jpeg', background: white, is: [255, 255, 255, 255] },
  ]
  for (const round of [1, 2, 3]) {
    for (const { width, is, ...more } of asked) {
      const { bytes, mediaType } = await renderer.draw(jobFor([town.parcels], 'EPSG:2154', nowhere, width, 40, more))
      const { info, data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      t.same([mediaType, info.width, [...new Set(data)].sort()], [more.mediaType, width, [...new Set(is)].sort()], `round ${round}`)
      t.same([...data.subarray(0, 4)], is)
    }
    const { bytes } = await renderer.draw(jobFor([town.parcels], 'EPSG:2154', townBox, 40, 40))
    t.ok(new Set(await pixels(bytes)).size > 3, 'where there is something, it is drawn')
  }
})
