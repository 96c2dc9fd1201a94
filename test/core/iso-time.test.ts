import t from 'tap'
import { addPeriod, readPeriod, readTime, writeTime } from '#core/iso-time.js'

/** A text, and the first moment it stands for and the first it does not, as `Date.parse` reads them. */
const spans: readonly (readonly [text: string, from: string, to: string])[] = [
  ['2017', '2017-01-01T00:00:00Z', '2018-01-01T00:00:00Z'],
  ['2016-02', '2016-02-01T00:00:00Z', '2016-03-01T00:00:00Z'],
  ['2016-12', '2016-12-01T00:00:00Z', '2017-01-01T00:00:00Z'],
  ['2016-02-29', '2016-02-29T00:00:00Z', '2016-03-01T00:00:00Z'],
  ['2017-06-15T12Z', '2017-06-15T12:00:00Z', '2017-06-15T13:00:00Z'],
  ['2017-06-15T12:30', '2017-06-15T12:30:00Z', '2017-06-15T12:31:00Z'],
  ['2017-06-15T12:30:05Z', '2017-06-15T12:30:05Z', '2017-06-15T12:30:06Z'],
  ['2017-06-15 12:30:05', '2017-06-15T12:30:05Z', '2017-06-15T12:30:06Z'],
  ['2017-06-15T12:30:05.2Z', '2017-06-15T12:30:05.200Z', '2017-06-15T12:30:05.300Z'],
  ['2017-06-15T12:30:05.250Z', '2017-06-15T12:30:05.250Z', '2017-06-15T12:30:05.251Z'],
  ['2017-06-15T12:30:05,250123456Z', '2017-06-15T12:30:05.250Z', '2017-06-15T12:30:05.251Z'],
  ['2017-06-15T12:30:05+02:00', '2017-06-15T10:30:05Z', '2017-06-15T10:30:06Z'],
  // the plus of an offset, not escaped
  ['2017-06-15T12:30:05 02:00', '2017-06-15T10:30:05Z', '2017-06-15T10:30:06Z'],
  ['2017-06-15T12:30:05-0330', '2017-06-15T16:00:05Z', '2017-06-15T16:00:06Z'],
  ['0044-03-15', '0044-03-15T00:00:00Z', '0044-03-16T00:00:00Z'],
  ['-000043', '-000043-01-01T00:00:00Z', '-000042-01-01T00:00:00Z'],
  ['9999', '9999-01-01T00:00:00Z', '+010000-01-01T00:00:00Z'],
]

t.test('a time stands for all that it does not say', t => {
  for (const [text, from, to] of spans) {
    const span = readTime(text)
    t.same(span && [span.from, span.to], [Date.parse(from), Date.parse(to)], text)
  }
  t.end()
})

t.test('what is no moment of the calendar is no time', t => {
  for (const text of [
    '',
    'x',
    '17',
    '201706',
    '2017-13',
    '2017-00',
    '2017-02-30',
    '2015-02-29',
    '2017-06-15T24:00',
    '2017-06-15T12:61',
    '2017Z',
    '2017-06-15T',
    '20170615',
    "2017'--",
    '２０１７',
    `2017${'0'.repeat(100)}`,
    '../../etc/passwd',
  ])
    t.equal(readTime(text), undefined, text)
  t.end()
})

t.test('times are written as they are read', t => {
  for (const [text, precision] of [
    ['2017', 'year'],
    ['2017-06', 'month'],
    ['2017-06-15', 'day'],
    ['2017-06-15T12:30:05Z', 'second'],
    ['2017-06-15T12:30:05.250Z', 'millisecond'],
    ['-000043', 'year'],
  ] as const) {
    t.equal(writeTime(readTime(text)!.from, precision), text)
    t.equal(readTime(text)!.precision, precision)
  }
  t.end()
})

t.test('periods are those of ISO 8601', t => {
  t.same(readPeriod('P1Y2M'), { months: 14, milliseconds: 0 })
  t.same(readPeriod('P1W'), { months: 0, milliseconds: 7 * 86_400_000 })
  t.same(readPeriod('PT1H30M5.5S'), { months: 0, milliseconds: 5_405_500 })
  for (const text of ['P', 'PT', 'P0D', 'P1', '1D', 'P-1D', 'P1.5Y', 'PT1', 'P99999999999D']) t.equal(readPeriod(text), undefined, text)
  // as PostgreSQL adds intervals: the last day of a shorter month
  const after = (from: string, period: string, times: number) =>
    new Date(addPeriod(Date.parse(from), readPeriod(period)!, times)).toISOString()
  t.equal(after('2016-01-31T06:00:00Z', 'P1M', 1), '2016-02-29T06:00:00.000Z')
  t.equal(after('2016-01-31T06:00:00Z', 'P1M', 2), '2016-03-31T06:00:00.000Z')
  t.equal(after('2016-02-29T00:00:00Z', 'P1Y', 1), '2017-02-28T00:00:00.000Z')
  t.equal(after('2016-03-31T00:00:00Z', 'P1M', -1), '2016-02-29T00:00:00.000Z')
  t.equal(after('2016-12-31T23:59:59Z', 'PT1S', 1), '2017-01-01T00:00:00.000Z')
  t.end()
})
