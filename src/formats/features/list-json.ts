import type { FeatureColumn } from '#core/feature-table.js'
import { type ArrayText, readArrayText } from '#rows/array-text.js'

/** Whether a column holds arrays, which travel as PostgreSQL writes them. */
export const isList = ({ nativeType }: Pick<FeatureColumn, 'nativeType'>): boolean => nativeType.endsWith('[]')

/** An array of PostgreSQL as JSON: items as columns of their type are told, several dimensions as lists in lists. A text that is no array stays a text. */
export function listJson(text: string, { nativeType }: Pick<FeatureColumn, 'nativeType'>): string {
  const items = readArrayText(text)
  return items ? listOf(items, itemJson(nativeType)) : JSON.stringify(text)
}

const listOf = (items: ArrayText, put: (text: string) => string): string =>
  `[${items.map(item => (item === null ? 'null' : typeof item === 'string' ? put(item) : listOf(item, put))).join(',')}]`

/** NaN and infinity are null, as elsewhere. */
const number = (text: string) => (/^-?\d/.test(text) ? text : 'null')

const kinds: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^(smallint|integer|bigint|real|double precision|numeric\b.*|oid)\[\]$/, number],
  [/^boolean\[\]$/, text => (text === 't' ? 'true' : 'false')],
  [/^jsonb?\[\]$/, text => text.replace(/[\r\n]+/g, ' ')],
  [/^timestamp\b.*\[\]$/, text => JSON.stringify(text.replace(' ', 'T').replace(/\+00$/, 'Z'))],
  [/^bytea\[\]$/, text => JSON.stringify(Buffer.from(text.slice(2), 'hex').toString('base64'))],
]

const itemJson = (nativeType: string) =>
  kinds.find(([pattern]) => pattern.test(nativeType))?.[1] ?? ((text: string) => JSON.stringify(text))
