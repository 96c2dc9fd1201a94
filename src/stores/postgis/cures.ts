import type { TableCures } from '#core/publication.js'
import { shellWord } from '#core/shell-word.js'
import { literal, quoted } from './identifiers.js'
import { tableSql } from './sql.js'

/**
 * Cures as psql commands for the database at `url`, which must hold no password: psql asks for it, or takes PGPASSWORD. Whatever a table is
 * called, the command does nothing but what it says; a name with control characters has no cure, because nobody can paste it.
 */
export function postgisCures(url: string): TableCures {
  const command = (names: readonly string[], statement: string) =>
    names.some(name => /\p{Cc}/u.test(name)) ? undefined : `psql ${shellWord(url)} -c ${shellWord(statement)}`
  return {
    spatialIndex: (schema, table, geometry) =>
      command([schema, table, geometry], `CREATE INDEX CONCURRENTLY ON ${tableSql({ schema, table })} USING gist (${quoted(geometry)})`),
    primaryKey: (schema, table) =>
      command(
        [schema, table],
        `ALTER TABLE ${tableSql({ schema, table })} ADD COLUMN arpent_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`,
      ),
    setSrid: (schema, table, geometry, srid) =>
      command([schema, table, geometry], `SELECT UpdateGeometrySRID(${[schema, table, geometry].map(literal).join(', ')}, ${srid})`),
    makeValid: (schema, table, geometry) => {
      const column = quoted(geometry)
      return command(
        [schema, table, geometry],
        `UPDATE ${tableSql({ schema, table })} SET ${column} = ST_MakeValid(${column}) WHERE NOT ST_IsValid(${column})`,
      )
    },
    grantState: () => {
      if (!URL.canParse(url)) return undefined
      const { username, pathname } = new URL(url)
      const [user, database] = [decodeURIComponent(username), decodeURIComponent(pathname.slice(1))]
      if (user === '' || database === '') return undefined
      return command([user, database], `GRANT CREATE ON DATABASE ${quoted(database)} TO ${quoted(user)}`)
    },
    grantRead: (schema, table) => {
      const user = URL.canParse(url) ? decodeURIComponent(new URL(url).username) : ''
      if (user === '') return undefined
      const role = quoted(user)
      return command(
        [schema, table, user],
        `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${role}; GRANT SELECT ON ${tableSql({ schema, table })} TO ${role}`,
      )
    },
  }
}
