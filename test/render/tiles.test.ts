import t from 'tap'
import type { Bbox } from '#geo/bbox.js'
import { black, differenceOf, draw, fill, line, mark as markPass, multi, point, polygon, stroke } from '../support/drawing.js'
import { pick, seeded } from '../support/seeded.js'

/** The part of a picture that a tile shows. */
function cut(rgba: Uint8Array, width: number, left: number, top: number, size: number): Uint8Array {
  const out = new Uint8Array(size * size * 4)
  for (let y = 0; y < size; y++) out.set(rgba.subarray(((top + y) * width + left) * 4, ((top + y) * width + left + size) * 4), y * size * 4)
  return out
}

const mark = markPass('triangle', 6, 0xff2040c0, { size: 11, rgba: 0xffffffff })

/** Shapes of all sizes around the map, far beyond it, and with edges thousands of maps long. */
function shapes(random: () => number, count: number): Uint8Array[] {
  const at = (spread: number): [number, number] => [700000 + (random() - 0.5) * spread, 6600000 + (random() - 0.5) * spread]
  const path = (spread: number) => Array.from({ length: 3 + Math.floor(random() * 12) }, () => at(spread))
  return Array.from({ length: count }, () => {
    const spread = pick(random, [300, 1000, 3000, 1e5, 1e6, 4e7])
    const ring = path(spread)
    switch (Math.floor(random() * 4)) {
      case 0:
        return point(...at(Math.min(spread, 1200)))
      case 1:
        return line(...path(spread))
      case 2:
        return multi('MultiLineString', line(...path(spread)), line(...path(spread / 2)))
      default:
        return polygon([...ring, ring[0]])
    }
  })
}

t.test('a tile and the same cut of a bigger map are equal, pixel for pixel', async t => {
  const random = seeded(31)
  const passes = [fill(0x80208040), stroke(1.3, false, 0xc0000060), stroke(7.7, true, black), mark]
  for (let round = 0; round < 12; round++) {
    const size = 64
    // resolutions of tile grids, and one that no binary fraction holds
    const perPixel = pick(random, [0.5971642834779395, 2.5, 1 / 3, 19.109257071294063])
    const [minX, maxY] = [700000 - 2 * size * perPixel, 6600000 + 2 * size * perPixel]
    const geometries = shapes(random, 40)
    const bbox: Bbox = [minX, maxY - 4 * size * perPixel, minX + 4 * size * perPixel, maxY]
    const whole = draw({ width: 4 * size, height: 4 * size, bbox, passes, geometries })
    let most = 0
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        const [left, top] = [minX + column * size * perPixel, maxY - row * size * perPixel]
        const tile = draw({
          width: size,
          height: size,
          bbox: [left, top - size * perPixel, left + size * perPixel, top],
          passes,
          geometries,
        })
        most = Math.max(most, differenceOf(tile.rgba, cut(whole.rgba, 4 * size, column * size, row * size, size)).most)
      }
    }
    t.equal(most, 0, `map ${round}, ${perPixel} metres a pixel`)
  }
})

t.test('maps so high that they are drawn in bands are no different', async t => {
  const random = seeded(32)
  const geometries = shapes(random, 60)
  const passes = [fill(0x80208040), stroke(5, true, 0xc0000060), mark]
  // 4,000 pixels wide, some 260 rows make a band
  const [width, height, perPixel] = [4000, 700, 1]
  const bbox: Bbox = [698000, 6599650, 698000 + width * perPixel, 6599650 + height * perPixel]
  const whole = draw({ width, height, bbox, passes, geometries })
  const tile = draw({ width: 500, height, bbox: [699750, bbox[1], 700250, bbox[3]], passes, geometries })
  const part = new Uint8Array(500 * height * 4)
  for (let y = 0; y < height; y++) part.set(whole.rgba.subarray((y * width + 1750) * 4, (y * width + 2250) * 4), y * 500 * 4)
  t.equal(differenceOf(tile.rgba, part).most, 0)
})
