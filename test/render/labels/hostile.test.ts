import t from 'tap'
import { createBoundedCache } from '#render/bounded-cache.js'
import { openCanvas } from '#render/canvas.js'
import { createCollisionGrid } from '#render/labels/collision-grid.js'
import { createGlyphMasks } from '#render/labels/drawing/glyph-masks.js'
import { createGlyphOutlines } from '#render/labels/drawing/glyph-outlines.js'
import type { LabelRequest, LabelText } from '#render/labels/label-request.js'
import { poleOfInaccessibility } from '#render/labels/placing/pole.js'
import { along, at, drawn, engine, isInkWithin, placedOn, textOf, wanted, within } from '../../support/labels.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const wrong = [Number.NaN, Infinity, -Infinity, -1, 0, 1e308, 1e-308]
/** Places and draws, whatever comes. */
function survive(requests: readonly LabelRequest[]) {
  const labels = placedOn(200, 100, requests)
  drawn(200, 100, labels)
  for (const label of labels) if (!label.boxes.every(Number.isFinite)) throw new Error('a label without a place')
  return labels
}

t.test('texts that are no labels are left out', async t => {
  for (const text of ['', ' \n\t ', 'x'.repeat(100_000), '\ud800'.repeat(2000)]) t.equal(survive([wanted(text, at(100, 50))]).length, 0)
})

t.test('lone surrogates, control and invisible characters do no harm', async t => {
  for (const text of [
    'a\ud800b',
    '\udc00',
    'a\0b',
    'x\u200d\u200d\ufe0fy',
    '\u202e\u202e\u2066abc',
    `e${'\u0301'.repeat(300)}`,
    '\u{1f1eb}\u{1f1f7}',
    '\ufeff.',
    'ﷺ',
  ]) {
    t.ok(survive([wanted(text, at(100, 50))]).length <= 1, JSON.stringify(text))
  }
})

t.test('sizes that are no sizes leave the label out, and others come through', async t => {
  const fields: (keyof LabelText)[] = ['size', 'letterSpacing', 'lineHeight', 'weight', 'wrapWidth']
  for (const value of wrong) {
    for (const field of fields) {
      const labels = survive([wanted(textOf('Wrong', { [field]: value }), at(100, 50)), wanted('Right', at(100, 15))])
      t.ok(
        labels.some(label => label.key === 'Right'),
        `${field} ${value}`,
      )
    }
    const halo = { color: 0xffffffff, radius: value }
    t.ok(
      survive([wanted(textOf('Wrong', { halo }), at(100, 50)), wanted('Right', at(100, 15))]).some(label => label.key === 'Right'),
      `halo ${value}`,
    )
  }
  t.equal(survive([wanted(textOf('Huge', { size: 5000 }), at(100, 50))]).length, 0)
})

t.test('places that are no places leave the label out', async t => {
  for (const value of wrong) {
    const right = wanted('Right', at(100, 15), { priority: 1 })
    const requests = [
      wanted('p', at(value, 50)),
      wanted('q', at(100, 50, { displacement: [value, 0] })),
      wanted('r', at(100, 50, { anchor: [value, value] })),
      wanted('s', at(100, 50, { rotation: value })),
      wanted('t', at(100, 50, { maxDisplacement: value })),
      wanted(
        'u',
        along([
          [10, value],
          [190, 50],
        ]),
      ),
      wanted(
        'v',
        along(
          [
            [10, 60],
            [190, 60],
          ],
          { repeat: value, initialGap: value },
        ),
      ),
      wanted(
        'w',
        along(
          [
            [10, 70],
            [190, 70],
          ],
          { offset: value, maxAngle: value },
        ),
      ),
      wanted(
        'x',
        within([
          [
            [10, 10],
            [value, 10],
            [100, 90],
          ],
        ]),
      ),
      wanted('y', at(100, 50), { spaceAround: value, minRepeat: value }),
    ]
    t.ok(
      survive([...requests, right]).some(label => label.key === 'Right'),
      `${value}`,
    )
    for (const request of requests) t.ok(isInkWithin(survive([request]), 200, 100), `${request.key} ${value}`)
  }
  for (const nothing of [
    along([]),
    along([[5, 5]]),
    along([
      [5, 5],
      [5, 5],
    ]),
    within([]),
    within([[]]),
    within([[[1, 1]]]),
  ])
    t.equal(survive([wanted('x', nothing)]).length, 0)
})

