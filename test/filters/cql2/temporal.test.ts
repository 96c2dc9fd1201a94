import t from 'tap'
import { compileFilter } from '#filters/compile-filter.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { settleFilter } from '#filters/settle-filter.js'
import type { RowColumn } from '#rows/batch.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'

const columns: readonly RowColumn[] = ['debut', 'fin', 'moment'].map(name => ({ name, kind: 'timestamptz', oid: oidOfKind.timestamptz }))
const table = { columns, geometries: [] }
const day = (number: number | null) => (number === null ? null : `2024-01-${String(number).padStart(2, '0')}T00:00:00Z`)

/** True, false or null, of one row whose columns are days of a month. */
function truth(cql: string, debut: number | null, fin: number | null, moment: number | null = null): boolean | null {
  const builder = new RowBuilder({ columns })
  builder.row([day(debut), day(fin), day(moment)])
  const batch = builder.take()
  return compileFilter(settleFilter(parseCql2Text(cql), table), { columns })(rowView(batch).at(0))
}

const functions =
  'after before contains disjoint during equals finishedby finishes intersects meets metby overlappedby overlaps startedby starts'.split(
    ' ',
  )
const interval = "INTERVAL('2024-01-10T00:00:00Z', '2024-01-20T00:00:00Z')"

t.test('relations of intervals are those of Allen, as OWL-Time names them', async t => {
  // from a day to a day, beside 10 to 20: each of the thirteen relations once
  const relations: readonly (readonly [from: number, to: number, holds: string])[] = [
    [1, 5, 'before disjoint'],
    [5, 10, 'meets intersects'],
    [5, 15, 'overlaps intersects'],
    [5, 20, 'finishedby intersects'],
    [5, 25, 'contains intersects'],
    [10, 15, 'starts intersects'],
    [10, 20, 'equals intersects'],
    [10, 25, 'startedby intersects'],
    [12, 18, 'during intersects'],
    [15, 20, 'finishes intersects'],
    [15, 25, 'overlappedby intersects'],
    [20, 25, 'metby intersects'],
    [21, 25, 'after disjoint'],
  ]
  for (const [from, to, holds] of relations) {
    const found = functions.filter(name => truth(`T_${name}(INTERVAL(debut, fin), ${interval})`, from, to))
    t.same(found.sort(), holds.split(' ').sort(), `${from} to ${to}`)
    const against = functions.filter(name => truth(`NOT T_${name}(INTERVAL(debut, fin), ${interval})`, from, to))
    t.equal(found.length + against.length, functions.length, `${from} to ${to} and its opposites`)
  }
})

t.test('each relation has the one that says it the other way round', async t => {
  const pairs = { before: 'after', meets: 'metby', overlaps: 'overlappedby', starts: 'startedby', during: 'contains', finishes: 'finishedby', equals: 'equals', intersects: 'intersects', disjoint: 'disjoint' } // biome-ignore format: short
  for (const [name, other] of Object.entries(pairs))
    for (const [from, to] of [[1, 5], [5, 10], [5, 15], [10, 15], [10, 20], [12, 18], [15, 20], [15, 25], [21, 22]] as const) // biome-ignore format: short
      t.equal(
        truth(`T_${name}(INTERVAL(debut, fin), ${interval})`, from, to),
        truth(`T_${other}(${interval}, INTERVAL(debut, fin))`, from, to),
      )
})

