import type { Logger } from 'pino'
import type { Publisher } from './publish/publisher.js'

/** Pauses before what is left out is tried again, in milliseconds: the first, and the longest after doubling. */
const firstPause = 5_000
const longestPause = 300_000

/** Tries what could not be published again and again, with growing pauses, while there is anything. */
export interface RetryLoop {
  /** Starts over with the shortest pause; call after every publication. */
  restart(): void
  stop(): void
}

export function startRetryLoop(publisher: Publisher, log: Logger): RetryLoop {
  const stopped = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const schedule = (pause: number) => {
    clearTimeout(timer)
    if (stopped.signal.aborted || !publisher.hasUnavailable()) return
    timer = setTimeout(() => void attempt(pause), pause)
    timer.unref()
  }
  const attempt = async (pause: number) => {
    try {
      const before = publisher.atlas()
      const { generation, collections } = await publisher.retry(stopped.signal)
      if (generation !== before.generation) log.info({ generation, collections: collections.size }, 'published what was left out before')
    } catch (error) {
      if (!stopped.signal.aborted) log.warn({ err: error }, 'trying again what is left out failed')
    }
    schedule(Math.min(longestPause, pause * 2))
  }
  return {
    restart: () => schedule(firstPause),
    stop() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}
