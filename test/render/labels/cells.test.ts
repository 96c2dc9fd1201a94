import t from 'tap'
import { createBoundedCache } from '#render/bounded-cache.js'
import { createLabelCells } from '#render/labels/label-cells.js'
import type { LabelAnchor, LabelRequest } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import type { Rectangle } from '#render/labels/placing/frame.js'
import { along, at, drawn, engine, isInkWithin, sharedPixels, textOf, wanted, within } from '../../support/labels.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

// cells of 4 x 4 tiles, here of 64 pixels; a level of 5 x 4 cells, less a bit
const [tile, side, margin] = [64, 256, 120]
const bounds: Rectangle = [0, 0, 1200, 960]

/** Where labels are wanted on the whole level. */
function level(random: () => number): LabelRequest[] {
  return Array.from({ length: 700 }, (_, i) => {
    // some on the sides of cells and tiles
    const [x, y] = random() < 0.1 ? [256 * seededInteger(random, 0, 4), random() * 960] : [random() * 1200, random() * 960]
    const text = textOf(
      `${pick(random, ['Saint', 'Mont', 'Ville', 'Pré'])}-${pick(random, ['Michel', 'aux-Bois', 'neuf', 'Évêque'])} ${i % 40}`,
      {
        size: seededInteger(random, 9, 13),
        halo: random() < 0.5 ? { color: 0xffffffff, radius: 1 } : undefined,
      },
    )
    const more = { key: `f${i}`, priority: seededInteger(random, 0, 4), minRepeat: pick(random, [undefined, 150]) }
    const kind = random()
    if (kind < 0.6) return wanted(text, at(x, y, { maxDisplacement: pick(random, [0, 20]), rotation: pick(random, [0, 0, 30]) }), more)
    const line = Array.from({ length: 30 }, (_, k) => [x + k * 12, y + 40 * Math.sin(k / 4 + i)] as const)
    if (kind < 0.9)
      return wanted(text, along(line, { repeat: pick(random, [undefined, 150]) }), { ...more, group: pick(random, [undefined, 'road']) })
    return wanted(text, within([line.slice(0, 12).concat([[x + 60, y + 200]])], { mustFit: false }), more)
  })
}

const shifted = (anchor: LabelAnchor, dx: number, dy: number): LabelAnchor => {
  const moved = (points: Float64Array) => points.map((value, i) => value + (i % 2 === 0 ? dx : dy))
  switch (anchor.kind) {
    case 'point':
      return { ...anchor, x: anchor.x + dx, y: anchor.y + dy }
    case 'line':
      return { ...anchor, points: moved(anchor.points) }
    case 'polygon':
      return { ...anchor, rings: anchor.rings.map(moved) }
  }
}

function extentOf(anchor: LabelAnchor): Rectangle {
  if (anchor.kind === 'point') return [anchor.x, anchor.y, anchor.x, anchor.y]
  const points = anchor.kind === 'line' ? anchor.points : anchor.rings[0]
  const [xs, ys] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2 === 1)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** Cells as a server that has just started has them. */
function openCells(requests: readonly LabelRequest[], cacheBytes = 1e7) {
  const asked: Rectangle[] = []
  const cells = createLabelCells({
    engine,
    side,
    margin,
    bounds,
    cache: createBoundedCache(cacheBytes),
    name: 'level 3',
    async requestsIn(extent, [x, y]) {
      asked.push(extent)
      await new Promise(resolve => setImmediate(resolve))
      return requests
        .filter(({ at }) => {
          const [minX, minY, maxX, maxY] = extentOf(at)
          return minX <= extent[2] && maxX >= extent[0] && minY <= extent[3] && maxY >= extent[1]
        })
        .map(request => ({ ...request, at: shifted(request.at, -x, -y) }))
    },
  })
  return { cells, asked }
}

const requests = level(seeded(21))
const whole = await openCells(requests).cells.ofTile(0, 0, 1200, 960)
const picture = drawn(1200, 960, whole)

const cut = (left: number, top: number) => {
  const rgba = new Uint8Array(tile * tile * 4)
  for (let y = 0; y < tile; y++)
    rgba.set(picture.subarray(((top + y) * 1200 + left) * 4, ((top + y) * 1200 + left + tile) * 4), y * tile * 4)
  return rgba
}

t.test('tiles drawn one by one are the cut-outs of the whole picture, whichever is asked first', async t => {
  const random = seeded(4)
  let inked = 0
  for (let start = 0; start < 12; start++) {
    const { cells } = openCells(requests)
    // neighbours across the sides of cells, and elsewhere, at a server that knows nothing yet
    const [column, row] =
      start < 6
        ? [seededInteger(random, 1, 3) * 4 - 1, seededInteger(random, 1, 2) * 4 - 1]
        : [seededInteger(random, 0, 16), seededInteger(random, 0, 13)]
    const tiles = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]
      .map(([dx, dy]) => [(column + dx) * tile, (row + dy) * tile])
      .sort(() => random() - 0.5)
    for (const [x, y] of tiles) {
      const own = drawn(tile, tile, await cells.ofTile(x, y, tile, tile))
      inked += own.reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0
      t.strictSame(Buffer.from(own).equals(Buffer.from(cut(x, y))), true, `tile at ${x},${y}`)
    }
  }
  t.ok(inked > 30, `${inked} tiles have labels`)
})

