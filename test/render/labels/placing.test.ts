import t from 'tap'
import type { LabelRequest } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import { along, at, inkOf, isInkWithin, pixelsOf, placedOn, sharedPixels, textOf, wanted, within } from '../../support/labels.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const names = (labels: readonly PlacedLabel[]) => labels.map(label => label.text.text).sort()

/** Labels of all kinds on a map of 600 x 400, its surroundings included. */
function manyRequests(random: () => number, count: number): LabelRequest[] {
  const word = () => Array.from({ length: seededInteger(random, 3, 9) }, () => pick(random, [...'abcdefghijklmnoprstuvéèçAQg'])).join('')
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [random() * 700 - 50, random() * 500 - 50]
    const text = textOf(random() < 0.3 ? `${word()} ${word()}` : word(), {
      size: seededInteger(random, 9, 16),
      families: [pick(random, ['Arial', 'DejaVu Serif'])],
      halo: random() < 0.5 ? { color: 0xffffffff, radius: 1.5 } : undefined,
      wrapWidth: random() < 0.3 ? 60 : undefined,
    })
    const more = {
      key: `f${i}`,
      priority: seededInteger(random, 0, 3),
      layer: seededInteger(random, 0, 2),
      spaceAround: pick(random, [0, 2]),
    }
    const round = Array.from({ length: 9 }, (_, k) => [x + 60 * Math.cos(k / 1.4), y + 40 * Math.sin(k / 1.4)] as const)
    const kind = random()
    if (kind < 0.5) return wanted(text, at(x, y, { maxDisplacement: pick(random, [0, 30]), rotation: pick(random, [0, 0, 37, -80]) }), more)
    if (kind < 0.8) {
      const points = Array.from({ length: 12 }, (_, k) => [x + k * 25, y + 30 * Math.sin(k / 2 + x)] as const)
      const bent = random() < 0.5 ? points : points.toReversed()
      return wanted(
        text,
        along(bent, { isStraight: random() < 0.2, repeat: pick(random, [undefined, 120]), offset: pick(random, [0, 8]) }),
        more,
      )
    }
    return wanted(text, within([round], { mustFit: random() < 0.5 }), more)
  })
}

t.test('no label touches another, and none is cut', async t => {
  const random = seeded(5)
  for (let round = 0; round < 4; round++) {
    const labels = placedOn(600, 400, manyRequests(random, 150))
    t.ok(labels.length > 25, `${labels.length} labels`)
    t.equal(sharedPixels(labels), 0, 'no pixel has ink of two labels')
    t.ok(isInkWithin(labels, 600, 400), 'no ink lies off the map')
    for (const label of labels) if (!isInkInBoxes(label)) t.fail(`${label.text.text} has ink beyond its boxes`)
  }
})

t.test('a label takes the room of its ink, accents, slants and halo included', async t => {
  for (const text of ['\u1ebeM', 'ÅÉ', 'gjpqy', 'fjf', 'Ǻ\u0323', 'ﷲ']) {
    for (const more of [{}, { isItalic: true, families: ['Tinos'] }, { halo: { color: 0xffffffff, radius: 4 } }]) {
      for (const rotation of [0, 25]) {
        const [label] = placedOn(300, 200, [wanted(textOf(text, { size: 40, ...more }), at(150, 100, { rotation }))])
        t.ok(isInkInBoxes(label), `${text} ${JSON.stringify(more)} ${rotation}`)
      }
    }
  }
})

t.test('the outcome does not depend on the order of requests', async t => {
  const random = seeded(8)
  const requests = manyRequests(random, 120)
  const first = placedOn(600, 400, requests)
  for (let i = 0; i < 3; i++) {
    const shuffled = requests.map(request => ({ request, place: random() })).sort((a, b) => a.place - b.place)
    t.strictSame(
      placedOn(
        600,
        400,
        shuffled.map(({ request }) => request),
      ),
      first,
    )
  }
})

