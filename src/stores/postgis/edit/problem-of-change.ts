import type { FeatureSource } from '#core/atlas.js'
import type { FeatureChange } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Session } from '../session.js'
import { DatabaseError } from '../wire/database-error.js'

/**
 * What the database does not take, told in terms of the feature: never SQL, and nothing of columns that nobody sees. The session is in a state to be
 * asked. Undefined where it is not about the feature.
 */
export async function problemOfChange(
  session: Session,
  source: FeatureSource,
  change: FeatureChange | undefined,
  cause: DatabaseError,
): Promise<Problem | undefined> {
  const { code, column, constraint, detail } = cause
  const problem = (kind: Problem['kind'], message: string, locator?: string) =>
    new Problem(kind, message, { cause, ...(locator !== undefined && { locator }) })
  const names = seen(source, column === undefined ? columnsIn(detail) : [column])
  const [first] = names
  const named = names.map(name => `“${name}”`).join(' and ')
  const rule = constraint === undefined ? 'A rule' : `The rule “${constraint}”`
  switch (code) {
    case '23502':
      return first === undefined
        ? problem(
            'unprocessable',
            'The table has a column that must have a value and that is not published here: features cannot be made here.',
          )
        : problem('unprocessable', `“${first}” must have a value.`, first)
    case '23505':
    case '23P01':
      return problem(
        'conflict',
        `There is a feature already with ${first === undefined ? 'these values' : `this ${named}`}, and there can be only one.`,
        first,
      )
    case '23503':
    case '23001':
      if (change?.kind === 'remove') return problem('conflict', 'Other data refer to this feature; change or remove them first.')
      return problem(
        'conflict',
        `${first === undefined ? 'A value' : `The value of ${named}`} refers to something that is not there, or is referred to itself.`,
        first,
      )
    case '23514': {
      const misfit = await misfitOf(session, source, change)
      return misfit ?? problem('unprocessable', `${rule} of the table does not allow these values.`)
    }
    case '44000':
      return problem('unprocessable', 'The view takes only features that it shows itself; the values must say that it does.')
    case '42501':
      return problem('forbidden', 'The database does not allow this change of this feature.')
    case 'P0001': // raised on purpose, by the trigger of an operator, for whoever edits
      return problem('conflict', `The table refuses the change: ${cause.message.slice(0, 500)}`)
    case '55P03':
      return problem('conflict', 'Somebody else is changing the same feature; try again in a moment.')
    case '0A000':
    case '55000':
      return problem(
        'unsupported',
        'The view is not one that the database can change features through; a trigger (INSTEAD OF) would make it one.',
      )
    case '428C9':
      return problem('unprocessable', 'A value was given that the database makes itself.')
  }
  if (!code.startsWith('22') && code !== 'XX000') return undefined
  return (await misfitOf(session, source, change)) ?? problem('unprocessable', 'The table does not take these values.')
}

/** The attribute whose value is none of its type, found by asking one by one. */
async function misfitOf(session: Session, { columns }: FeatureSource, change: FeatureChange | undefined): Promise<Problem | undefined> {
  if (!change || change.kind === 'remove') return undefined
  for (const { name, nativeType } of columns) {
    const value = change.values.get(name)
    if (value === undefined || value === null) continue
    await session.script('SAVEPOINT probe')
    try {
      await session.query({ text: `SELECT $1::${nativeType} IS NULL AS is_null`, values: [value] })
    } catch (cause) {
      if (!(cause instanceof DatabaseError)) throw cause
      await session.script('ROLLBACK TO SAVEPOINT probe')
      return new Problem('unprocessable', `The value of “${name}” is not one of type ${nativeType}.`, { locator: name, cause })
    }
  }
  return undefined
}

/** `Key (a, b)=(1, 2) …`, in whatever language the rest is. */
const columnsIn = (detail = ''): readonly string[] =>
  (/\(([^()]*)\)=\(/.exec(detail)?.[1] ?? '').split(', ').map(name => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))

const seen = ({ columns, geometries }: FeatureSource, names: readonly string[]) =>
  names.filter(name => [...columns, ...geometries].some(column => column.name === name))