t.test('over the whole level no label is there twice, none touches another, none is cut', async t => {
  t.ok(whole.length > 150, `${whole.length} labels`)
  const points = new Set(requests.filter(request => request.at.kind !== 'line').map(request => request.key))
  const keys = whole.map(label => label.key).filter(key => points.has(key))
  t.equal(new Set(keys).size, keys.length, 'no point and no polygon has two')
  t.equal(sharedPixels(whole), 0, 'no pixel has ink of two labels')
  t.ok(isInkWithin(whole, 1200, 960), 'no ink lies off the level')
  const across = whole.filter(({ boxes }) => Math.floor(boxes[0] / side) !== Math.floor(boxes.at(-2)! / side))
  t.ok(across.length > 20, `${across.length} labels lie across the side of a cell`)
  for (const a of whole) {
    for (const b of whole) {
      if (a !== b && a.name === b.name && Math.hypot(a.x - b.x, a.y - b.y) < Math.max(a.minRepeat ?? 0, b.minRepeat ?? 0))
        t.fail(`${a.name} is repeated`)
    }
  }
})

t.test('a cell is placed once, and forgotten when memory is short', async t => {
  const { cells, asked } = openCells(requests)
  const tiles = [
    [300, 300],
    [320, 300],
    [300, 330],
  ]
  const [first] = await Promise.all(tiles.map(([x, y]) => cells.ofTile(x, y, tile, tile)))
  const count = asked.length
  t.equal(new Set(asked.map(extent => extent.join())).size, count, 'none was asked for twice')
  t.strictSame(await cells.ofTile(300, 300, tile, tile), first)
  t.equal(asked.length, count)
  const poor = openCells(requests, 1000)
  t.strictSame(await poor.cells.ofTile(300, 300, tile, tile), first, 'the same without memory')
})

t.test('cells of several levels share a cache and are not taken for each other', async t => {
  const cache = createBoundedCache<string, readonly PlacedLabel[]>(1e6)
  const levelOf = (name: string) =>
    createLabelCells({ engine, side, margin, bounds, cache, name, requestsIn: async () => [wanted(name, at(100, 100))] })
  const texts = async (name: string) => (await levelOf(name).ofTile(64, 64, tile, tile)).map(label => label.name)
  t.same([await texts('one'), await texts('two'), await texts('one')], [['one'], ['two'], ['one']])
})

t.test('a source that fails fails the tile, and is asked again for the next', async t => {
  let isBroken = true
  const cells = createLabelCells({
    engine,
    side,
    margin,
    bounds,
    cache: createBoundedCache(1e6),
    name: 'level',
    async requestsIn() {
      if (isBroken) throw new Error('no database')
      return [wanted('Here', at(100, 100))]
    },
  })
  await t.rejects(cells.ofTile(64, 64, tile, tile), { message: 'no database' })
  isBroken = false
  t.ok((await cells.ofTile(64, 64, tile, tile)).length > 0)
})

t.test('a point on the side of two cells is in one of them, whatever the last bits of its place say', async t => {
  for (const noise of [-1e-7, 0, 1e-7]) {
    const cells = createLabelCells({
      engine,
      side,
      margin,
      bounds,
      cache: createBoundedCache(1e6),
      name: 'level',
      // rounded another way in each cell
      requestsIn: async (_extent, [x, y]) => [wanted('Edge', at(512 - x + (x > 300 ? noise : -noise), 300 - y))],
    })
    t.equal((await cells.ofTile(0, 0, 1200, 960)).length, 1)
  }
})

t.test('what a level far from the origin shows is the same', async t => {
  const far = 2 ** 30
  const cellsAt = (origin: number) =>
    createLabelCells({
      engine,
      side,
      margin,
      bounds: [origin, origin, origin + 512, origin + 512],
      cache: createBoundedCache(1e6),
      name: 'level',
      requestsIn: async (_extent, [x, y]) => [
        wanted('Far', at(origin + 250 - x, origin + 250 - y)),
        wanted('Away', at(origin + 80 - x, origin + 90 - y)),
      ],
    })
  const near = drawn(512, 512, await cellsAt(0).ofTile(0, 0, 512, 512))
  const away = drawn(512, 512, await cellsAt(far).ofTile(far, far, 512, 512))
  t.ok(near.some(value => value > 0))
  t.ok(Buffer.from(near).equals(Buffer.from(away)))
})
