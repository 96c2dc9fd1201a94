/** Most attempts at making one failure small. */
const mostTrials = 150

/**
 * Delta debugging: the fewest parts that still fail, then each of them as short as it still fails. `fails` is asked `mostTrials` times at
 * most; what is returned failed when it was last tried.
 */
export async function minimise(
  parts: readonly unknown[],
  fails: (parts: readonly unknown[]) => Promise<boolean>,
  shorter: (part: unknown) => readonly unknown[] = () => [],
): Promise<readonly unknown[]> {
  let trials = 0
  const stillFails = async (candidate: readonly unknown[]) => trials++ < mostTrials && (await fails(candidate))

  let least = parts
  for (let pieces = 2; least.length > 1 && trials < mostTrials; ) {
    const size = Math.ceil(least.length / pieces)
    let reduced: readonly unknown[] | undefined
    for (let from = 0; from < least.length && !reduced; from += size) {
      const candidate = least.toSpliced(from, size)
      if (await stillFails(candidate)) reduced = candidate
    }
    if (reduced) {
      least = reduced
      pieces = Math.max(2, pieces - 1)
    } else if (size === 1) break
    else pieces = Math.min(least.length, pieces * 2)
  }
  if (least.length === 1 && (await stillFails([]))) return []

  for (let at = 0; at < least.length; at++) {
    for (let again = true; again; ) {
      again = false
      for (const part of shorter(least[at])) {
        const candidate = least.with(at, part)
        if (!(await stillFails(candidate))) continue
        least = candidate
        again = true
        break
      }
    }
  }
  return least
}
