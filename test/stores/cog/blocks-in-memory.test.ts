import t from 'tap'
import { openPixelMemory } from '#render/pixel-memory.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { copyColors } from '#stores/cog/copy-colors.js'
import { seeded } from '../../support/seeded.js'

const settled = () => new Promise(setImmediate)

t.test('blocks of all sizes lie in the memory of the cache and keep what is theirs, whoever else leaves', async t => {
  const maxBytes = 400_000
  const memory = openPixelMemory(maxBytes)!
  const cache = createBlockCache(maxBytes, { memory })
  const random = seeded(5)
  const sides = [16, 40, 64, 100, 128]
  let [inside, outside] = [0, 0]
  for (let i = 0; i < 600; i++) {
    const number = Math.floor(random() * 60)
    const side = sides[number % sides.length]
    const use = cache.use(
      String(number),
      async room => ({ kind: 'colors', width: side, height: side, rgba: room(side * side * 4).fill(number) }) as const,
      ({ rgba }) => {
        if (rgba.some(value => value !== number)) t.fail(`block ${number} was written over`)
        if (rgba.buffer === memory.buffer) inside++
        else outside++
        const end = memory.blocks.at + memory.blocks.bytes
        if (rgba.buffer === memory.buffer && (rgba.byteOffset < memory.blocks.at || rgba.byteOffset + rgba.byteLength > end))
          t.fail('beside the room for blocks')
      },
    )
    await use
    await settled()
    if (cache.stats.bytes > maxBytes) t.fail(`${cache.stats.bytes} bytes are kept`)
  }
  t.ok(inside > 500, `${inside} in memory, ${outside} beside`)
})

t.test('parts of blocks are copied alike, into the memory of their cache and elsewhere', async t => {
  const memory = openPixelMemory(200_000)!
  const random = seeded(6)
  const side = 64
  const rgba = new Uint8Array(memory.buffer, memory.blocks.at, side * side * 4)
  for (let i = 0; i < rgba.length; i++) rgba[i] = Math.floor(random() * 256)
  const kernel = memory.startKernel()!
  const stride = 50
  t.ok(kernel.layOut({ width: stride, height: 60 }, { width: 8, height: 8 }))
  const source = kernel.source()
  const within = new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  for (const part of [
    { fromX: 0, fromY: 0, toX: 0, toY: 0, width: 1, height: 1 },
    { fromX: 20, fromY: 7, toX: 3, toY: 2, width: 44, height: 57 },
    { fromX: 63, fromY: 0, toX: 49, toY: 0, width: 1, height: 60 },
  ]) {
    const block = { kind: 'colors', width: side, height: side, rgba } as const
    const elsewhere = new Uint8Array(within.length)
    within.fill(0)
    copyColors({ block, plane: 0, ...part }, within, stride, memory)
    copyColors({ block, plane: 0, ...part }, elsewhere, stride, memory)
    t.equal(Buffer.compare(within, elsewhere), 0, `${part.width} x ${part.height}`)
    t.equal(within[(part.toY * stride + part.toX) * 4], rgba[(part.fromY * side + part.fromX) * 4])
  }
})
