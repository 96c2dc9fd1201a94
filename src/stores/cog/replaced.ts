import { Problem } from '#core/problem.js'

/** A file is not the one it was when it was opened or published. */
export class Replaced extends Problem {
  constructor(name: string) {
    super('unavailable', `"${name}" was replaced since it was published; it is served again after the next reload.`, { retryAfter: 10 })
  }
}

const ofTheFile: ReadonlySet<string> = new Set(['invalid-data', 'unsupported', 'not-found', 'forbidden'])

/** Whether reading failed for what the file is, or is no longer, and not for the place it lies in, which may answer another time. */
export const isFileFault = (error: unknown): error is Problem =>
  error instanceof Replaced || (error instanceof Problem && ofTheFile.has(error.kind))

/** Times that a header is read again because its file changed meanwhile: a file that changes faster is being written. */
const tries = 3

/** The result of `read`, which starts over when the file was replaced while it was read. */
export async function startOverWhenReplaced<T>(read: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof Replaced) || n === tries) throw error
    }
  }
}
