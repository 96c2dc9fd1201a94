import t from 'tap'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import { along, engine, placedOn, textOf, wanted } from '../../support/labels.js'
import { seeded } from '../../support/seeded.js'

type Points = (readonly [number, number])[]

const arc = (x: number, y: number, radius: number, from: number, to: number): Points =>
  Array.from({ length: 41 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 40) * Math.PI) / 180
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  })

/** Distance of a point from a line. */
function distanceTo(points: Points, x: number, y: number): number {
  let least = Infinity
  for (let i = 0; i + 1 < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i], points[i + 1]]
    const [dx, dy] = [bx - ax, by - ay]
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy))
  }
  return least
}

const origins = ({ origins }: PlacedLabel) =>
  Array.from({ length: origins.length / 2 }, (_, i) => [origins[i * 2] / 256, origins[i * 2 + 1] / 256])

t.test('letters stand on the line, one after the other', async t => {
  const points = arc(200, 300, 180, 200, 340)
  const [label] = placedOn(400, 300, [wanted('Boulevard circulaire', along(points))])
  const face = engine.fonts.face(engine.fonts.choose(['DejaVu Sans'], 400, false)[0])!
  // the line runs through the middle of capitals
  const half = (face.capHeight * 12) / 2
  for (const [x, y] of origins(label)) t.ok(Math.abs(distanceTo(points, x, y) - half) < 1, 'half a capital below the line')
  const xs = origins(label).map(([x]) => x)
  t.same(
    xs,
    xs.toSorted((a, b) => a - b),
    'from left to right',
  )
  t.ok(new Set(label.turns).size > 10, 'each turned by itself')
})

t.test('a label is never upside down, wherever its line runs', async t => {
  const random = seeded(3)
  let count = 0
  for (let i = 0; i < 200; i++) {
    const turn = random() * 360
    const points = arc(200, 200, 100 + random() * 300, turn, turn + 20 + random() * 200).map(([x, y]) => [x, y] as const)
    for (const isStraight of [false, true]) {
      const line = random() < 0.5 ? points : points.toReversed()
      for (const label of placedOn(400, 400, [wanted('Rivière', along(line, { isStraight, repeat: 90 }))])) {
        count++
        if (!label.turns!.every(turn => Math.cos(turn) > -0.05)) t.fail(`turned by ${label.turns}`)
      }
    }
  }
  t.ok(count > 200, `${count} labels`)
  const backwards = along(
    [
      [350, 50],
      [50, 50],
    ],
    { followsDirection: true },
  )
  t.ok(
    placedOn(400, 100, [wanted('As it runs', backwards)])[0].turns!.every(turn => Math.cos(turn) < -0.99),
    'unless it may be',
  )
  for (const points of [
    [
      [50, 10],
      [50, 190],
    ],
    [
      [50, 190],
      [50, 10],
    ],
  ] as const) {
    t.ok(Math.abs(placedOn(100, 200, [wanted('Upwards', along(points))])[0].turns![0] + Math.PI / 2) < 1e-6, 'upwards on vertical lines')
  }
})

t.test('lines too short or too bent get no label', async t => {
  t.equal(
    placedOn(400, 100, [
      wanted(
        'A long name for a street',
        along([
          [10, 50],
          [100, 50],
        ]),
      ),
    ]).length,
    0,
  )
  const zigzag: Points = Array.from({ length: 30 }, (_, i) => [20 + i * 8, 50 + (i % 2) * 12])
  t.equal(placedOn(400, 100, [wanted('Zigzag', along(zigzag, { maxAngle: 25 }))]).length, 0)
  t.equal(placedOn(400, 100, [wanted('Zigzag', along(zigzag, { maxAngle: 180 }))]).length, 1)
  t.equal(placedOn(400, 100, [wanted('Straight', along(arc(200, 50, 20, 0, 300), { isStraight: true }))]).length, 0)
})

t.test('a corner in the middle is avoided', async t => {
  const corner: Points = [
    [20, 150],
    [150, 150],
    [150, 20],
  ]
  const [label] = placedOn(200, 200, [wanted('Corner', along(corner))])
  const turns = new Set([...(label.turns ?? [0])].map(turn => turn.toFixed(3)))
  t.equal(turns.size, 1, 'the label lies on one side of it')
})

