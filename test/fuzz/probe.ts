import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file, with those that lie beside it: names, and what is in them. */
export interface Files {
  /** The one that is opened. */
  readonly main: string
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** One reader of bytes, to be tried in a process of its own. */
export interface Probe {
  readonly name: string
  readonly title: string
  /** Cases in continuous integration. */
  readonly cases: number
  /** Sound inputs, always the same, that damaged ones are made of. */
  samples(): Promise<Readonly<Record<string, Files>>>
  /** Pieces of text that mean something to the reader. */
  readonly words?: readonly string[]
  /** Reads the input, writing files only below `folder`. Resolves with what came of it; throws what must not be. */
  run(input: Files, folder: string): Promise<Verdict>
}

export interface Verdict {
  /** `read` or `refused`, mostly. */
  readonly verdict: string
  /** What was read, or the message of the refusal: any text that is equal for equal answers. */
  readonly answer: string
}

export const refused = (message: string): Verdict => ({ verdict: 'refused', answer: message })

export const bytesOf = ({ main, files }: Files): Uint8Array => files[main]
export const oneFile = (name: string, bytes: Uint8Array | string): Files => ({ main: name, files: { [name]: Buffer.from(bytes) } })

/** Writes the input into a folder of its own below `folder`, and returns the path of the main file. */
export function written({ main, files }: Files, folder: string): string {
  const inside = join(folder, 'input')
  mkdirSync(inside, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(inside, name), bytes)
  return join(inside, main)
}