t.test('moments, open ends and nulls', async t => {
  const table: readonly (readonly [cql: string, debut: number | null, fin: number | null, moment: number | null, truth: boolean | null])[] = [
    ["T_AFTER(moment, TIMESTAMP('2024-01-10T00:00:00Z'))", null, null, 11, true],
    ["T_AFTER(moment, TIMESTAMP('2024-01-10T00:00:00Z'))", null, null, 10, false],
    ["T_AFTER(moment, TIMESTAMP('2024-01-10T00:00:00Z'))", null, null, null, null],
    [`T_AFTER(moment, ${interval})`, null, null, 20, false],
    [`T_BEFORE(moment, ${interval})`, null, null, 9, true],
    [`T_EQUALS(moment, ${interval})`, null, null, 10, false],
    ["T_EQUALS(moment, INTERVAL('2024-01-10T00:00:00Z', '2024-01-10T00:00:00Z'))", null, null, 10, true],
    [`T_INTERSECTS(moment, ${interval})`, null, null, 20, true],
    [`T_DISJOINT(moment, ${interval})`, null, null, 20, false],
    [`T_INTERSECTS(${interval}, moment)`, null, null, 21, false],
    ['T_EQUALS(moment, moment)', null, null, 4, true],
    ["T_INTERSECTS(moment, DATE('2024-01-10'))", null, null, 10, true],
    // open ends
    ["T_INTERSECTS(moment, INTERVAL('2024-01-10', '..'))", null, null, 10, true],
    ["T_INTERSECTS(moment, INTERVAL('2024-01-10', '..'))", null, null, 9, false],
    ["T_INTERSECTS(moment, INTERVAL('..', '2024-01-10'))", null, null, 9, true],
    ["T_AFTER(moment, INTERVAL('2024-01-10', '..'))", null, null, 25, false],
    ["T_INTERSECTS(moment, INTERVAL('..', '..'))", null, null, 9, true],
    // what is null is in no relation, also to all of time
    ["T_INTERSECTS(moment, INTERVAL('..', '..'))", null, null, null, null],
    ["T_AFTER(moment, INTERVAL('2024-01-10', '..'))", null, null, null, null],
    ["NOT T_AFTER(moment, INTERVAL('2024-01-10', '..'))", null, null, null, null],
    ["T_DURING(INTERVAL(debut, fin), INTERVAL('..', '2024-01-20'))", 1, 19, null, true],
    ["T_DURING(INTERVAL(debut, fin), INTERVAL('..', '..'))", 1, 19, null, true],
    ["T_STARTS(INTERVAL(debut, fin), INTERVAL('2024-01-01', '..'))", 1, 19, null, true],
    ["T_STARTS(INTERVAL('..', fin), INTERVAL('..', '2024-01-20'))", null, 19, null, true],
    ["T_EQUALS(INTERVAL('..', fin), INTERVAL('..', '2024-01-20'))", null, 20, null, true],
    ["T_FINISHES(INTERVAL(debut, '..'), INTERVAL('2024-01-01', '..'))", 5, null, null, true],
    ["T_MEETS(INTERVAL(debut, '..'), INTERVAL('2024-01-01', '..'))", 5, null, null, false],
    ["T_CONTAINS(INTERVAL('..', '..'), INTERVAL(debut, fin))", 5, 6, null, true],
    // an end that is not known leaves open only what depends on it
    [`T_BEFORE(INTERVAL(debut, fin), ${interval})`, 1, null, null, null],
    [`T_AFTER(INTERVAL(debut, fin), ${interval})`, 1, null, null, false],
    [`T_AFTER(INTERVAL(debut, fin), ${interval})`, 25, null, null, true],
    [`T_INTERSECTS(INTERVAL(debut, fin), ${interval})`, 25, null, null, false],
    [`T_INTERSECTS(INTERVAL(debut, fin), ${interval})`, 12, null, null, null],
    [`T_DISJOINT(INTERVAL(debut, fin), ${interval})`, null, 5, null, true],
  ] // biome-ignore format: a table
  for (const [cql, debut, fin, moment, wanted] of table) t.equal(truth(cql, debut, fin, moment), wanted, `${cql} ${debut} ${fin} ${moment}`)
})

t.test('what is of intervals alone is not of moments', async t => {
  for (const name of functions) {
    const read = () => parseCql2Text(`T_${name.toUpperCase()}(moment, ${interval})`)
    if (['after', 'before', 'disjoint', 'equals', 'intersects'].includes(name)) t.doesNotThrow(read, name)
    else t.throws(read, { name: 'FilterError', message: /is of two intervals, and has a moment; T_INTERSECTS/ }, name)
  }
})