t.test('labels repeat at their distance, and stay where they are when the map moves', async t => {
  const street = (shift: number) =>
    along(
      [
        [10 - shift, 50],
        [1010 - shift, 50],
      ],
      { repeat: 200, initialGap: 100 },
    )
  const xs = (shift: number) =>
    placedOn(1000, 100, [wanted('Rue', street(shift))])
      .map(label => Math.round(label.x + shift))
      .sort((a, b) => a - b)
  t.same(xs(0), [110, 310, 510, 710])
  t.same(xs(150), [310, 510, 710])
  t.same(
    placedOn(1000, 100, [
      wanted(
        'Rue',
        along([
          [10, 50],
          [990, 50],
        ]),
      ),
    ]).map(label => Math.round(label.x)),
    [500],
    'one in the middle',
  )
  t.same(
    placedOn(400, 100, [
      wanted(
        'Rue',
        along([
          [10, 50],
          [990, 50],
        ]),
      ),
    ]).map(label => Math.round(label.x)),
    [205],
    'of what shows',
  )
})

t.test('a line whose places lie off the map is labelled where it shows', async t => {
  const far: Points = [
    [-400, 50],
    [600, 50],
  ]
  t.equal(placedOn(150, 100, [wanted('Rue', along(far, { repeat: 900, initialGap: 100 }))]).length, 1)
})

t.test('text finds a straight stretch before it bends', async t => {
  const hook: Points = [
    [20, 20],
    [20, 80],
    [50, 100],
    [220, 100],
  ]
  const [label] = placedOn(240, 140, [wanted('Straight', along(hook))])
  t.equal(new Set([...(label.turns ?? [0])].map(turn => turn.toFixed(4))).size, 1)
})

t.test('level text stands on the line without turning', async t => {
  const [label] = placedOn(200, 200, [
    wanted(
      'Level',
      along(
        [
          [90, 20],
          [110, 180],
        ],
        { isLevel: true },
      ),
    ),
  ])
  t.equal(label.turns, undefined)
  t.ok(Math.abs(label.x - 100) < 1e-6 && Math.abs(label.y - 100) <= 0.5)
  t.equal(
    placedOn(200, 200, [
      wanted(
        'Longer than its line',
        along(
          [
            [90, 100],
            [110, 100],
          ],
          { isLevel: true },
        ),
      ),
    ]).length,
    1,
  )
})

t.test('the offset is above the text', async t => {
  for (const points of [
    [
      [20, 50],
      [380, 50],
    ],
    [
      [380, 50],
      [20, 50],
    ],
  ] as const) {
    const y = (offset: number) => origins(placedOn(400, 100, [wanted('Above', along(points, { offset }))])[0])[0][1]
    t.ok(Math.abs(y(0) - y(10) - 10) < 0.02)
  }
})

t.test('parts of a street that meet are one line', async t => {
  const parts: Points[] = [
    [
      [20, 50],
      [60, 50],
    ],
    [
      [100, 50],
      [60, 50],
    ],
    [
      [100, 50],
      [140, 52],
    ],
  ]
  const across: Points = [
    [60, 10],
    [60, 50],
    [60, 90],
  ]
  const requests = (group: string | undefined) => parts.map((points, i) => wanted('Rue des Parties', along(points), { key: `${i}`, group }))
  t.equal(placedOn(400, 100, requests(undefined)).length, 0, 'each is too short')
  t.equal(placedOn(400, 100, requests('road')).length, 1)
  t.equal(
    placedOn(400, 100, [...requests('road'), wanted('Rue Autre', along(across), { group: 'road' })]).length,
    2 - 1,
    'a crossing street collides',
  )
  const ring: Points[] = [arc(100, 100, 60, 0, 120), arc(100, 100, 60, 120, 240), arc(100, 100, 60, 240, 360)]
  const whole = placedOn(
    200,
    200,
    ring.map((points, i) => wanted('Rond-point', along(points), { key: `${i}`, group: 'road' })),
  )
  t.equal(whole.length, 1, 'also when they come back to where they began')
  const far = [
    [
      [20, 50],
      [60, 50],
    ],
    [
      [80, 50],
      [120, 50],
    ],
  ] as const
  t.equal(
    placedOn(
      400,
      100,
      far.map((points, i) => wanted(textOf('Rue Trouée'), along(points), { key: `${i}`, group: 'road' })),
    ).length,
    0,
    'not over a gap',
  )
})

t.test('letters along a line that trembles stand evenly', async t => {
  const random = seeded(11)
  const river = Array.from({ length: 150 }, (_, i) => [20 + i * 3, 150 + 25 * Math.sin(i / 30) + 4 * (random() - 0.5)] as const)
  const [label] = placedOn(500, 300, [wanted(textOf('Garonne', { size: 14 }), along(river, { maxAngle: 25, offset: 8 }))])
  t.ok(label, 'it has a label')
  const turns = [...(label.turns ?? [])]
  for (const [i, turn] of turns.entries())
    if (i > 0)
      t.ok(Math.abs(turn - turns[i - 1]) < 0.2, `letter ${i} leans ${((turn - turns[i - 1]) * 57.3).toFixed(1)} degrees to the one before`)
  t.equal(turns.length, 7)
})
