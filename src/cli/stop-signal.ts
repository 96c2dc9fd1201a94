import { setMaxListeners } from 'node:events'

/** SIGTERM and SIGINT as one request to stop. */
export interface StopSignal {
  /** Aborts when the request comes. */
  readonly signal: AbortSignal
  /** Resolves when the request comes. */
  readonly requested: Promise<void>
  dispose(): void
}

/** Listens for SIGTERM and SIGINT until `dispose`. A second one ends the process at once, as a person who presses Ctrl-C twice means it. */
export function stopSignal(): StopSignal {
  const controller = new AbortController()
  // everything under way listens: files by the dozen
  setMaxListeners(0, controller.signal)
  const { promise, resolve } = deferred()
  const stop = () => {
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
    resolve()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return {
    signal: controller.signal,
    requested: promise,
    dispose() {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
    },
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
