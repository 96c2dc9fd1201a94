import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { joinBatches, type RowBatch, type RowSchema } from '#rows/batch.js'
import type { Running, Session, Statement, TextResult } from '../session.js'
import { Answer, copiedRows, type Field } from '../wire/answer.js'
import { ConnectionLost } from '../wire/database-error.js'
import { MessageReader } from '../wire/message-reader.js'
import { MessageWriter } from '../wire/message-writer.js'
import { textRows } from '../wire/text-rows.js'
import type { NativeAddress } from './address.js'
import { authenticate, type BackendKey } from './authenticate.js'
import { openSocket } from './socket.js'

/** A batch is handed on once it has this many bytes; smaller ones cost more in handling than they gain in latency. */
const batchBytes = 64 * 1024
/** The first of those that are drawn as they come is handed on sooner: while it is looked at, the database goes on. */
const firstBatchBytes = 32 * 1024
/** Prepared statements kept per connection; the one used longest ago goes first. */
const maxPrepared = 100
/** SQLSTATEs that say a prepared statement no longer fits: the table was altered, or a proxy swapped the session. */
const stale = new Set(['0A000', '26000'])
/** Bytes that may wait to be looked at before no more are read. */
const mostUnread = 256 * 1024
/** How long a cancelled statement may take to stop before its connection is given up. */
const cancelMilliseconds = 10_000
/** How long the other side may take to hang up after the goodbye. */
const goodbyeMilliseconds = 2_000

/** One connection to PostgreSQL over a socket, read only when somebody waits: a slow consumer slows the server. */
export class NativeConnection implements Session {
  readonly reader = new MessageReader()
  readonly #writer = new MessageWriter()
  readonly #prepared = new Map<string, { readonly name: string; readonly fields: readonly Field[] }>()
  readonly #address: NativeAddress
  readonly #takesTurns: boolean
  #socket!: Socket
  /** Bytes come by themselves, as long as they are taken. */
  #isDirect = false
  #hasMore = false
  /** Unread bytes below which whoever waits is left alone, unless they end the answer: PostgreSQL sends 8 KB at a time. */
  #enough = 0
  #key: BackendKey = { process: 0, secret: 0 }
  #counter = 0
  #hasOnePlan = false
  #isOutside = true
  #isBusy = true
  #lost: ConnectionLost | undefined
  #wake: (() => void) | undefined
  #cancelling: Promise<void> | undefined
  /** Called once, when the connection has ended for whatever reason. */
  onLost: (() => void) | undefined

  private constructor(address: NativeAddress, takesTurns: boolean) {
    this.#address = address
    this.#takesTurns = takesTurns
  }