t.test('of one priority and layer the larger text comes first, whatever the order', async t => {
  const village = wanted(textOf('a village', { size: 9 }), at(50, 50))
  const town = wanted(textOf('the town', { size: 14 }), at(50, 52))
  for (const requests of [
    [village, town],
    [town, village],
  ])
    t.same(names(placedOn(100, 100, requests)), ['the town'])
  t.same(names(placedOn(100, 100, [{ ...village, priority: 1 }, town])), ['a village'], 'priority counts more')
  t.same(names(placedOn(100, 100, [{ ...village, layer: 1 }, town])), ['a village'], 'and so does the layer')
})

t.test('priority, then the later layer, then the key decides who comes first', async t => {
  const one = (text: string, more: Partial<LabelRequest>) => wanted(text, at(50, 50), more)
  t.same(names(placedOn(100, 100, [one('low', { priority: 1 }), one('high', { priority: 2 })])), ['high'])
  t.same(names(placedOn(100, 100, [one('below', { layer: 1 }), one('above', { layer: 2 })])), ['above'])
  t.same(names(placedOn(100, 100, [one('one', { key: 'b' }), one('two', { key: 'a' })])), ['two'])
  t.same(names(placedOn(100, 100, [one('two', { mayOverlap: true }), one('one', {})])), ['one', 'two'])
})

t.test('the anchor is the spot of the text that lies on the point', async t => {
  const boxOf = (anchor: [number, number], displacement: [number, number] = [0, 0]) => {
    const ink = inkOf(200, 100, placedOn(200, 100, [wanted(textOf('HHHH', { size: 20 }), at(100, 50, { anchor, displacement }))]))
    const xs = [...ink.keys()].filter(i => ink[i] > 0).map(i => i % 200)
    const ys = [...ink.keys()].filter(i => ink[i] > 0).map(i => Math.floor(i / 200))
    return { minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) }
  }
  const middle = boxOf([0.5, 0.5])
  t.ok(Math.abs((middle.minX + middle.maxX + 1) / 2 - 100) <= 1 && Math.abs((middle.minY + middle.maxY + 1) / 2 - 50) <= 1, 'in the middle')
  const right = boxOf([0, 0])
  t.ok(right.minX >= 100 && right.maxY < 50, 'right of and above the point, when its lower left corner lies there')
  const left = boxOf([1, 1])
  t.ok(left.maxX <= 100 && left.minY >= 50, 'left and below')
  t.equal(boxOf([0.5, 0.5], [10, -7]).minX, middle.minX + 10)
  t.equal(boxOf([0.5, 0.5], [10, -7]).minY, middle.minY - 7)
})

t.test('labels one above the other have all the room there is', async t => {
  const stack = (step: number, anchor: [number, number]) =>
    placedOn(
      200,
      400,
      Array.from({ length: 15 }, (_, i) => wanted('Stack', at(100, 60 + i * step, { anchor }), { key: `${i}`.padStart(2) })),
    ).length
  const { boxes } = placedOn(200, 100, [wanted('Stack', at(100, 50))])[0]
  // up to a pixel is lost where baselines move to whole pixels
  const height = Math.ceil(boxes[3] - boxes[1])
  for (const anchor of [
    [0.5, 0.5],
    [0, 0],
    [0.5, 1],
  ] as [number, number][]) {
    t.equal(stack(height, anchor), 15, `${height} apart`)
    t.ok(stack(height - 2, anchor) < 15, `${height - 2} apart`)
  }
})

