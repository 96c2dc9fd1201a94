import t from 'tap'
import { chooseValues } from '#core/choose-values.js'
import { type Dimension, defaultText } from '#core/dimension.js'
import { readExtent } from '#core/dimension-values.js'
import { Problem } from '#core/problem.js'

const dimension = (kind: Dimension['kind'], extent: string, changes: Partial<Dimension> = {}): Dimension => ({
  name: kind === 'time' ? 'time' : 'elevation',
  kind,
  units: kind === 'time' ? 'ISO8601' : 'CRS:88',
  carrier: { kind: 'column', column: 'c', as: kind === 'time' ? 'instant' : kind === 'number' ? 'number' : 'word' },
  extent: readExtent(extent, kind),
  default: { kind: 'all' },
  takesSeveral: true,
  takesNearest: false,
  ...changes,
})

/** What is chosen, times as texts; what was put in; or the kind of the problem. */
function chosen(of: Dimension, asked: string | undefined, now = '2020-01-01T00:00:00Z') {
  try {
    const { values, putIn } = chooseValues(of, asked, 'P', () => Date.parse(now))
    const text = (value: number) =>
      of.kind === 'time' && Number.isFinite(value) ? new Date(value).toISOString().replace('.000Z', 'Z') : String(value)
    const said =
      values.kind === 'all'
        ? ['all']
        : values.kind === 'words'
          ? values.words
          : values.spans.map(({ from, to }) => `${text(from)} ${text(to)}`)
    return [...said, ...putIn.map(({ kind, value }) => `${kind}: ${value}`)]
  } catch (error) {
    if (error instanceof Problem) return error.kind
    throw error
  }
}

t.test('single values, lists and ranges of times', t => {
  const years = dimension('time', '2012,2015,2017-06-15,2019-01-01T00:00:00Z')
  const day = '2017-06-15T00:00:00Z 2017-06-16T00:00:00Z'
  const cases: readonly (readonly [string | undefined, readonly string[] | string])[] = [
    ['2012', ['2012-01-01T00:00:00Z 2013-01-01T00:00:00Z']],
    ['2017', ['2017-01-01T00:00:00Z 2018-01-01T00:00:00Z']],
    ['2017-06-15', [day]],
    ['2017-06-15T12:00:00Z', ['2017-06-15T12:00:00Z 2017-06-15T12:00:01Z']],
    ['2013', 'invalid-dimension'],
    ['2017-06-16', 'invalid-dimension'],
    ['2015,2012', ['2012-01-01T00:00:00Z 2013-01-01T00:00:00Z', '2015-01-01T00:00:00Z 2016-01-01T00:00:00Z']],
    ['2012,2013', 'invalid-dimension'],
    ['2013/2016', ['2013-01-01T00:00:00Z 2017-01-01T00:00:00Z']],
    ['2012/2013,2013-06/2016', ['2012-01-01T00:00:00Z 2017-01-01T00:00:00Z']],
    ['2000/2011', 'invalid-dimension'],
    ['2016/2015', 'invalid-dimension'],
    ['2016/', ['2016-01-01T00:00:00Z Infinity']],
    ['../2012', ['-Infinity 2013-01-01T00:00:00Z']],
    ['/', 'invalid-dimension'],
    ['../..', 'invalid-dimension'],
    ['2015/P2Y', ['2015-01-01T00:00:00Z 2017-01-01T00:00:00.001Z']],
    ['P1M/2015-02-01', ['2015-01-01T00:00:00Z 2015-02-02T00:00:00Z']],
    ['P1M/P1M', 'invalid-dimension'],
    ['2015/2017/P1Y', 'invalid-dimension'],
    ['current', ['2019-01-01T00:00:00Z 2019-01-01T00:00:01Z']],
    ['2018/current', ['2018-01-01T00:00:00Z 2019-01-01T00:00:01Z']],
    ['', 'invalid-dimension'],
    ['2012,', 'invalid-dimension'],
    ['yesterday', 'invalid-dimension'],
    [undefined, ['all', 'default: 2012/2019-01-01T00:00:00Z']],
  ]
  for (const [asked, expected] of cases) t.same(chosen(years, asked), expected, String(asked))
  t.end()
})

t.test('steps are values one by one, each as exact as the first', t => {
  const days = dimension('time', '2015-01-01/2019-12-31/P1D')
  t.same(chosen(days, '2016-01-31/2016-03-31/P1M'), [
    '2016-01-31T00:00:00Z 2016-02-01T00:00:00Z',
    '2016-02-29T00:00:00Z 2016-03-01T00:00:00Z',
    '2016-03-31T00:00:00Z 2016-04-01T00:00:00Z',
  ])
  t.same(chosen(days, '2015/2017/P1Y'), ['2015-01-01T00:00:00Z 2018-01-01T00:00:00Z'], 'years that follow each other are one span')
  t.same(chosen(dimension('number', '0/425/1'), '0/1/0.25'), ['0 0', '0.25 0.25', '0.5 0.5', '0.75 0.75', '1 1'])
  t.end()
})

t.test('lists and steps are bounded', t => {
  const days = dimension('time', '2015-01-01/2019-12-31/P1D')
  t.same(chosen(days, '2015-01-01/2017-09-26/P1D'), ['2015-01-01T00:00:00Z 2017-09-27T00:00:00Z'], '1,000 days')
  t.same(chosen(days, '2015-01-01/2017-09-27/P1D'), 'invalid-dimension', '1,001 days')
  t.same(chosen(days, '0001/9999/PT0.001S'), 'invalid-dimension')
  t.same(chosen(days, Array.from({ length: 1000 }, () => '2015').join(',')), ['2015-01-01T00:00:00Z 2016-01-01T00:00:00Z'])
  t.same(chosen(days, '2015,'.repeat(1000)), 'invalid-dimension')
  t.same(chosen(days, ','.repeat(900_000)), 'invalid-dimension')
  t.same(chosen(dimension('number', '0/425/1'), '0/425/1e-9'), 'invalid-dimension')
  t.end()
})

