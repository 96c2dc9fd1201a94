import type { FeatureTable } from '#core/feature-table.js'
import type { RowView } from '#rows/row-view.js'

/** Makes the member `time` of a row (OGC 21-045r1, 7.4): null where nothing is known. Timestamps without a zone count as UTC. */
export function timeWriter({ columns, time }: Pick<FeatureTable, 'columns' | 'time'>): (row: RowView) => string {
  if (!time) return () => 'null'
  const index = (name: string) => columns.findIndex(column => column.name === name) + 1
  if (time.kind === 'instant') {
    const at = index(time.column)
    return row => {
      const moment = momentIn(row, at)
      return moment === undefined ? 'null' : `{"${moment.length === 10 ? 'date' : 'timestamp'}":"${moment}"}`
    }
  }
  const [start, end] = [index(time.start), index(time.end)]
  return row => {
    const [from, to] = [momentIn(row, start), momentIn(row, end)]
    if (from === undefined && to === undefined) return 'null'
    return `{"interval":["${from ?? '..'}","${to ?? '..'}"]}`
  }
}

/** `2024-05-01` or `2024-05-01T08:30:00Z`; undefined where there is none that RFC 3339 can say. */
function momentIn(row: RowView, index: number): string | undefined {
  const text = row.text(index)
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d+)?)Z?)?$/.exec(text ?? '')
  return match?.[2] === undefined ? match?.[1] : `${match[1]}T${match[2]}Z`
}
