import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TrafficAnswer {
  readonly url: string
  readonly status: number
  /** Of answers that are no success. */
  readonly body: string
  /** Of the bytes of answers that are one. */
  readonly hash: string
  readonly retryAfter: string | null
}

export interface Traffic {
  /** So far, oldest first. */
  readonly answers: readonly TrafficAnswer[]
  /** Requests that got no whole answer within two minutes, which is more than any may take. */
  readonly failures: readonly string[]
  /** Waits until the last `count` answers all came after the call and have this status; false when that takes more than `seconds`. */
  settled(status: number, count?: number, seconds?: number): Promise<boolean>
  /** Waits until what was under way at the call has been answered, whoever asked. */
  round(): Promise<void>
  /** Waits for the requests under way. */
  stop(): Promise<void>
}

/** Four clients who ask without a pause, and a moment later when they were refused; `urlOf` counts up from 0, each client from a thousand of its own. */
export function startTraffic(urlOf: (turn: number) => string): Traffic {
  const answers: TrafficAnswer[] = []
  const failures: string[] = []
  const turns = [0, 0, 0, 0]
  let isOver = false
  const client = async (number: number) => {
    for (let turn = 1000 * number; !isOver; turn++) {
      const url = urlOf(turn)
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) })
        const bytes = Buffer.from(await answer.arrayBuffer())
        answers.push({
          url,
          status: answer.status,
          body: answer.ok ? '' : bytes.toString(),
          hash: answer.ok ? hashOf(bytes) : '',
          retryAfter: answer.headers.get('retry-after'),
        })
        if (!answer.ok) await sleep(20)
      } catch (error) {
        failures.push(`${url}: ${error instanceof Error ? (error.cause ?? error) : error}`)
        await sleep(20)
      }
      turns[number]++
    }
  }
  const clients = turns.map((_, number) => client(number))
  return {
    answers,
    failures,
    async settled(status, count = 20, seconds = 120) {
      const since = answers.length
      for (const end = performance.now() + 1000 * seconds; performance.now() < end; await sleep(30)) {
        const last = answers.slice(since).slice(-count)
        if (last.length === count && last.every(answer => answer.status === status)) return true
      }
      return false
    },
    async round() {
      const before = [...turns]
      while (!isOver && turns.some((turn, number) => turn === before[number])) await sleep(30)
    },
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

/** The answers of each address, to be compared with what traffic gets: throws when one is no success. */
export async function referenceHashes(urls: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>()
  for (const url of urls) {
    const answer = await fetch(url)
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    hashes.set(url, hashOf(Buffer.from(await answer.arrayBuffer())))
  }
  return hashes
}

/** What is wrong with answers that may only be right (as `right` says, where it knows) or refused politely; nothing when all are. */
export function faultsOf(answers: readonly TrafficAnswer[], right: ReadonlyMap<string, string> = new Map()): string[] {
  const faults = answers.flatMap(({ url, status, body, hash, retryAfter }) => {
    if (status === 200) return (right.get(url) ?? hash) === hash ? [] : [`${url}: another answer than before`]
    if (status !== 503) return [`${url}: ${status} ${body}`]
    if (!body.includes('<ServiceException')) return [`${url}: no exception report: ${body}`]
    if (retryAfter === null && !/longer (than|to draw)/.test(body)) return [`${url}: no Retry-After: ${body}`]
    return /SELECT|password|\bat .*\.js|\/tmp\//.test(body) ? [`${url}: tells of the inside: ${body}`] : []
  })
  return [...new Set(faults)].slice(0, 5)
}
