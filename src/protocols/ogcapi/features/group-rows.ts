import type { Aggregated } from '#core/aggregate-features.js'
import type { Bbox } from '#geo/bbox.js'
import type { RowColumn } from '#rows/batch.js'
import type { FieldValue } from '#rows/pg-field.js'
import { fieldText } from '#rows/pg-field.js'
import { rowView } from '#rows/row-view.js'

/** A column of groups as it is told; an extent is one. */
export interface GroupColumn {
  readonly name: string
  readonly kind: RowColumn['kind'] | 'extent'
}

/** A value of a group; extents are west, south, east, north in degrees. */
export type GroupValue = FieldValue | Bbox | null

/** The groups as rows of values. There are never many. */
export interface GroupRows {
  readonly columns: readonly GroupColumn[]
  readonly rows: readonly (readonly GroupValue[])[]
  /** There are more groups than `limit` let come. */
  readonly hasMore: boolean
}

/** Reads all groups; `toLonLat` brings extents from the CRS of the data to longitude and latitude. */
export async function groupRows(aggregated: Aggregated, toLonLat: (box: Bbox) => Bbox | undefined): Promise<GroupRows> {
  const { schema, groupBy, measures, limit } = aggregated
  const columns: GroupColumn[] = []
  const places: number[] = []
  let at = 0
  for (const { name, ...one } of [...groupBy, ...measures]) {
    const isExtent = 'kind' in one && one.kind === 'extent'
    columns.push({ name, kind: isExtent ? 'extent' : schema.columns[at].kind })
    places.push(at)
    at += isExtent ? 4 : 1
  }
  const rows: GroupValue[][] = []
  for await (const batch of aggregated.batches) {
    const view = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      view.at(i)
      const box = (place: number): Bbox => [view.number(place), view.number(place + 1), view.number(place + 2), view.number(place + 3)]
      rows.push(
        columns.map(({ kind }, c) => {
          const place = places[c]
          if (kind !== 'extent') return view.value(place)
          return view.isNull(place) ? null : (toLonLat(box(place)) ?? null)
        }),
      )
    }
  }
  // one more was asked for
  return { columns, rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** A value in JSON: numbers with all their digits, what is no JSON number (NaN, infinity) as a text. */
export function jsonValue({ name, kind }: GroupColumn, value: GroupValue): string {
  if (value === null) return 'null'
  if (kind === 'extent') return JSON.stringify(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return String(value)
  const text = fieldText({ name, kind, oid: 0 }, value as FieldValue)
  return (kind === 'numeric' || typeof value === 'number') && /^-?\d/.test(text) ? text : JSON.stringify(text)
}

/** CSV (RFC 4180), headings first; null is nothing, an empty text is `""`; extents are four columns. */
export function csvText({ columns, rows }: GroupRows): string {
  const sides = ['minx', 'miny', 'maxx', 'maxy']
  const quoted = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const headings = columns.flatMap(({ name, kind }) => (kind === 'extent' ? sides.map(side => `${name}.${side}`) : [name]))
  const lines = rows.map(row =>
    columns.flatMap(({ name, kind }, at) => {
      const value = row[at]
      if (kind === 'extent') return value === null ? ['', '', '', ''] : (value as Bbox).map(String)
      return value === null ? '' : quoted(fieldText({ name, kind, oid: 0 }, value as FieldValue))
    }),
  )
  return [headings.map(quoted), ...lines].map(line => `${line.join(',')}\r\n`).join('')
}
