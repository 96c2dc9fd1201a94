// A small load generator over node:net: HTTP/1.1 GET on kept-alive connections, bodies counted and dropped, bounded in time and count. It costs
// some 20 µs a request, so that the server is the limit and not the client.
import { connect } from 'node:net'

/**
 * Asks for `paths` in turn from `first` on, over `concurrency` connections, for `seconds` or `most` requests. Every answer must be 200 and of
 * `mediaType`; others are counted as wrong, and the first of them is shown. `{ requests, seconds, perSecond, p50, p99, bytes, wrong, next }`.
 */
export async function load({ port, paths, mediaType, concurrency, seconds, most = Infinity, first = 0 }) {
  const times = []
  const result = { bytes: 0, wrong: 0, firstWrong: undefined }
  let next = first
  const began = performance.now()
  const end = began + seconds * 1000
  const isOver = () => performance.now() >= end || next - first >= most
  const one = async () => {
    let connection = await openConnection(port)
    while (!isOver()) {
      const path = paths[next++ % paths.length]
      const started = performance.now()
      try {
        const answer = await connection.get(path)
        times.push(performance.now() - started)
        result.bytes += answer.length
        if (answer.status !== 200 || !answer.head.includes(mediaType)) {
          result.wrong++
          result.firstWrong ??= `${answer.head.slice(0, 300)} for ${path}`
        }
        if (answer.isLast) {
          connection.close()
          connection = await openConnection(port)
        }
      } catch (error) {
        result.wrong++
        result.firstWrong ??= `${error.message} for ${path}`
        connection.close()
        connection = await openConnection(port)
      }
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: concurrency }, one))
  const taken = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { requests: times.length, seconds: taken, perSecond: times.length / taken, p50: at(0.5), p99: at(0.99), ...result, next }
}

/** Longest wait for one answer. */
const patience = 60_000

function openConnection(port) {
  return new Promise((resolve, reject) => {
    let waiting
    let buffered = Buffer.alloc(0)
    let answer
    // One buffer for all that is read: a new one for each piece of a large answer would cost more than reading it.
    const onread = { buffer: Buffer.allocUnsafe(1 << 19), callback: (length, buffer) => take(buffer.subarray(0, length)) }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    const fail = error => {
      waiting?.reject(error)
      waiting = undefined
      reject(error)
    }
    socket.setTimeout(patience, () => socket.destroy(new Error(`no answer within ${patience / 1000} s`)))
    socket.on('error', fail)
    socket.on('close', () => {
      // Without a length, the end of the connection is the end of the body (RFC 9112, 6.3).
      if (answer?.mode === 'close') finish()
      else fail(new Error('the connection was closed'))
    })
    const finish = () => {
      const { status, head, length, mode } = answer
      const done = waiting
      answer = waiting = undefined
      done?.resolve({ status, head, length, isLast: mode === 'close' || /\r\nconnection: *close/i.test(head) })
    }
    /** What came, which is overwritten by what comes next. */
    const take = chunk => {
      let data = buffered.length > 0 ? Buffer.concat([buffered, chunk]) : chunk
      buffered = Buffer.alloc(0)
      if (!answer) {
        const end = data.indexOf('\r\n\r\n')
        if (end < 0) {
          buffered = Buffer.from(data)
          return
        }
        answer = startAnswer(data.toString('latin1', 0, end))
        data = data.subarray(end + 4)
      }
      if (answer.mode === 'chunked') {
        const rest = takeChunks(answer, data)
        if (rest === undefined) finish()
        else buffered = Buffer.from(rest)
      } else {
        answer.length += data.length
        if (answer.mode === 'length' && answer.length >= answer.expected) finish()
      }
    }
    socket.once('connect', () =>
      resolve({
        get: path =>
          new Promise((resolveGet, rejectGet) => {
            waiting = { resolve: resolveGet, reject: rejectGet }
            socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\n\r\n`)
          }),
        close: () => socket.destroy(),
      }),
    )
  })
}

function startAnswer(head) {
  const status = Number(head.slice(9, 12))
  const expected = head.match(/\r\ncontent-length: *(\d+)/i)
  const mode = /\r\ntransfer-encoding: *chunked/i.test(head) ? 'chunked' : expected ? 'length' : 'close'
  return { status, head, mode, expected: Number(expected?.[1]), length: 0, left: 0 }
}

/** Consumes whole chunks (RFC 9112, 7.1); returns what is left over, or undefined after the last one. */
function takeChunks(answer, data) {
  let at = 0
  for (;;) {
    if (answer.left > 0) {
      const taken = Math.min(answer.left, data.length - at)
      answer.left -= taken
      at += taken
      if (answer.left > 0) return Buffer.alloc(0)
    }
    const end = data.indexOf('\r\n', at)
    if (end < 0) return data.subarray(at)
    const size = Number.parseInt(data.toString('latin1', at, end), 16)
    if (size === 0) return data.length >= end + 4 ? undefined : data.subarray(at)
    answer.length += size
    answer.left = size + 2
    at = end + 2
  }
}
