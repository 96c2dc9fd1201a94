import { clear, type Picture, readPicture, varied } from '../../support/picture.js'
import { jsonValues } from './json-path.js'
import { withPlaces } from './places.js'
import type { Expected, ExpectedImage, Replay } from './replay.js'
import { xmlValues } from './xml-path.js'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
}

/** Sends what a client sends. */
export async function ask(
  address: string,
  { method, target, headers, body }: Pick<Replay, 'method' | 'target' | 'headers' | 'body'>,
): Promise<Answer> {
  const url = target.startsWith('http') ? target : `${address}${withPlaces(target)}`
  const response = await fetch(url, {
    method,
    headers,
    body: body && withPlaces(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** The replay, with `{found}` in its address replaced by what `follow` found. */
export async function settled(address: string, replay: Replay): Promise<Replay> {
  if (!replay.follow) return replay
  const { follow } = replay
  const { bytes } = await ask(address, { method: 'GET', target: follow.of, headers: {} })
  const [found] = 'xml' in follow ? xmlValues(bytes.toString(), follow.xml) : jsonValues(bytes.toString(), follow.json)
  if (found === undefined) throw new Error(`${JSON.stringify(follow)} finds nothing`)
  return { ...replay, target: replay.target.replaceAll('{found}', () => found.replace(/\?$/, replay.target === '{found}' ? '' : '?')) }
}

/** What is wrong with an answer, a line for each fault; empty when it is right. `json` is left to the caller. */
export async function faultsOf(address: string, expected: Expected, answer: Answer): Promise<string[]> {
  const text = answer.bytes.toString('utf8')
  const faults: string[] = []
  const check = (name: string, wanted: string, found: string) => {
    if (!fits(wanted, found)) faults.push(`${name} is ${shown(found)} and not ${wanted}`)
  }
  if (answer.status !== expected.status) faults.push(`the status is ${answer.status} and not ${expected.status}: ${shown(text)}`)
  if (expected.type !== undefined) check('Content-Type', expected.type, answer.headers.get('content-type') ?? '')
  for (const [name, wanted] of Object.entries(expected.headers ?? {})) check(name, wanted, answer.headers.get(name) ?? '')
  for (const wanted of expected.has ?? []) if (!contains(wanted, text)) faults.push(`the body has no ${wanted}: ${shown(text)}`)
  for (const unwanted of expected.hasNot ?? []) if (contains(unwanted, text)) faults.push(`the body has ${unwanted}`)
  for (const [path, wanted] of Object.entries(expected.xml ?? {})) {
    const values = xmlValues(text, path)
    const isRight =
      typeof wanted === 'number'
        ? values.length === wanted
        : typeof wanted === 'string'
          ? values.some(value => fits(wanted, value))
          : values.length === wanted.length && values.every((value, i) => fits(wanted[i], value))
    if (!isRight) faults.push(`${path} is ${shown(JSON.stringify(values))} and not ${JSON.stringify(wanted)}`)
  }
  if (expected.image && answer.status === 200) faults.push(...(await imageFaults(address, expected.image, answer.bytes)))
  return faults
}

async function imageFaults(address: string, expected: ExpectedImage, bytes: Buffer): Promise<string[]> {
  let picture: Picture
  try {
    picture = await readPicture(bytes)
  } catch (error) {
    return [`no picture: ${error}, ${shown(bytes.toString())}`]
  }
  const faults: string[] = []
  if (picture.format !== expected.format || picture.size !== expected.size)
    faults.push(`the picture is ${picture.format} ${picture.size} and not ${expected.format} ${expected.size}`)
  const between = (name: string, share: number, range: readonly [number, number] | undefined) => {
    if (range && !(share >= range[0] && share <= range[1]))
      faults.push(`${name} are ${share.toFixed(4)} of all and not ${range.join(' to ')}`)
  }
  between('varied pixels', varied(picture), expected.varied)
  between('clear pixels', clear(picture), expected.clear)
  const isSameAs = async (target: string) => {
    const other = await ask(address, { method: 'GET', target, headers: {} })
    return other.status === 200 && picture.pixels.equals((await readPicture(other.bytes)).pixels)
  }
  if (expected.same && !(await isSameAs(expected.same))) faults.push(`the picture is not that of ${expected.same}`)
  if (expected.unlike && (await isSameAs(expected.unlike))) faults.push(`the picture is that of ${expected.unlike}`)
  return faults
}

const pattern = (wanted: string) => /^\/(.*)\/([a-z]*)$/s.exec(wanted)
const fits = (wanted: string, found: string) => {
  const [, source, flags] = pattern(wanted) ?? []
  return source === undefined ? found === wanted : new RegExp(source, flags).test(found)
}
const contains = (wanted: string, found: string) => (pattern(wanted) ? fits(wanted, found) : found.includes(wanted))
const shown = (text: string) => (text.length > 400 ? `${text.slice(0, 400)}…` : text)
