import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Fault } from './faults.js'
import { substitute, type Variables } from './substitute.js'

/** A config file as plain data, with where everything stood. */
export interface ConfigDocument {
  readonly data: Readonly<Record<string, unknown>>
  readonly faults: readonly Fault[]
  /** JSON pointers of values that came whole out of environment variables. */
  readonly fromVariables: ReadonlySet<string>
  /** The fault at the key or value of a JSON pointer, or at the nearest one around it. */
  faultAt(pointer: string, part: 'key' | 'value', message: string): Fault
}

/** Largest config file, in bytes: 7,500 collections with texts in two languages take about 4 MB. */
export const largestConfig = 6_000_000
const deepest = 20
/** Most values of a file, those that aliases repeat counted each time; and most of those: they cost memory that no byte of the file stands for. */
const mostNodes = 500_000
const mostRepeated = 20_000

/**
 * Reads YAML 1.2 or JSON. Keys that are empty (`spaces:`) count as absent. Variables are put in; anchors and aliases work within
 * bounds; tags and keys given twice are faults. Never throws: what is wrong is in `faults`.
 */
export function readDocument(where: string, text: string, variables: Variables): ConfigDocument {
  const lines = new LineCounter()
  const faults: Fault[] = []
  const positions = new Map<string, { readonly key?: number; readonly value?: number }>()
  const fromVariables = new Set<string>()
  const faultAtOffset = (offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { where, line: Math.max(1, line), column: Math.max(1, col), message }
  }
  const fault = (offset: number | undefined, message: string) => void faults.push(faultAtOffset(offset ?? 0, message))
  const faultAt: ConfigDocument['faultAt'] = (pointer, part, message) => {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const position = positions.get(at)
      const offset = at === pointer && part === 'key' ? (position?.key ?? position?.value) : (position?.value ?? position?.key)
      if (offset !== undefined || at === '') return faultAtOffset(offset ?? 0, message)
    }
  }
  const done = (data: unknown): ConfigDocument => ({ data: isRecord(data) ? data : {}, faults, fromVariables, faultAt })

  if (Buffer.byteLength(text) > largestConfig) {
    fault(0, `the file is larger than ${largestConfig / 1e6} MB, the most a config file may have`)
    return done(undefined)
  }
  let document: ReturnType<typeof parseDocument>
  try {
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    fault(0, 'the file is nested too deeply') // the parser calls itself at every level, and ran out of stack
    return done(undefined)
  }
  for (const { message, pos } of [...document.errors, ...document.warnings].slice(0, 20)) {
    fault(pos[0], /call stack/i.test(message) ? 'the file is nested too deeply' : lowerFirst(message.split('\n')[0]))
  }
  if (faults.length > 0) return done(undefined)

  let nodes = 0
  let repeated = 0
  const walk = (node: unknown, pointer: string, depth: number, around: number, isRepeated = false): unknown => {
    const offset = (node as Node | null)?.range?.[0] ?? around
    if (!positions.has(pointer) || positions.get(pointer)?.value === undefined)
      positions.set(pointer, { ...positions.get(pointer), value: offset })
    if (++nodes > mostNodes || depth > deepest) {
      if (nodes <= mostNodes || nodes === mostNodes + 1) {
        fault(offset, depth > deepest ? `the file is nested deeper than ${deepest} levels` : `the file has more than ${mostNodes} values`)
      }
      return undefined
    }
    if (isRepeated && ++repeated > mostRepeated) {
      if (repeated === mostRepeated + 1) fault(offset, `aliases repeat more than ${mostRepeated} values`)
      return undefined
    }
    if (isAlias(node)) return walk(node.resolve(document), pointer, depth + 1, offset, true)
    if (isScalar(node)) return scalar(node.value, pointer, offset)
    if (isSeq(node))
      return node.items.slice(0, mostNodes).map((item, i) => walk(item, `${pointer}/${i}`, depth + 1, offset, isRepeated) ?? null)
    if (!isMap(node)) return undefined
    const entries: [string, unknown][] = []
    const seen = new Set<string>()
    for (const pair of node.items) {
      if (nodes > mostNodes) break
      if (!isPair(pair) || !isScalar(pair.key)) {
        fault((pair.key as Node | null)?.range?.[0] ?? offset, 'a key must be a text')
        continue
      }
      const key = String(pair.key.source ?? pair.key.value ?? '')
      const keyOffset = pair.key.range?.[0] ?? offset
      if (seen.has(key)) fault(keyOffset, `the key ${JSON.stringify(key)} is given twice`)
      if (key === '__proto__') fault(keyOffset, 'no key may be called "__proto__"')
      if (seen.has(key) || key === '__proto__') continue
      seen.add(key)
      const inner = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      positions.set(inner, { key: keyOffset })
      const value = walk(pair.value, inner, depth + 1, keyOffset, isRepeated)
      if (value !== undefined && value !== null) entries.push([key, value])
    }
    return Object.fromEntries(entries)
  }
  const scalar = (value: unknown, pointer: string, offset: number): unknown => {
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'object' && value !== null) {
      fault(offset, 'tags such as !!binary mean nothing here; write texts and numbers as they are')
      return undefined
    }
    if (typeof value !== 'string') return value
    const result = substitute(value, variables)
    for (const name of result.missing) fault(offset, `the environment variable ${name} is not set`)
    if (result.isWhole) fromVariables.add(pointer)
    return result.text
  }

  const data = walk(document.contents, '', 0, 0)
  if (data !== undefined && data !== null && !isRecord(data))
    fault(0, 'the file must hold keys and values, such as "service:" or "collections:"')
  return done(data)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1)
