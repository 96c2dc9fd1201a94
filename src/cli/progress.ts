/** Where progress goes: a terminal or a pipe; `process.stderr` is one. */
export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface Progress {
  /** How far something is: `share` from 0 to 1 where it is known, `count` of `unit` so far. */
  update(label: string, share: number | undefined, count: number, unit: string): void
  /** Clears the bar, so that other lines can be written. */
  clear(): void
}

/** Redrawn this often on a terminal, and a line this often elsewhere, in milliseconds. */
const redrawEvery = 100
const lineEvery = 3000
const barWidth = 24

/** A bar that redraws itself on a terminal; elsewhere one line every few seconds, none for what is quicker. `now` is in milliseconds. */
export function startProgress(output: ProgressOutput, now: () => number = () => performance.now()): Progress {
  const isTerminal = output.isTTY === true
  let label = ''
  let startedAt = 0
  let shownAt = 0
  let isDrawn = false
  const clear = () => {
    if (isDrawn) output.write('\r\u001b[2K')
    isDrawn = false
  }
  return {
    update: (nextLabel, share, count, unit) => {
      const time = now()
      if (nextLabel !== label) {
        label = nextLabel
        startedAt = time
        shownAt = isTerminal ? 0 : time
      }
      if (time - shownAt < (isTerminal ? redrawEvery : lineEvery)) return
      shownAt = time
      const text = describe({ label, share, count, unit, seconds: (time - startedAt) / 1000, hasBar: isTerminal })
      output.write(isTerminal ? `\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}` : `${text}\n`)
      isDrawn = isTerminal
    },
    clear,
  }
}

interface Moment {
  readonly label: string
  readonly share: number | undefined
  readonly count: number
  readonly unit: string
  readonly seconds: number
  readonly hasBar: boolean
}

function describe({ label, share, count, unit, seconds, hasBar }: Moment): string {
  const filled = Math.round((share ?? 0) * barWidth)
  const bar = hasBar && share !== undefined ? ` [${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]` : ''
  const percent = share === undefined ? '' : ` ${Math.floor(share * 100)} %`
  const left =
    share !== undefined && share > 0.02 && share < 1 && seconds > 2 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : ''
  return `${label}:${bar}${percent} ${count.toLocaleString('en')} ${unit}, ${Math.floor(seconds)} s${left}`
}
