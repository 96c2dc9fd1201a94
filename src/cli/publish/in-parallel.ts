/** Runs `work` over `values`, at most `atOnce` at a time, in their order. The first error ends it: nothing new is begun. */
export async function inParallel<T>(values: readonly T[], atOnce: number, work: (value: T) => Promise<void>): Promise<void> {
  const rest = values[Symbol.iterator]()
  let isFailed = false
  const worker = async () => {
    for (const value of rest) {
      if (isFailed) return
      try {
        await work(value)
      } catch (error) {
        isFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, worker))
}
