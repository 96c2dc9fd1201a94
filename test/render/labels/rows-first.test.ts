import t from 'tap'
import { openCanvas } from '#render/canvas.js'
import { packed } from '#render/color.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import { at, drawn, engine, placedOn, textOf, wanted } from '../../support/labels.js'

const [width, height] = [300, 120]
const halo = { color: packed(0xffffff, 0.7), radius: 2 }
/** Labels that lie over each other and across every row. */
const texts = Array.from({ length: 60 }, (_, i) =>
  wanted(textOf(`Éqj ${i}`, { halo, size: 9 + (i % 4), color: packed(i * 40_503, 0.8) }), at(30 + ((i * 37) % 240), 12 + ((i * 29) % 96)), {
    mayOverlap: true,
  }),
)
const level = placedOn(width, height, texts)

/** The labels with rows from `top` on first; what is there when these are done. */
function inTwo(labels: readonly PlacedLabel[], top: number) {
  const canvas = openCanvas(width, height)
  const done: Uint8Array[] = []
  engine.draw(canvas, labels, 0, 0, { top, onDone: () => void done.push(canvas.pixels().slice()) })
  return { all: canvas.pixels().slice(), done }
}

function whole(labels: readonly PlacedLabel[]): Uint8Array {
  const canvas = openCanvas(width, height)
  engine.draw(canvas, labels)
  return canvas.pixels().slice()
}

t.test('rows that are drawn first are the same as those drawn with the others, and so are the others', async t => {
  const right = whole(level)
  for (let top = 1; top < height; top += 7) {
    const { all, done } = inTwo(level, top)
    const from = top * width * 4
    t.equal(Buffer.compare(all, right), 0)
    t.equal(done.length, 1)
    t.equal(Buffer.compare(done[0].subarray(from), right.subarray(from)), 0, 'done before those above')
    t.ok(done[0].subarray(0, from).every(byte => byte === 0))
  }
})

t.test('what cannot be cut is drawn as ever, and nothing is done early', async t => {
  const turned = placedOn(width, height, [wanted(textOf('Turned', { halo }), at(150, 60, { rotation: 40 }))])
  const labels = [...level.slice(0, 30), ...turned, ...level.slice(30)]
  const { all, done } = inTwo(labels, 60)
  t.equal(Buffer.compare(all, whole(labels)), 0)
  t.same(done, [])
  // far above, it is in nobody's way
  const above = inTwo(labels, 110)
  t.equal(Buffer.compare(above.all, whole(labels)), 0)
  t.equal(above.done.length, 1)
})

t.test('a canvas is drawn whole after one that was not', async t => {
  const before = drawn(width, height, level)
  inTwo(level, 60)
  t.equal(Buffer.compare(drawn(width, height, level), before), 0)
})
