/** Bounds what is in flight, in bytes: whoever comes when it is used up waits for its turn. */
export interface ByteBudget {
  /** Runs `work` when there is room for `bytes`; more than the whole budget counts as all of it. */
  spend<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function byteBudget(most: number): ByteBudget {
  const waiting: { readonly bytes: number; go(): void }[] = []
  let free = most
  const next = () => {
    while (waiting.length > 0 && waiting[0].bytes <= free) {
      free -= waiting[0].bytes
      waiting.shift()?.go()
    }
  }
  const turn = (bytes: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      const leave = () => {
        waiting.splice(waiting.indexOf(ticket), 1)
        reject(signal.reason)
        next()
      }
      const ticket = {
        bytes,
        go() {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(ticket)
      next()
    })
  return {
    async spend(wanted, signal, work) {
      const bytes = Math.min(wanted, most)
      await turn(bytes, signal)
      try {
        return await work()
      } finally {
        free += bytes
        next()
      }
    },
  }
}