t.test('room is kept for a shield, around the middle of the text', async t => {
  const graphic = { kind: 'image', width: 80, height: 40, bytes: new Uint8Array(80 * 40 * 4) } as const
  const shield = { kind: 'fixed', width: 80, height: 40, graphic } as const
  const row = (step: number, more: Partial<LabelRequest>) =>
    placedOn(
      400,
      100,
      Array.from({ length: 4 }, (_, i) => wanted(`D${i}`, at(50 + i * step, 50), more)),
    )
  t.equal(row(81, { shield }).length, 4)
  t.equal(row(79, { shield }).length, 2)
  t.same(row(81, { shield })[0].shield, { width: 80, height: 40, turn: 0, graphic })
  t.equal(placedOn(60, 100, [wanted('D1', at(30, 50), { shield })]).length, 0, 'a shield is not cut either')
  const [stretched] = placedOn(200, 100, [
    wanted('D 1234', at(100, 50, { rotation: 90 }), { shield: { kind: 'stretched', margin: 5, graphic } }),
  ])
  const [bare] = placedOn(200, 100, [wanted('D 1234', at(100, 50, { rotation: 90 }))])
  const side = (k: number) => bare.boxes.filter((_, i) => i % 4 === k)
  t.ok(Math.abs(stretched.shield!.width - (Math.max(...side(3)) - Math.min(...side(1)) + 10)) < 0.1, 'as long as the text and a margin')
  t.equal(stretched.shield!.turn, Math.PI / 2)
})

t.test('placed labels are data that another thread can draw', async t => {
  const labels = placedOn(300, 200, manyRequests(seeded(1), 60))
  t.strictSame(inkOf(300, 200, structuredClone(labels)), inkOf(300, 200, labels))
})

t.test('a label that may move finds room beside the others', async t => {
  const crowd = (maxDisplacement: number) => Array.from({ length: 5 }, (_, i) => wanted(`Label ${i}`, at(150, 100, { maxDisplacement })))
  t.equal(placedOn(300, 200, crowd(0)).length, 1)
  const moved = placedOn(300, 200, crowd(40))
  t.equal(moved.length, 5)
  t.ok(
    moved.every(label => Math.hypot(label.x - 150, label.y - 100) < 80),
    'near their point',
  )
  t.equal(placedOn(300, 200, [wanted('At the edge of the map', at(298, 100))]).length, 0)
  t.equal(placedOn(300, 200, [wanted('At the edge of the map', at(298, 100, { maxDisplacement: 10 }))]).length, 1, 'moves onto the map')
})

t.test('labels of one text keep their distance, those of one group are one', async t => {
  const row = (more: Partial<LabelRequest>) =>
    Array.from({ length: 5 }, (_, i) => wanted('same', at(50 + i * 60, 50), { key: `${i}`, ...more }))
  t.equal(placedOn(400, 100, row({})).length, 5)
  t.equal(placedOn(400, 100, row({ minRepeat: 100 })).length, 3)
  t.equal(placedOn(400, 100, row({ group: 'g' })).length, 1)
})

t.test('texts are shortened where the whole does not fit', async t => {
  const text = textOf('Avenue de la République', { abbreviations: { Avenue: 'Av.', République: 'Rép.' } })
  const street = (length: number) =>
    [
      [10, 50],
      [10 + length, 50],
    ] as const
  t.same(names(placedOn(400, 100, [wanted(text, along(street(300)))])), ['Avenue de la République'])
  t.same(names(placedOn(400, 100, [wanted(text, along(street(100)))])), ['Av. de la Rép.'])
  t.same(names(placedOn(400, 100, [wanted(text, along(street(60)))])), [])
  t.same(names(placedOn(120, 100, [wanted(text, at(60, 50))])), ['Av. de la Rép.'])
})

