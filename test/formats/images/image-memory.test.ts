import t from 'tap'
import { giveBackImageMemory, isImageMemory, keptImage, takeImageMemory } from '#formats/images/image-memory.js'

t.test('memory of images that are read no more serves the next that fits', async t => {
  const first = takeImageMemory(100_000)
  t.equal(first.length, 100_000)
  t.ok(isImageMemory(first.buffer))
  t.not(takeImageMemory(100_000).buffer, first.buffer)
  giveBackImageMemory(first.buffer)
  const large = takeImageMemory(1_000_000)
  t.not(large.buffer, first.buffer, 'too large for it')
  const image = keptImage(new Uint8Array(110_000).fill(7))
  t.equal(image.buffer, first.buffer)
  t.ok(image.length === 110_000 && image.every(byte => byte === 7))
})

t.test('small images and huge ones have memory of their own', async t => {
  for (const bytes of [0, 1000, 5_000_000]) {
    const own = takeImageMemory(bytes)
    t.equal(own.buffer.byteLength, bytes)
    t.notOk(isImageMemory(own.buffer))
  }
})

t.test('two are kept, the largest', async t => {
  const given = [300_000, 100_000, 200_000].map(bytes => takeImageMemory(bytes).buffer)
  given.forEach(giveBackImageMemory)
  t.equal(takeImageMemory(70_000).buffer, given[2])
  t.equal(takeImageMemory(70_000).buffer, given[0])
  t.notOk(given.includes(takeImageMemory(70_000).buffer))
})
