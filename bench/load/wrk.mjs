// wrk as the client: one in JavaScript takes a tenth of what is measured, more where answers are light. It looks at the status of each answer only.
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

let found
/** Whether it is installed (Debian: wrk). */
export function hasWrk() {
  found ??= spawnSync('wrk', ['-v']).error === undefined
  return found
}

const script = (paths, first) => `
local requests = {}
function init()
${paths.map((path, k) => `  requests[${k + 1}] = wrk.format("GET", ${JSON.stringify(path)})`).join('\n')}
end
local at = ${first}
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %f %f\\n", summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
`

/**
 * As `load` of the generator, for whole seconds, with `folder` for its script. Every answer that is not 2xx is wrong; types are not looked at. What is under way at the end is
 * half done, as far as one knows: without that, slow servers would be said to be slower than they are.
 */
export function loadByWrk({ port, paths, concurrency, seconds, folder, first = 0 }) {
  const file = join(folder, 'paths.lua')
  writeFileSync(file, script(paths, first % paths.length))
  const child = spawn(
    'wrk',
    ['-t1', `-c${concurrency}`, `-d${Math.max(1, Math.round(seconds))}s`, '-s', file, `http://127.0.0.1:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  child.stdout.setEncoding('utf8').on('data', data => {
    text += data
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => {
      const [requests, duration, bytes, wrong, p50, p99] = (text.match(/RESULT (.*)/)?.[1] ?? '').split(' ').map(Number)
      if (!(requests >= 0)) return reject(new Error(`wrk gave no result: ${text.slice(-500)}`))
      const taken = duration / 1e6
      resolve({
        requests,
        seconds: taken,
        perSecond: (requests + concurrency / 2) / taken,
        p50: p50 / 1000,
        p99: p99 / 1000,
        bytes,
        wrong,
        firstWrong: wrong ? 'not 2xx, or no answer' : undefined,
      })
    })
  })
}
