import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type { Session } from './session.js'
import type { Parameter } from './wire/message-writer.js'

/** Kysely speaking through `session`, which stays the caller's. */
export function kyselyOver<Tables>(session: Session): Kysely<Tables> {
  const client = {
    async query(text: string, values: readonly Parameter[]) {
      const { rows, tag } = await session.query({ text, values })
      const words = tag.split(' ')
      return { command: words[0], rowCount: Number(words.at(-1)) || 0, rows }
    },
    release() {},
    // The overload for cursors, which only a dialect with the option `cursor` calls, is left out.
  } as unknown as PostgresPoolClient
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { connect: async () => client, end: async () => {} } }) })
}
