import { PassThrough, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { pour } from '#protocols/http/pour.js'

t.test('the memory of a piece may be used again as soon as the next is asked for', async t => {
  const to = new PassThrough()
  const read: Buffer[] = []
  to.on('data', piece => read.push(Buffer.from(piece)))
  async function* pieces() {
    const memory = Buffer.alloc(4)
    for (let i = 0; i < 50; i++) {
      memory.fill(i)
      yield memory
      memory.fill(0xff)
    }
  }
  await pour(pieces(), to)
  await sleep(10)
  t.same(Buffer.concat(read), Buffer.concat(Array.from({ length: 50 }, (_, i) => Buffer.alloc(4, i))))
  t.ok(to.writableEnded)
})

t.test('what fails is thrown, and the end does not come', async t => {
  const to = new PassThrough().resume()
  async function* pieces() {
    yield Buffer.from('a')
    throw new Error('broken')
  }
  await t.rejects(pour(pieces(), to), /broken/)
  t.notOk(to.writableEnded)
})

t.test('who leaves frees what the pieces hold, also while one is waited for or written', async t => {
  for (const isStuck of [false, true]) {
    const to = new Writable({ write: (_piece, _encoding, done) => void (isStuck || done()) })
    let isFreed = false
    async function* pieces() {
      try {
        yield Buffer.from('a')
        await sleep(50)
        yield Buffer.from('b')
        await sleep(50)
        yield Buffer.from('c')
      } finally {
        isFreed = true
      }
    }
    setTimeout(() => to.destroy(), 20)
    await pour(pieces(), to)
    t.ok(isFreed, isStuck ? 'while a piece is written' : 'while a piece is made')
  }
})
