import t from 'tap'
import { joinPixelMemory, kernelPixels, openPixelMemory } from '#render/pixel-memory.js'
import { startWarpKernel, type WarpKernel } from '#render/warp-kernel.js'
import { seeded } from '../support/seeded.js'

const source = { width: 90, height: 70 }
const output = { width: 64, height: 48 }
const cell = { left: 0, top: 0, ...output, corners: [3, 2, 85, 6, 1, 64, 80, 69] }

/** The output of a kernel for a picture made of `seed`. */
function warped(kernel: WarpKernel, seed: number): Uint32Array {
  const random = seeded(seed)
  t.ok(kernel.layOut(source, output))
  const pixels = kernel.source()
  for (let i = 0; i < pixels.length; i++) pixels[i] = (0xff000000 | Math.floor(random() * 0xffffff)) >>> 0
  kernel.warp(cell, [0, 0, source.width, source.height], 'bilinear')
  return kernel.output()
}

t.test('kernels in one memory draw what one with its own memory draws, and leave each other alone', async t => {
  const memory = openPixelMemory(1000)!
  const [a, b, own] = [memory.startKernel()!, memory.startKernel()!, startWarpKernel()]
  const first = warped(a, 1)
  const second = warped(b, 2)
  t.equal(first.buffer, memory.buffer)
  t.same(first.slice(), warped(own, 1).slice())
  t.same(second.slice(), warped(own, 2).slice())
  t.equal(a.isOpaque(), true)
})

t.test('there is room for some kernels, for pictures of some size', async t => {
  const memory = openPixelMemory(1000)!
  const kernels: WarpKernel[] = []
  for (let kernel = memory.startKernel(); kernel; kernel = memory.startKernel()) kernels.push(kernel)
  t.equal(kernels.length, 8)
  for (const kernel of kernels) {
    t.equal(kernel.layOut({ width: 1024, height: kernelPixels.source / 1024 }, { width: 256, height: kernelPixels.output / 256 }), true)
    const end = kernel.output().byteOffset + kernel.output().byteLength
    t.ok(end < memory.blocks.at, 'blocks lie behind')
    t.equal(kernel.layOut({ width: 1024, height: 2048 }, output), false)
  }
})

t.test('rows are copied, narrow and wide, few and many', async t => {
  const memory = openPixelMemory(1 << 20)!
  const { at } = memory.blocks
  const bytes = new Uint8Array(memory.buffer, at, 1 << 20)
  const random = seeded(3)
  for (const [width, rows, fromStride, toStride] of [
    [4, 1, 4, 4],
    [4, 300, 40, 12],
    [1760, 200, 2048, 1800],
    [40_000, 5, 50_000, 40_000],
  ]) {
    for (let i = 0; i < 300_000; i++) bytes[i] = Math.floor(random() * 256)
    const target = 500_000
    bytes.fill(7, target)
    memory.copyRows(at, fromStride, at + target, toStride, width, rows)
    const wanted = new Uint8Array(bytes.length - target).fill(7)
    for (let row = 0; row < rows; row++) wanted.set(bytes.subarray(row * fromStride, row * fromStride + width), row * toStride)
    t.equal(Buffer.compare(bytes.subarray(target), wanted), 0, `${rows} rows of ${width}`)
  }
})

t.test('what does not fit into one memory is left to several', async t => {
  t.equal(openPixelMemory(4e9), undefined)
})

t.test('a room that is lent is nobody else’s until it is given back', async t => {
  const memory = openPixelMemory(1000)!
  const room = memory.lendRoom()!
  const joined = joinPixelMemory(room)
  const [lent, own, other] = [joined.startKernel()!, memory.startKernel()!, startWarpKernel()]
  t.equal(joined.startKernel(), undefined)
  const [first, second] = [warped(lent, 1), warped(own, 2)]
  t.equal(joined.buffer, memory.buffer)
  t.same(first.slice(), warped(other, 1).slice())
  t.same(second.slice(), warped(other, 2).slice())
  const rooms = new Set([room.start])
  for (let next = memory.lendRoom(); next; next = memory.lendRoom()) {
    t.notOk(rooms.has(next.start))
    rooms.add(next.start)
  }
  memory.takeBack(room)
  t.equal(memory.lendRoom()?.start, room.start)
})