  async #connect(): Promise<void> {
    const { socket, isDirect } = await openSocket(this.#address, bytes => this.#take(bytes))
    this.#socket = socket
    this.#isDirect = isDirect
    let cause: unknown
    socket.on('error', error => {
      cause = error
    })
    socket.on('close', () => this.#lose(new ConnectionLost('the connection to the database ended', cause)))
    socket.on('end', () => socket.destroy())
    if (!isDirect) socket.on('readable', () => this.#onReadable())
  }

  /**
   * Connects, authenticates and prepares the session by `setup`, SQL without parameters. `takesTurns`: between two batches of rows others of this thread have their turn; as
   * long as more can be read, Node asks for nothing else. Throws ConnectionLost or DatabaseError.
   */
  static async open(address: NativeAddress, setup: string, takesTurns = false): Promise<NativeConnection> {
    const connection = new NativeConnection(address, takesTurns)
    await connection.#connect()
    const timer = setTimeout(() => connection.destroy(), cancelMilliseconds)
    try {
      connection.#key = await authenticate(connection, address)
      connection.#isBusy = false
      await connection.#command(setup)
    } catch (error) {
      connection.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
    return connection
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Fit for the next user: nothing runs, and no transaction was left open. */
  get isFree(): boolean {
    return !this.#isBusy && !this.#lost && this.#isOutside
  }

  /** Sends a statement and waits until its columns are known. Nothing else may run until the batches have ended. */
  async run({ text, values, hasOnePlan = false }: Statement, isBinary = true): Promise<Running> {
    // a command of its own, as a connection is mostly asked for the same kind of maps again
    if (hasOnePlan !== this.#hasOnePlan) {
      await this.#command(`SET plan_cache_mode = ${hasOnePlan ? 'force_generic_plan' : 'force_custom_plan'}`)
      this.#hasOnePlan = hasOnePlan
    }
    const known = this.#prepared.get(text)
    const name = known?.name ?? `a${this.#counter++}`
    if (!known) this.#writer.parse(name, text).describeStatement(name)
    this.#begin()
    this.send(this.#writer.bind(name, values, isBinary).execute().sync().take())
    const answer = new Answer()
    let isDone = false
    while (!(answer.isBound || answer.error || isDone)) {
      isDone = answer.consume(this.reader)
      if (!isDone && !answer.isBound && !answer.error) await this.more()
    }
    if (!isDone && answer.error) await this.#finish(answer)
    if (answer.error) {
      this.#isBusy = false
      this.reader.takeRows({ columns: [] })
      this.#prepared.delete(text)
      if (known && stale.has(answer.error.code)) return this.run({ text, values, hasOnePlan }, isBinary)
      throw answer.error
    }
    const fields = known?.fields ?? answer.fields ?? []
    this.#remember(text, { name, fields })
    return { fields, batches: (schema, isFleeting) => this.#batches(schema, answer, isDone, isFleeting), tag: () => answer.tag }
  }

  async query(statement: Statement): Promise<TextResult> {
    const rows: Record<string, unknown>[] = []
    const answer = await this.run(statement, false)
    for await (const batch of answer.batches({ columns: [] })) rows.push(...textRows(batch, answer.fields))
    return { rows, tag: answer.tag() }
  }

  async rows(statement: Statement, schemaOf: (fields: readonly Field[]) => RowSchema): Promise<RowBatch> {
    const answer = await this.run(statement)
    const schema = schemaOf(answer.fields)
    const batches: RowBatch[] = []
    for await (const batch of answer.batches(schema)) batches.push(batch)
    return joinBatches(schema, batches)
  }

  async script(text: string): Promise<void> {
    await this.#command(text)
  }

  async copyIn(text: string, file: Uint8Array): Promise<number> {
    // Sent in one go: what the server does not want of it after a failure, it drops (PostgreSQL manual, 55.2.6).
    return copiedRows(await this.#simple(this.#writer.query(text).copyData(file).copyDone().take()))
  }

  /** Asks the server to stop the running statement; its answer ends with an error, or whole if it was about to end. Never throws. */
  cancel(): Promise<void> {
    this.#cancelling ??= this.#requestCancel().catch(() => this.destroy())
    return this.#cancelling
  }

  /** After `cancel` and the end of the answer: makes sure that a late cancel cannot hit the next statement. Given up after a while. */
  async settle(): Promise<void> {
    if (!this.#cancelling || this.isLost) return
    const timer = setTimeout(() => this.destroy(), cancelMilliseconds)
    try {
      await this.#cancelling
      this.#cancelling = undefined
      await this.#command('SELECT 1').catch(() => this.#command('SELECT 1'))
    } finally {
      clearTimeout(timer)
    }
  }

  /** Says goodbye, and does not wait long for a network that no longer carries the answer. */
  close(): void {
    if (this.isLost) return
    this.#socket.end(this.#writer.terminate().take())
    const timer = setTimeout(() => this.destroy(), goodbyeMilliseconds)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  destroy(): void {
    this.#socket.destroy()
    this.#lose(new ConnectionLost('the connection to the database was given up'))
  }

  send(bytes: Uint8Array): void {
    if (!this.isLost) this.#socket.write(bytes)
  }

  /** Waits for more bytes, `enough` of them at best, and gives them to the reader. Throws ConnectionLost. */
  async more(enough = 0): Promise<void> {
    this.#enough = enough
    for (;;) {
      if (this.#isDirect) {
        const hasMore = this.#hasMore
        this.#hasMore = false
        if (hasMore) return
        this.#socket.resume()
      } else {
        const chunk: Buffer | null = this.#socket.read()
        if (chunk) return this.reader.push(chunk)
      }
      if (this.#lost) throw this.#lost
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  async *#batches(schema: RowSchema, answer: Answer, isDone: boolean, isFleeting = false): AsyncGenerator<RowBatch, void> {
    let enough = this.#takesTurns || isFleeting ? firstBatchBytes : batchBytes
    for (;;) {
      if (this.reader.rowBytes >= enough || (isDone && this.reader.rowBytes > 0)) {
        yield this.reader.takeRows(schema, isFleeting)
        if (isFleeting) this.reader.reclaim()
        if (this.#takesTurns && !isDone) await setImmediate()
        enough = batchBytes
      }
      if (isDone) break
      await this.#moreOf(answer, enough - this.reader.rowBytes)
      isDone = answer.consume(this.reader)
    }
    this.#isBusy = false
    if (answer.error) throw answer.error
  }

  /** Reads and forgets the rest of an answer. */
  async #finish(answer: Answer): Promise<void> {
    while (!answer.consume(this.reader)) {
      this.reader.takeRows({ columns: [] })
      await this.#moreOf(answer)
    }
  }

  /** The server says why before it hangs up: that reason is the better one. */
  async #moreOf(answer: Answer, enough?: number): Promise<void> {
    try {
      await this.more(enough)
    } catch (error) {
      throw answer.error ?? error
    }
  }

  #command(text: string): Promise<string> {
    return this.#simple(this.#writer.query(text).take())
  }

  /** Sends a simple query whose rows do not matter and returns its command tag. */
  async #simple(message: Uint8Array): Promise<string> {
    this.#begin()
    this.send(message)
    const answer = new Answer()
    await this.#finish(answer)
    this.reader.takeRows({ columns: [] })
    this.#isBusy = false
    this.#isOutside = answer.isOutside
    if (answer.error) throw answer.error
    return answer.tag
  }

  #begin(): void {
    if (this.#isBusy) throw new Error('a connection answers one statement at a time')
    if (this.#lost) throw this.#lost
    this.#isBusy = true
  }

  #remember(text: string, prepared: { name: string; fields: readonly Field[] }): void {
    this.#prepared.delete(text)
    this.#prepared.set(text, prepared)
    if (this.#prepared.size <= maxPrepared) return
    const [oldest, { name }] = this.#prepared.entries().next().value!
    this.#prepared.delete(oldest)
    this.#writer.closeStatement(name)
  }

  async #requestCancel(): Promise<void> {
    let socket: Socket | undefined
    const timer = setTimeout(() => {
      this.destroy()
      socket?.destroy()
    }, cancelMilliseconds)
    try {
      const asked = (await openSocket(this.#address, () => true)).socket
      socket = asked
      // nothing waits for it when the process ends
      asked.unref()
      const closed = new Promise<void>(resolve => asked.once('close', () => resolve()))
      asked.on('error', () => {}).resume()
      asked.write(new MessageWriter().cancelRequest(this.#key.process, this.#key.secret).take())
      await closed
    } finally {
      clearTimeout(timer)
    }
  }

  #onReadable(): void {
    if (this.#wake || this.#isBusy) {
      this.#awake()
      return
    }
    const chunk: Buffer | null = this.#socket.read()
    if (chunk) this.#overhear(chunk)
  }

  /** Bytes that came by themselves; false while those before have not been looked at. */
  #take(bytes: Uint8Array): boolean {
    if (!this.#wake && !this.#isBusy) {
      this.#overhear(bytes)
      return true
    }
    this.reader.push(bytes)
    this.#hasMore = true
    if (this.reader.unread >= this.#enough || this.reader.mayBeAtEnd) this.#awake()
    return this.reader.unread < (this.#takesTurns ? batchBytes : mostUnread)
  }

  /** Nobody asked: a notice, a changed setting, or a goodbye. Reading on is what lets the end of the connection be noticed. */
  #overhear(bytes: Uint8Array): void {
    try {
      this.reader.push(bytes)
      while (this.reader.next()) if (this.reader.type === 0x45) this.destroy()
    } catch {
      this.destroy()
    }
  }

  #awake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  #lose(reason: ConnectionLost): void {
    if (this.#lost) return
    this.#lost = reason
    this.#awake()
    this.onLost?.()
  }
}
