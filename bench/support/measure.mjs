import { Agent, request } from 'node:http'

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** The p-th percentile, p from 0 to 100. */
export const percentile = (numbers, p) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor((numbers.length * p) / 100))]

/** One GET over a kept-alive connection: `{ status, headers, bytes, ms }`. */
export function get(url, { headers = {}, agent = keptAlive } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    request(url, { headers, agent }, answer => {
      const chunks = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks), ms: performance.now() - began }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const keptAlive = new Agent({ keepAlive: true, maxSockets: 64 })

/**
 * Asks for `urls` in turn, `concurrency` at a time, until there were `requests`; every answer must be 200 and, with `mediaType`, of that type.
 * Requests per second, and how many there were.
 */
export async function load(urls, { concurrency, requests, mediaType }) {
  let next = 0
  const began = performance.now()
  const one = async () => {
    while (next < requests) {
      const { status, headers, body } = await get(urls[next++ % urls.length])
      if (status !== 200 || (mediaType && headers['content-type'] !== mediaType))
        throw new Error(`${status} ${headers['content-type']}: ${body.toString().slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, one))
  return { perSecond: requests / ((performance.now() - began) / 1000), count: requests }
}

/** Milliseconds of processor for a fixed piece of arithmetic, to set figures of a noisy machine against: the least of a few runs. */
export function calibration() {
  const runs = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    let x = 1
    for (let i = 0; i < 2e7; i++) x = (Math.imul(x, 1664525) + 1013904223) >>> 0
    const { user, system } = process.cpuUsage(before)
    return x >= 0 ? (user + system) / 1000 : 0
  })
  return Math.min(...runs)
}

/** A row of a Markdown table. */
export const row = cells => `| ${cells.join(' | ')} |`
