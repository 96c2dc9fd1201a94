import type { Session, Statement } from '../session.js'
import { Answer, copiedRows, type Field } from '../wire/answer.js'
import { MessageReader } from '../wire/message-reader.js'
import { MessageWriter } from '../wire/message-writer.js'
import { textRows } from '../wire/text-rows.js'
import type { EmbeddedClient } from './embedded-client.js'

/** A whole answer: its rows are still in the reader. */
export interface WholeAnswer {
  readonly reader: MessageReader
  readonly fields: readonly Field[]
  readonly tag: string
}

export interface RunOptions {
  readonly isBinary: boolean
  /** How long the database may work on it. */
  readonly seconds: number
  readonly signal?: AbortSignal | undefined
}

/** Runs one statement. Throws DatabaseError, ConnectionLost, and what `exchange` throws. */
export async function runEmbedded(
  client: Pick<EmbeddedClient, 'exchange'>,
  { text, values }: Statement,
  options: RunOptions,
): Promise<WholeAnswer> {
  const writer = new MessageWriter().parse('', text).describeStatement('').bind('', values, options.isBinary).execute().sync()
  return readWhole(await client.exchange(writer.take(), options.seconds, options.signal))
}

/** The embedded database as a session. Unless the client holds the lock, others’ statements come between. */
export function embeddedSession(client: Pick<EmbeddedClient, 'exchange'>, seconds: number, signal: AbortSignal | undefined): Session {
  return {
    async query(statement) {
      const { reader, fields, tag } = await runEmbedded(client, statement, { isBinary: false, seconds, signal })
      return { rows: textRows(reader.takeRows({ columns: [] }), fields), tag }
    },
    async rows(statement, schemaOf) {
      const { reader, fields } = await runEmbedded(client, statement, { isBinary: true, seconds, signal })
      return reader.takeRows(schemaOf(fields))
    },
    async script(text) {
      readWhole(await client.exchange(new MessageWriter().query(text).take(), seconds, signal))
    },
    async copyIn(text, file) {
      const message = new MessageWriter().query(text).copyData(file).copyDone().take()
      return copiedRows(readWhole(await client.exchange(message, seconds, signal)).tag)
    },
  }
}

function readWhole(bytes: Uint8Array): WholeAnswer {
  const reader = new MessageReader(bytes)
  const answer = new Answer()
  answer.consume(reader)
  if (answer.error) throw answer.error
  return { reader, fields: answer.fields ?? [], tag: answer.tag }
}
