import { connect } from 'node:net'

export interface RawAnswer {
  /** 0 when nothing was said. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly head: string
  readonly body: Buffer
}

/** Writes the bytes, and reads until the server closes; undefined when it does not within `seconds`. */
export function exchange(port: number, bytes: Buffer, isBroken: boolean, seconds: number): Promise<RawAnswer | undefined> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    const settle = (answer: RawAnswer | undefined) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const finish = () => settle(parsed(Buffer.concat(chunks)))
    const timer = setTimeout(() => settle(undefined), seconds * 1000)
    socket
      .on('data', chunk => chunks.push(chunk))
      .on('error', finish)
      .on('close', finish)
    socket.write(bytes)
    // What is right says `connection: close`. An end of what is sent would look like a client that leaves.
    if (!isBroken) return
    socket.end()
    const isWhole = () => {
      const { headers, body } = parsed(Buffer.concat(chunks))
      return body.length === 0 || body.length >= Number(headers.get('content-length') ?? 0)
    }
    // the rest of an answer may be on its way for a while
    socket.on('data', () => setTimeout(() => (isWhole() ? finish() : setTimeout(finish, 5000)), 20))
  })
}

/** Header and body, chunks put together; of several answers the first that is final (RFC 9110, 15.2). */
function parsed(bytes: Buffer): RawAnswer {
  if (/^HTTP\/1\.1 1\d\d[^\r]*\r\n\r\n/.test(bytes.toString('latin1', 0, 100))) return parsed(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4))
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
  const [line, ...lines] = head.split('\r\n')
  const headers = new Map(
    lines.map(text => [text.slice(0, text.indexOf(':')).toLowerCase(), text.slice(text.indexOf(':') + 1).trim()] as const),
  )
  const rest = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4)
  const body = headers.get('transfer-encoding') === 'chunked' ? joined(rest) : rest
  return { status: Number(line.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0), headers, head, body }
}

function joined(rest: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < rest.length; ) {
    const end = rest.indexOf('\r\n', at)
    const size = Number.parseInt(rest.toString('latin1', at, end), 16)
    if (end < 0 || !(size > 0)) break
    pieces.push(rest.subarray(end + 2, end + 2 + size))
    at = end + 4 + size
  }
  return Buffer.concat(pieces)
}
