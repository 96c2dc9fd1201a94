import { readFileSync, writeFileSync } from 'node:fs'

/** Seconds of processor time of a process so far, all its threads; 0 once it is gone. */
export function processorSeconds(pid: number): number {
  const stat = read(pid, 'stat')
  // proc(5): fields 14 and 15, in ticks of 1/100 s; the name in parentheses may hold spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat ? (Number(fields[11]) + Number(fields[12])) / 100 : 0
}

/** Megabytes resident now, and the most since `forgetPeak`; 0 once the process is gone. */
export function residentMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = read(pid, 'status')
  const field = (name: string) => Number(status.match(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm'))?.[1] ?? 0) / 1024
  return { now: field('VmRSS'), peak: field('VmHWM') }
}

/** The peak starts again from what is resident now (proc(5), clear_refs). */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // it is gone, or not ours: the peak then is that of its whole life
  }
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
