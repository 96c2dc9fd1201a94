import { Problem } from '#core/problem.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import type { RowBatch, RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'
import type { GeoJsonNumbers } from './geojson-geometry.js'

/** What is the same in the text of every row, and which column stands where. */
export interface RowTemplate {
  readonly parts: readonly TemplatePart[]
  /** Behind the last part. */
  readonly tail: string
}

/** What is written of each row, in turn. */
export interface TemplatePart {
  readonly column: number
  /** In front of the value; `missing` stands instead of both where it is null. */
  readonly before: string
  readonly missing: string
  /** The value is text that goes in as it is, without quotes. */
  readonly isPlain?: boolean
  /** `PutValue` knows how the value is written, and not the kernel. */
  readonly isAsked?: boolean
}

/** Appends one value that the kernel leaves to JavaScript. */
export type PutValue = (sink: TextSink, row: RowView, column: number) => void

/** Writes rows, a comma between them; `hasComma`: one in front of the first, too. */
export type JsonRows = (sink: TextSink, batch: RowBatch, hasComma: boolean) => IterableIterator<void>

/** What `assembly/json.kernel.ts` exports, and says more of. */
interface JsonExports {
  readonly memory: WebAssembly.Memory
  layOut(templateBytes: number, inputBytes: number, rows: number, columns: number): void
  templateAt(): number
  inputAt(): number
  offsetsAt(): number
  outputAt(): number
  written(): number
  useTemplate(count: number, tailAt: number, tailLength: number): void
  setNumbers(decimals: number, isFlipped: number): void
  claim(bytes: number): number
  write(from: number, count: number, limit: number, hasComma: number): number
}

/** Bytes that the kernel writes before it lets go. */
const limitBytes = 128 * 1024
/** Beyond this an instance is dropped after use, because its memory never shrinks. */
const keptBytes = 32 << 20
/** More than this in one batch is beyond the kernel's addresses. */
const mostBytes = 1 << 30

/** Numbers of the kernel; 0 is what it asks the host for. */
const kinds = { text: 1, integer: 2, oid: 3, double: 4, numeric: 5, boolean: 6, date: 7, time: 8, timestamp: 9, timestamptz: 10, uuid: 11, geometry: 12, plain: 13, jsonb: 14 } // biome-ignore format: a list

function kindOf({ kind, oid }: RowColumn, { isPlain, isAsked }: Pick<TemplatePart, 'isPlain' | 'isAsked'>): number {
  if (isAsked) return 0
  if (isPlain) return kinds.plain
  if (kind === 'json') return oid === oids.jsonb ? kinds.jsonb : kinds.plain
  if (kind === 'bytes') return 0
  if (kind === 'bigint' || kind === 'integer') return oid === oids.oid ? kinds.oid : kinds.integer
  return kinds[kind]
}

// Memos: the kernel compiled once a thread, and an instance that is idle. Nothing of one batch is there for the next.
let compiled: WebAssembly.Module | undefined
let idle: Instance | undefined

interface Instance {
  readonly exports: JsonExports
  /** What the kernel asks while it writes. */
  readonly ask: { put(row: number, column: number): void }
}

function startInstance(): Instance {
  compiled ??= loadKernel('json')
  const ask: Instance['ask'] = { put() {} }
  const host = {
    put(row: number, column: number): undefined {
      ask.put(row, column)
    },
  }
  return { exports: new WebAssembly.Instance(compiled, { host }).exports as unknown as JsonExports, ask }
}

/**
 * Rows of `columns` as JSON text, by a kernel that takes their bytes as they come from the database. It writes what `put` would, which is asked for what is
 * rare: curves, collections, arrays of bytes, doubles of 16 digits. The iterator stops now and then so that what is in the sink can be taken; the sink and the
 * batch must not be touched otherwise before it ends. Throws ValueError, EwkbError and `too-large`. Hot path.
 */
export function jsonRows(columns: readonly RowColumn[], template: RowTemplate, numbers: GeoJsonNumbers, put: PutValue): JsonRows {
  const packed = packTemplate(columns, template)
  const aside = new TextSink(1024)

  /** Writes rows from `first` on, as many as the kernel writes at once; returns the one behind. */
  function writeSome(
    { exports, ask }: Instance,
    { bytes, offsets, count }: RowBatch,
    view: RowView,
    first: number,
    hasComma: boolean,
  ): number {
    const from = offsets[first]
    const length = offsets[count] - from
    if (length > mostBytes) throw tooLarge()
    exports.layOut(packed.bytes.length, length, count - first, columns.length)
    const { buffer } = exports.memory
    new Uint8Array(buffer, exports.templateAt()).set(packed.bytes)
    new Uint8Array(buffer, exports.inputAt()).set(bytes.subarray(from, from + length))
    const starts = new Int32Array(buffer, exports.offsetsAt(), count - first + 1)
    for (let i = first; i <= count; i++) starts[i - first] = offsets[i] - from
    exports.useTemplate(template.parts.length, packed.tailAt, packed.tailLength)
    exports.setNumbers(numbers.decimals, numbers.isFlipped ? 1 : 0)
    ask.put = (row, column) => {
      put(aside, view.at(first + row), column)
      const text = aside.take()
      const to = exports.claim(text.length)
      new Uint8Array(exports.memory.buffer, to).set(text)
    }
    return first + exports.write(0, count - first, limitBytes, hasComma ? 1 : 0)
  }

  return function* (sink, batch, hasComma) {
    const view = rowView(batch)
    for (let row = 0; row < batch.count; ) {
      const instance = idle ?? startInstance()
      // what throws leaves an instance behind that nobody uses again
      idle = undefined
      const next = withinMemory(() => writeSome(instance, batch, view, row, hasComma || row > 0))
      const { exports } = instance
      sink.bytes(new Uint8Array(exports.memory.buffer, exports.outputAt(), exports.written()))
      instance.ask.put = () => {}
      if (exports.memory.buffer.byteLength <= keptBytes) idle = instance
      row = next
      yield
    }
  }
}

/** As the kernel reads it: six numbers for each part, then the words. */
function packTemplate(columns: readonly RowColumn[], { parts, tail }: RowTemplate) {
  const sink = new TextSink()
  const head = 24 * parts.length
  const entries: number[] = []
  const place = (words: string): [at: number, length: number] => {
    const at = head + sink.length
    sink.text(words)
    return [at, head + sink.length - at]
  }
  for (const { column, before, missing, ...how } of parts) {
    entries.push(kindOf(columns[column], how), column, ...place(before), ...place(missing))
  }
  const [tailAt, tailLength] = place(tail)
  const words = sink.take()
  const bytes = new Uint8Array(head + words.length)
  bytes.set(new Uint8Array(Int32Array.from(entries).buffer))
  bytes.set(words, head)
  return { bytes, tailAt, tailLength }
}

function withinMemory<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    // the kernel traps when it gets no more memory
    throw error instanceof Error && error.name === 'RuntimeError' ? tooLarge(error) : error
  }
}

const tooLarge = (cause?: unknown) =>
  new Problem('too-large', 'A feature is too large to be written; ask for it without its geometry, or in a binary format.', { cause })