t.test('requests of numbers at random end, and what they draw lies on the map', async t => {
  const random = seeded(77)
  const number = () => (random() < 0.3 ? pick(random, wrong) : (random() - 0.3) * 10 ** (random() * 6 - 2))
  const pair = () => [number(), number()] as const
  for (let i = 0; i < 600; i++) {
    const text = textOf(pick(random, ['Text', 'Two words', 'a\nb', 'مرحبا', '']), {
      size: random() < 0.7 ? 11 : number(),
      letterSpacing: random() < 0.7 ? 0 : number(),
      lineHeight: random() < 0.7 ? 1 : number(),
      wrapWidth: random() < 0.7 ? undefined : number(),
      halo: random() < 0.7 ? undefined : { color: 0xffffffff, radius: number() },
    })
    const points = Array.from({ length: seededInteger(random, 0, 8) }, () =>
      random() < 0.5 ? pair() : ([random() * 200, random() * 100] as const),
    )
    const anchor = pick(random, [
      at(random() * 200, random() * 100, { anchor: pair(), displacement: pair(), rotation: number(), maxDisplacement: number() }),
      along(points, { offset: number(), repeat: number(), initialGap: number(), maxAngle: number(), isStraight: random() < 0.3 }),
      within([points], { displacement: pair(), rotation: number(), maxDisplacement: number(), mustFit: random() < 0.5 }),
    ])
    const graphic = { kind: 'image', width: 1, height: 1, bytes: new Uint8Array(4) } as const
    const shield = random() < 0.2 ? ({ kind: 'fixed', width: number(), height: number(), graphic } as const) : undefined
    const labels = survive([wanted(text, anchor, { priority: number(), spaceAround: number(), minRepeat: number(), shield })])
    if (!isInkWithin(labels, 200, 100)) t.fail(JSON.stringify({ text, anchor }))
  }
})

t.test('ten thousand labels on one place: one is drawn, the others are looked at a bounded number of times', async t => {
  let moves = 0
  const requests = Array.from({ length: 10_000 }, (_, i) =>
    wanted(
      `Label ${i}`,
      {
        ...at(100, 50, { maxDisplacement: 30 }),
        get rotation() {
          moves++
          return 0
        },
      },
      { key: String(i).padStart(5, '0') },
    ),
  )
  const labels = survive(requests)
  t.ok(labels.length >= 1 && labels.length < 30)
  t.ok(moves < 50_000)
})

t.test('a line of a hundred thousand points that repeats its label every tenth of a pixel ends soon', async t => {
  const random = seeded(2)
  const points = Array.from({ length: 100_000 }, (_, i) => [i / 500, 50 + random()] as const)
  t.ok(survive([wanted('Noise', along(points, { repeat: 0.1, maxAngle: 180 }))]).length <= 20)
  t.ok(
    survive([
      wanted(
        'Far',
        along(
          [
            [-1e12, 50],
            [1e12, 50],
          ],
          { repeat: 20 },
        ),
      ),
    ]).length <= 20,
  )
})

t.test('polygons of a hundred thousand points have a pole', async t => {
  const ring = Float64Array.from(
    Array.from({ length: 100_000 }, (_, i) => [
      100 + (50 + (i % 2)) * Math.cos(i / 15_915.5),
      50 + (50 + (i % 2)) * Math.sin(i / 15_915.5),
    ]).flat(),
  )
  const pole = poleOfInaccessibility([ring])!
  t.ok(Math.hypot(pole.x - 100, pole.y - 50) < 10 && pole.distance > 35, `${pole.x}, ${pole.y}, ${pole.distance}`)
})

t.test('abbreviations are data', async t => {
  const abbreviations = JSON.parse('{"__proto__": "x", "a": ""}')
  t.equal(survive([wanted(textOf('constructor toString '.repeat(9), { abbreviations }), at(100, 50))]).length, 0)
})

t.test('caches stay within their bounds', async t => {
  const outlines = createGlyphOutlines(engine.fonts, 50_000)
  const masks = createGlyphMasks(outlines, 50_000)
  const [face] = engine.fonts.choose(['Arial'], 400, false)
  for (let size = 8; size < 40; size += 0.25) {
    const set = masks.of(size, 1)
    for (let glyph = 36; glyph < 60; glyph++) set(face, glyph, 0, 0)
    t.ok(outlines.bytes <= 50_000)
  }
  const cache = createBoundedCache<number, string>(1000)
  for (let i = 0; i < 500; i++) {
    cache.set(i, `${i}`, 90)
    cache.get(i - 3)
    if (cache.bytes > 1000) t.fail(`${cache.bytes} bytes`)
  }
  t.equal(cache.get(499), '499')
  t.equal(cache.get(0), undefined)
  cache.set(1, 'too big', 2000)
  t.equal(cache.get(1), undefined)
})

t.test('a label of a thousand letters on a map of one pixel', async t => {
  const canvas = openCanvas(1, 1)
  const [label] = placedOn(9000, 100, [wanted('x'.repeat(1000), at(4500, 50))])
  engine.draw(canvas, [label], 4500, 50)
  engine.draw(canvas, [{ ...label, turns: new Float32Array(1000).fill(1) }], 4500, 50)
  t.equal(canvas.finish().length, 4)
})

t.test('a frame of any size has a grid of few squares', async t => {
  const before = process.memoryUsage().arrayBuffers
  const grid = createCollisionGrid(-1e5, -1e5, 1e5, 1e5)
  t.ok(process.memoryUsage().arrayBuffers - before < 4e6, 'bytes')
  grid.add([1000, 1000, 1100, 1020])
  t.same([grid.isTaken(1050, 1010, 1060, 1015), grid.isTaken(1100, 1000, 1200, 1020)], [true, false])
})
