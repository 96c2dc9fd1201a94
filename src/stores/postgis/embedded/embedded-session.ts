import type { Session, Statement, TextResult } from '../session.js'
import { Answer, type Field } from '../wire/answer.js'
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

/** COPY data sent in one exchange: what others wait for. */
const copyBytes = 512 * 1024

/** Runs one statement. Throws DatabaseError, ConnectionLost, and what `exchange` throws. */
export async function runEmbedded(
  client: EmbeddedClient,
  { text, values }: Statement,
  isBinary: boolean,
  seconds: number,
  signal?: AbortSignal,
): Promise<WholeAnswer> {
  const message = new MessageWriter().parse('', text).describeStatement('').bind('', values, isBinary).execute().sync().take()
  return readWhole(await client.exchange(message, seconds, signal))
}

/** The embedded database as a session. Without a lock others' statements come between; each COPY exchange is then a transaction of its own. */
export function embeddedSession(client: EmbeddedClient, seconds: number, signal?: AbortSignal): Session {
  return {
    async query(statement: Statement): Promise<TextResult> {
      const { reader, fields, tag } = await runEmbedded(client, statement, false, seconds, signal)
      return { rows: textRows(reader.takeRows({ columns: [] }), fields), tag }
    },
    async copyIn(text, chunks) {
      return 0
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
