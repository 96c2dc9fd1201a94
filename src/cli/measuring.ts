import type { Logger } from 'pino'
import type { Publisher } from './publish/publisher.js'

/** Milliseconds after which what dimensions hold is looked at again: how old the latest time that is told may be. */
const longestAge = 300_000

/** Keeps the extents of dimensions up to date while tables are written to. */
export function startMeasuring(publisher: Publisher, log: Logger, age = longestAge): { stop(): void } {
  const stopped = new AbortController()
  const hasDimensions = () =>
    [...publisher.config().collections.values()].some(({ table, settings }) => table !== undefined && settings.dimensions)
  const measure = async () => {
    if (!hasDimensions()) return
    const before = publisher.atlas()
    const { generation } = await publisher.remeasure(stopped.signal)
    if (generation !== before.generation) log.info({ generation }, 'what dimensions hold has changed')
  }
  let timer: NodeJS.Timeout
  const next = () => {
    timer = setTimeout(() => {
      measure()
        .catch(error => {
          if (!stopped.signal.aborted) log.warn({ err: error }, 'what dimensions hold could not be looked at')
        })
        .finally(() => {
          if (!stopped.signal.aborted) next()
        })
    }, age)
    timer.unref()
  }
  next()
  return {
    stop() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}
