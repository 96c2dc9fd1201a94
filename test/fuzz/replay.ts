import { readRegressions } from './regressions.js'
import type { Fault, Target } from './target.js'

export interface Replayed {
  readonly file: string
  /** Absent: it is well now. */
  readonly fault?: Fault
}

/** Every regression file of a target, tried again. */
export async function replay(target: Target): Promise<readonly Replayed[]> {
  const regressions = readRegressions(target.name)
  if (regressions.length === 0) return []
  const subject = await target.start()
  try {
    const results: Replayed[] = []
    for (const { file, found, input } of regressions) {
      const { fault, answer } = await subject.run(input)
      const again = found.startsWith('same') ? (await subject.run(input)).answer : answer
      const differs: Fault | undefined = again === answer ? undefined : { invariant: 'same', message: `${answer}, then ${again}` }
      results.push({ file, fault: fault ?? differs })
    }
    return results
  } finally {
    await subject.stop()
  }
}