t.test('a polygon is labelled where it is widest inside', async t => {
  const horseshoe = [
    [
      [20, 20],
      [280, 20],
      [280, 180],
      [200, 180],
      [200, 60],
      [100, 60],
      [100, 180],
      [20, 180],
    ],
  ] as const
  const [label] = placedOn(300, 200, [wanted('Horseshoe', within(horseshoe))])
  const ink = inkOf(300, 200, [label])
  for (const [i, value] of ink.entries()) {
    const [x, y] = [i % 300, Math.floor(i / 300)]
    if (value > 0 && !(x > 20 && x < 280 && y > 20 && y < 180 && !(x >= 100 && x < 200 && y >= 60))) t.fail(`ink at ${x},${y}`)
  }
  const narrow = [
    [
      [100, 20],
      [190, 20],
      [190, 180],
      [100, 180],
    ],
  ] as const
  const [broken] = placedOn(300, 200, [wanted('Forest of the broken lines', within(narrow))])
  t.ok(new Set([...broken.origins].filter((_, i) => i % 2 === 1)).size >= 2, 'in lines, where one is too wide')
  const tiny = [
    [
      [100, 100],
      [110, 100],
      [110, 110],
      [100, 110],
    ],
  ] as const
  t.equal(placedOn(300, 200, [wanted('Too wide', within(tiny))]).length, 0)
  t.equal(placedOn(300, 200, [wanted('Too wide', within(tiny, { mustFit: false }))]).length, 1)
  const hole = [
    [
      [0, 0],
      [300, 0],
      [300, 200],
      [0, 200],
    ],
    [
      [10, 10],
      [290, 10],
      [290, 150],
      [10, 150],
    ],
  ] as const
  const [below] = placedOn(300, 200, [wanted('Below the lake', within(hole))])
  t.ok(below.y > 150, 'not in a hole')
})

/** Whether all ink lies in the boxes of a label, or on pixels that these touch. */
function isInkInBoxes(label: PlacedLabel): boolean {
  const { boxes } = label
  return pixelsOf(label).every(pixel => {
    const [x, y] = pixel.split(' ').map(Number)
    for (let i = 0; i < boxes.length; i += 4) {
      // a quarter of a pixel for letters that move to their mask
      if (x + 1 >= boxes[i] - 0.25 && x <= boxes[i + 2] + 0.25 && y + 1 >= boxes[i + 1] - 0.25 && y <= boxes[i + 3] + 0.25) return true
    }
    return false
  })
}

t.test('on a map of its own, a polygon is labelled where it shows', async t => {
  const wide = within([
    [
      [-900, 100],
      [250, 100],
      [250, 300],
      [-900, 300],
    ],
  ])
  const [label] = placedOn(600, 400, [wanted(textOf('Beauce'), wide)])
  t.ok(label, 'its pole lies off the map')
  t.ok(label.x > 75 && label.x < 175, `in the middle of what shows: ${label.x}`)
  const corner = within([
    [
      [-500, -500],
      [20, -500],
      [20, 5],
      [-500, 5],
    ],
  ])
  t.same(placedOn(600, 400, [wanted(textOf('Beauce'), corner)]), [], 'not where too little shows')
})

t.test('the larger of two polygons is labelled first, whatever their keys', async t => {
  const square = (x: number, side: number) =>
    within(
      [
        [
          [x, 200 - side],
          [x + 2 * side, 200 - side],
          [x + 2 * side, 200 + side],
          [x, 200 + side],
        ],
      ],
      { mustFit: false },
    )
  const large = wanted(textOf('France'), square(100, 24), { key: 'z' })
  const small = wanted(textOf('Luxembourg'), square(148, 3), { key: 'a' })
  t.same(names(placedOn(600, 400, [small, large])), ['France'])
  t.ok(names(placedOn(600, 400, [{ ...small, priority: large.priority + 1 }, large])).includes('Luxembourg'), 'priority counts more')
})

t.test('a text that does not fit lies where most of it is inside', async t => {
  // a wedge that is highest at its right end, where its pole is
  const wedge = within(
    [
      [
        [100, 196],
        [200, 190],
        [200, 204],
        [100, 204],
      ],
    ],
    { mustFit: false },
  )
  const [label] = placedOn(600, 400, [wanted(textOf('AB 0112', { size: 14 }), wedge)])
  t.ok(label, 'it is placed')
  const [minX, , maxX] = label.boxes
  t.ok(minX > 100 && maxX < 200, `between the ends of the wedge: ${minX.toFixed(0)} to ${maxX.toFixed(0)}`)
})
