// What processes cost, from /proc (Linux): a process and everything below it.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** `{ cpu, rss, peak }` of a tree: seconds of processor time (children that ended included), megabytes now, and the sum of each process's most. */
export function costOf(pid) {
  const total = { cpu: 0, rss: 0, peak: 0 }
  for (const one of treeOf(pid)) {
    const stat = read(`/proc/${one}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')
    if (stat.length < 20) continue
    // user and system time, own and of children waited for (proc(5), fields 14 to 17)
    total.cpu += [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field]), 0) / ticksPerSecond
    const status = read(`/proc/${one}/status`)
    // Pages of files and shared memory counted once a process would say more than there is: PostgreSQL's buffers, libraries.
    total.rss += kilobytes(status, 'RssAnon') / 1024 + (one === pid ? kilobytes(status, 'RssFile') / 1024 : 0)
    total.peak += kilobytes(status, 'VmHWM') / 1024
  }
  return total
}

/** Looks at the memory of a tree every quarter of a second; `stop()` returns the most, in megabytes. */
export function watchMemory(pid) {
  let most = costOf(pid).rss
  const look = () => {
    most = Math.max(most, costOf(pid).rss)
  }
  const timer = setInterval(look, 250)
  return {
    stop() {
      clearInterval(timer)
      look()
      return most
    },
  }
}

function treeOf(pid) {
  const children = (safe(() => readdirSync(`/proc/${pid}/task`)) ?? []).flatMap(task =>
    read(`/proc/${pid}/task/${task}/children`).trim().split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}

const kilobytes = (status, name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1] ?? 0)
const read = path => safe(() => readFileSync(path, 'utf8')) ?? ''

function safe(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}
