import t from 'tap'
import { readPam } from '#stores/cog/pam.js'

const band = (content: string) => `<PAMDataset><PAMRasterBand band="1">${content}</PAMRasterBand></PAMDataset>`
const table = (columns: readonly (readonly [name: string, usage: number])[], rows: readonly (readonly unknown[])[], attributes = '') =>
  band(
    `<GDALRasterAttributeTable${attributes}>${columns.map(([name, usage], i) => `<FieldDefn index="${i}"><Name>${name}</Name><Usage>${usage}</Usage></FieldDefn>`).join('')}${rows
      .map((row, i) => `<Row index="${i}">${row.map(field => `<F>${field}</F>`).join('')}</Row>`)
      .join('')}</GDALRasterAttributeTable>`,
  )
const namesOf = (text: string) => [...(readPam(text).bands.get(0)?.names ?? [])]
const usual = [
  ['Class', 2],
  ['Value', 5],
] as const

t.test('category names count from 0, those of an attribute table come first', t => {
  const categories = '<CategoryNames><Category>a &amp; b</Category><Category/><Category /><Category>d</Category></CategoryNames>'
  t.same(namesOf(band(categories)), [
    [0, 'a & b'],
    [3, 'd'],
  ])
  const both = table(usual, [['own', 7]]).replace('</PAMRasterBand>', `${categories}</PAMRasterBand>`)
  t.same(namesOf(both), [[7, 'own']])
  t.same(namesOf(band('')), [])
  t.end()
})

t.test('a column of values without a usage, classes of several values', t => {
  const columns = [
    ['VALUE', 0],
    ['Label', 2],
  ] as const
  t.same(namesOf(table(columns, [[5, 'five']])), [[5, 'five']])
  const ranges = [
    ['Min', 3],
    ['Max', 4],
    ['Name', 2],
  ] as const
  t.same(namesOf(table(ranges, [[1, 3, 'few']])), [
    [1, 'few'],
    [2, 'few'],
    [3, 'few'],
  ])
  t.same(namesOf(table(ranges, [[0, 1000, 'low']])), [], 'a range of measurements')
  t.end()
})

t.test('what makes no sense names nothing, and ends', t => {
  for (const [first, last] of [
    [0, 1e300],
    [2 ** 53, 2 ** 53 + 10],
    [-1e300, 1e300],
    ['', 3],
    ['x', 'y'],
    [1.5, 2.5],
    [9, 3],
    ['Infinity', 'Infinity'],
  ])
    t.same(
      namesOf(
        table(
          [
            ['Min', 3],
            ['Max', 4],
            ['Name', 2],
          ],
          [[first, last, 'n']],
        ),
      ),
      [],
      `${first} to ${last}`,
    )
  t.same(namesOf(table(usual, [['a', 1]], ' Row0Min="0" BinSize="10"')), [], 'intervals')
  t.same(namesOf(table(usual, [['a\u0000\n\ud800b', 1]])), [[1, 'a b']], 'on one line, of what can be kept')
  t.equal(namesOf(table(usual, [['x'.repeat(5000), 1]]))[0][1].length, 200)
  const many = namesOf(
    table(
      usual,
      Array.from({ length: 5000 }, (_, i) => [`n${i}`, i]),
    ),
  )
  t.equal(many.length, 1024)
  t.same(namesOf(`<PAMRasterBand band="1">${'<GDALRasterAttributeTable>'.repeat(20_000)}</PAMRasterBand>`), [])
  t.end()
})
