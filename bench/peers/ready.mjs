import { get } from 'node:http'

/** The first of the addresses that a server has for the workloads it can answer; undefined when it can answer none. */
export const firstPath = (workloads, mapPath) => workloads.map(workload => mapPath(workload, workload.requests[0])).find(path => path)

/** A request for features, not for a picture. */
export const isFeatures = ({ lonLat }) => lonLat !== undefined

/** What the first answer of a server must be, by what it is asked for. */
export const readyType = (ready, count) => (count ? 'xml' : ready.some(({ requests }) => isFeatures(requests[0])) ? 'json' : 'image/')

/** Resolves when `path` answers 200 with `mediaType`; rejects when the program ends before, or after `seconds`. */
export async function untilReady(program, port, path, mediaType, seconds = 60) {
  const deadline = Date.now() + seconds * 1000
  let last
  const ended = program.ended.then(why => {
    throw new Error(why)
  })
  ended.catch(() => {})
  while (Date.now() < deadline) {
    last = await Promise.race([ask(port, path), ended])
    if (last.status === 200 && last.type.includes(mediaType)) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error(
    `no good answer within ${seconds} s; the last was ${last?.status} ${last?.type}: ${last?.text}\n${program.output().slice(-2000)}`,
  )
}

function ask(port, path) {
  return new Promise(resolve => {
    get({ host: '127.0.0.1', port, path, agent: false }, answer => {
      const chunks = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          type: String(answer.headers['content-type']),
          text: Buffer.concat(chunks).toString('utf8', 0, 500),
        }),
      )
      answer.on('error', error => resolve({ status: 0, type: '', text: error.message }))
    }).on('error', error => resolve({ status: 0, type: '', text: error.message }))
  })
}
