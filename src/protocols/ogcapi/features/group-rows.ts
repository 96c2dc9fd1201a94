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

/** The groups as rows of values, as they come. */
export interface GroupRows {
  readonly columns: readonly GroupColumn[]
  readonly rows: AsyncIterable<readonly (readonly GroupValue[])[]>
  /** Rows that have come; there are more groups than `limit` let come. */
  readonly told: { count: number; hasMore: boolean }
}

/** Reads groups; `toLonLat` brings extents from the CRS of the data to longitude and latitude. */
export function groupRows(aggregated: Aggregated, toLonLat: (box: Bbox) => Bbox | undefined): GroupRows {
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
  const told = { count: 0, hasMore: false }
  async function* rows() {
    for await (const batch of aggregated.batches) {
      const view = rowView(batch)
      const box = (place: number): Bbox => [view.number(place), view.number(place + 1), view.number(place + 2), view.number(place + 3)]
      // one more was asked for
      const count = Math.min(batch.count, limit - told.count)
      told.hasMore ||= count < batch.count
      told.count += count
      yield Array.from({ length: count }, (_, i) => {
        view.at(i)
        return columns.map(({ kind }, c): GroupValue => {
          const place = places[c]
          if (kind !== 'extent') return view.value(place)
          return view.isNull(place) ? null : (toLonLat(box(place)) ?? null)
        })
      })
    }
  }
  return { columns, rows: rows(), told }
}

/** JSON around the rows: `head` is an object without its closing bracket, `member` what the rows are called; counts come behind them. */
export async function* jsonPieces(
  head: object,
  member: string,
  { columns, rows, told }: GroupRows,
  rowText: (columns: readonly GroupColumn[], row: readonly GroupValue[]) => string,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},${JSON.stringify(member)}:[`)
  let before = '\n'
  for await (const part of rows) {
    if (part.length === 0) continue
    yield Buffer.from(before + part.map(row => rowText(columns, row)).join(',\n'))
    before = ',\n'
  }
  yield Buffer.from(`\n],"numberReturned":${told.count},"hasMore":${told.hasMore}}`)
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
export async function* csvPieces({ columns, rows }: GroupRows): AsyncGenerator<Uint8Array, void> {
  const sides = ['minx', 'miny', 'maxx', 'maxy']
  const quoted = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const headings = columns.flatMap(({ name, kind }) => (kind === 'extent' ? sides.map(side => `${name}.${side}`) : [name]))
  const line = (fields: readonly string[]) => `${fields.join(',')}\r\n`
  yield Buffer.from(line(headings.map(quoted)))
  for await (const part of rows) {
    const lines = part.map(row =>
      columns.flatMap(({ name, kind }, at) => {
        const value = row[at]
        if (kind === 'extent') return value === null ? ['', '', '', ''] : (value as Bbox).map(String)
        return value === null ? '' : quoted(fieldText({ name, kind, oid: 0 }, value as FieldValue))
      }),
    )
    yield Buffer.from(lines.map(line).join(''))
  }
}
