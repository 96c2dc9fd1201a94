import type { Atlas } from '#core/atlas.js'
import type { ExportPlan, ExportShelf } from '#core/export-shelf.js'
import { toProblem } from '#core/problem.js'

/** What a schedule makes, when and by what. */
export interface ExportScheduleOptions {
  /** Asked at every look: a reload may have changed it. */
  readonly plan: () => ExportPlan | undefined
  readonly atlas: () => Atlas
  readonly shelf: ExportShelf
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void }
  readonly now?: () => Date
}

/** Makes files once a day: `look` is called every now and then, and does it where the time has come since the look before. */
export interface ExportSchedule {
  /** Resolves when the files are made, one after the other; at once where it is not the time. What is up to date is left as it is. */
  look(): Promise<void>
  stop(): void
}

/** A schedule that makes files one at a time, once a day; whoever starts it asks it to look now and then. */
export function exportSchedule({ plan, atlas, shelf, log, now = () => new Date() }: ExportScheduleOptions): ExportSchedule {
  const stopped = new AbortController()
  let seen = now()
  let isMaking = false

  async function make({ collections, formats }: ExportPlan): Promise<void> {
    const known = atlas().collections
    const ids = collections.includes('*') ? [...known.keys()].filter(id => known.get(id)?.source.kind === 'features') : collections
    let made = 0
    for (const id of ids) {
      for (const extension of formats) {
        if (stopped.signal.aborted) return
        // asked anew: it may have been withdrawn, or published, while others were made
        const collection = atlas().collections.get(id)
        try {
          if (!collection) throw new Error('there is no such collection')
          const file = await shelf.open(collection, extension, stopped.signal)
          await file.whole(stopped.signal)
          made++
        } catch (error) {
          // a format that cannot hold one of all collections is nothing to complain of
          const isExpected = collections.includes('*') && toProblem(error).kind === 'unsupported-format'
          if (!stopped.signal.aborted && !isExpected)
            log.warn({ collection: id, format: extension, err: error }, 'a file that was planned is not there')
        }
      }
    }
    log.info({ files: made }, 'the files that were planned are up to date')
  }

  return {
    async look() {
      const [before, today] = [seen, now()]
      const planned = plan()
      // a look that comes while files are made is as if it had not been: the next sees what has come since
      if (isMaking) return
      seen = today
      if (!planned) return
      const moment = momentOf(planned.at, today)
      if (!(before < moment && moment <= today)) return
      isMaking = true
      try {
        await make(planned)
      } finally {
        isMaking = false
      }
    },
    stop: () => stopped.abort(new DOMException('closing', 'AbortError')),
  }
}

function momentOf(at: string, day: Date): Date {
  const [hours, minutes] = at.split(':').map(Number)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes)
}
