import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'

/** A request as a client sends it, and what a right answer is. */
export interface Replay {
  /** Row of the survey of clients (M1, K1), or the client's name where the survey has no number. */
  readonly row: string
  readonly traps: readonly string[]
  readonly what: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS'
  /** Path and query, or `{found}`: the address that `follow` took from an answer. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** First ask for `of`, and take the address from its `xml` or `json` path, where `{found}` stands. */
  readonly follow?: { readonly of: string } & ({ readonly xml: string } | { readonly json: string })
  readonly answer: Expected
  /** What is still to come, and in which issue; `answer` is then what the docs say of today. */
  readonly later?: { readonly issue: number; readonly then: string }
}

/** Everything named has to hold. */
export interface Expected {
  readonly status: number
  /** The whole Content-Type, or a pattern. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Texts, or patterns, that the body has, and has not. */
  readonly has?: readonly string[]
  readonly hasNot?: readonly string[]
  /** What the body matches, as tap's `match` has it. */
  readonly json?: unknown
  /** By path (xml-path.ts): a text or pattern that one of the values has, all values, or how many there are. */
  readonly xml?: Readonly<Record<string, string | number | readonly string[]>>
  readonly image?: ExpectedImage
}

export interface ExpectedImage {
  readonly format: 'png' | 'jpeg'
  /** `256x256`. */
  readonly size: string
  /** Least and greatest share of pixels that differ from the one in the upper left corner. */
  readonly varied?: readonly [number, number]
  /** Least and greatest share of pixels that are wholly transparent. */
  readonly clear?: readonly [number, number]
  /** Another request whose picture is the same, pixel for pixel; or is another. */
  readonly same?: string
  readonly unlike?: string
}

export interface ClientReplays {
  /** Name of the file. */
  readonly id: string
  readonly client: string
  /** Where the requests were read or seen. */
  readonly source: string
  readonly replays: readonly Replay[]
}

const replayKeys = ['row', 'traps', 'what', 'get', 'head', 'post', 'options', 'headers', 'body', 'follow', 'answer', 'later']
const answerKeys = ['status', 'type', 'headers', 'has', 'hasNot', 'json', 'xml', 'image']
const imageKeys = ['format', 'size', 'varied', 'clear', 'same', 'unlike']

/** All replays, by client, in the order of file names. A key that means nothing, and would prove nothing, is refused. */
export function readReplays(folder = 'test/replays'): readonly ClientReplays[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => {
      const { client, source, replays } = parse(readFileSync(join(folder, name), 'utf8'))
      return { id: basename(name, '.yaml'), client, source, replays: replays.map((raw: Raw) => replayOf(raw, name)) }
    })
}

type Raw = Record<string, unknown> &
  Pick<Replay, 'row' | 'what' | 'answer'> &
  Partial<Pick<Replay, 'traps' | 'later' | 'headers' | 'body' | 'follow'>>

function replayOf(raw: Raw, file: string): Replay {
  const place = `${file}, ${raw.row} ${raw.what}`
  allowOnly(raw, replayKeys, place)
  allowOnly(raw.answer, answerKeys, `${place}, answer`)
  if (raw.answer.image) allowOnly(raw.answer.image, imageKeys, `${place}, image`)
  const methods = ['get', 'head', 'post', 'options'].filter(name => name in raw)
  if (methods.length !== 1) throw new Error(`${place}: one of get, head, post and options has to be there`)
  const { row, traps = [], what, headers = {}, body, follow, answer, later } = raw
  const method = methods[0].toUpperCase() as Replay['method']
  return { row: String(row), traps, what, method, target: joined(String(raw[methods[0]])), headers, body, follow, answer, later }
}

/** Long addresses stand on several lines. */
const joined = (lines: string) => lines.trim().replace(/\s*\n\s*/g, '')

function allowOnly(object: object, keys: readonly string[], place: string): void {
  for (const key of Object.keys(object)) if (!keys.includes(key)) throw new Error(`${place}: «${key}» means nothing`)
}
