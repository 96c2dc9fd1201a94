import t from 'tap'
import { bboxesMeet, bufferBbox, containsBbox, flipBbox, intersectBbox, isValidBbox, unionBbox } from '#geo/bbox.js'

t.test('boxes unite, meet, cut, flip and grow', async t => {
  t.same(unionBbox([0, 0, 1, 1], [2, -1, 3, 0]), [0, -1, 3, 1])
  t.same(unionBbox(undefined, [2, -1, 3, 0]), [2, -1, 3, 0])
  t.equal(unionBbox(undefined, undefined), undefined)
  t.ok(bboxesMeet([0, 0, 1, 1], [1, 1, 2, 2]), 'a corner is enough')
  t.notOk(bboxesMeet([0, 0, 1, 1], [1.1, 0, 2, 2]))
  t.same(intersectBbox([0, 0, 2, 2], [1, 1, 3, 3]), [1, 1, 2, 2])
  t.equal(intersectBbox([0, 0, 1, 1], [2, 2, 3, 3]), undefined)
  t.ok(containsBbox([0, 0, 2, 2], [0, 0, 1, 2]))
  t.notOk(containsBbox([0, 0, 2, 2], [0, 0, 1, 2.1]))
  t.same(flipBbox([1, 2, 3, 4]), [2, 1, 4, 3])
  t.same(bufferBbox([0, 0, 2, 4], 1), [-1, -1, 3, 5])
  t.same(bufferBbox([0, 0, 2, 4], -5, 1), [1, -1, 1, 5], 'shrinks to the centre, not beyond')
})

t.test('only finite, upright boxes are valid', async t => {
  t.ok(isValidBbox([0, 0, 0, 0]), 'a point is')
  for (const wrong of [
    [0, 0, -1, 1],
    [0, 2, 1, 1],
    [NaN, 0, 1, 1],
    [0, 0, Infinity, 1],
    [0, 0, 1],
  ])
    t.notOk(isValidBbox(wrong), `${wrong}`)
})