t.test('the nearest value is put in for one that is not there, and said', t => {
  const near = { takesNearest: true }
  const levels = dimension('number', '500,490,480', near)
  t.same(chosen(levels, '492'), ['490 490', 'nearest: 490'])
  t.same(chosen(levels, '490'), ['490 490'])
  t.same(chosen(levels, '485'), ['480 480', 'nearest: 480'], 'halfway, the lower')
  t.same(chosen(levels, '1e9'), ['500 500', 'nearest: 500'])
  t.same(chosen(levels, '300/400'), 'invalid-dimension', 'a range has no nearest value')
  const seconds = dimension('time', '2000-01-01T00:00:00Z/2000-01-01T00:01:00Z/PT5S', near)
  t.same(chosen(seconds, '2000-01-01T00:00:07Z'), ['2000-01-01T00:00:05Z 2000-01-01T00:00:06Z', 'nearest: 2000-01-01T00:00:05Z'])
  t.same(chosen(seconds, '2000-01-01T00:00:10Z'), ['2000-01-01T00:00:10Z 2000-01-01T00:00:11Z'])
  t.same(chosen(seconds, '1999'), ['2000-01-01T00:00:00Z 2000-01-01T00:00:01Z', 'nearest: 2000-01-01T00:00:00Z'])
  t.same(chosen(seconds, '2000-01'), ['2000-01-01T00:00:00Z 2000-02-01T00:00:00Z'], 'a month that holds them all')
  const months = dimension('time', '2015-01-01/2016-12-01/P1M', near)
  t.same(chosen(months, '2016-02-20'), ['2016-03-01T00:00:00Z 2016-03-02T00:00:00Z', 'nearest: 2016-03-01'])
  t.same(chosen(months, '2016-02-10'), ['2016-02-01T00:00:00Z 2016-02-02T00:00:00Z', 'nearest: 2016-02-01'])
  t.same(chosen(months, '2020'), ['2016-12-01T00:00:00Z 2016-12-02T00:00:00Z', 'nearest: 2016-12-01'])
  t.same(chosen(dimension('number', '0/425/10'), '7'), ['7 7'], 'without nearest values, what is between steps is asked for as it is')
  t.end()
})

t.test('one value at a time, defaults, and none', t => {
  const one = dimension('number', '500,490,480', { takesSeveral: false, default: { kind: 'values', text: '500' } })
  t.same(chosen(one, '500,480'), 'invalid-dimension')
  t.same(chosen(one, '480/500'), 'invalid-dimension')
  t.same(chosen(one, '480'), ['480 480'])
  t.same(chosen(one, undefined), ['500 500', 'default: 500'])
  const latest = { default: { kind: 'latest' } } as const
  t.same(chosen(dimension('time', '2012,2015', latest), undefined), ['2015-01-01T00:00:00Z 2016-01-01T00:00:00Z', 'default: 2015'])
  t.same(chosen(dimension('number', '0/425/1', { default: { kind: 'values', text: '0/200,300' } }), undefined), [
    '0 200',
    '300 300',
    'default: 0/200,300',
  ])
  const silent = { ...dimension('number', '0/425/1'), default: undefined } as unknown as Dimension
  t.same(chosen(silent, undefined), 'missing-dimension')
  t.same(chosen(silent, '5'), ['5 5'])
  t.end()
})

t.test('what holds for some time: the latest is what holds now', t => {
  const carrier = { kind: 'columns', start: 'a', end: 'b', as: ['day', 'day'] } as const
  const held = dimension('time', '2000-01-01/2099-12-31/P1D', { carrier, default: { kind: 'latest' } })
  t.same(chosen(held, 'current', '2020-05-05T12:00:00Z'), ['2020-05-05T12:00:00Z 2020-05-05T12:00:00.001Z'])
  t.same(chosen(held, undefined, '2020-05-05T12:00:00Z'), ['2020-05-05T12:00:00Z 2020-05-05T12:00:00.001Z', 'default: current'])
  t.same(chosen(held, 'current', '2100-05-05T12:00:00Z'), ['2099-12-31T00:00:00Z 2100-01-01T00:00:00Z'])
  t.same(chosen(held, 'current', '1990-05-05T12:00:00Z'), ['2000-01-01T00:00:00Z 2000-01-01T00:00:00.001Z'])
  t.end()
})

t.test('where nothing is known, anything is taken', t => {
  const empty = { ...dimension('time', '2012'), extent: [] }
  t.same(chosen(empty, '1999'), ['1999-01-01T00:00:00Z 2000-01-01T00:00:00Z'])
  t.same(chosen(empty, undefined), ['all'])
  t.same(chosen(empty, 'current'), 'invalid-dimension')
  t.same(chosen(empty, 'x'), 'invalid-dimension')
  t.equal(defaultText(empty), undefined)
  t.end()
})

t.test('words are taken as they are', t => {
  const scenarios = dimension('word', 'RCP26,RCP45,RCP85')
  t.same(chosen(scenarios, 'RCP45'), ['RCP45'])
  t.same(chosen(scenarios, 'RCP85,RCP45'), ['RCP85', 'RCP45'])
  t.same(chosen(scenarios, 'rcp45'), 'invalid-dimension')
  t.same(chosen(scenarios, undefined), ['all', 'default: RCP26,RCP45,RCP85'])
  t.end()
})
