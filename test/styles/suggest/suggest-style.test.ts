import t from 'tap'
import type { ColumnKind } from '#rows/batch.js'
import { defaultStyle } from '#styles/default-style.js'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import { tellingColumns } from '#styles/suggest/telling-columns.js'
import { column, evenly, listed, titles } from './columns.js'

const chosen = (columns: Parameters<typeof suggestStyle>[2], type = 'MULTIPOLYGON') => suggestStyle('couche', type, columns).column

t.test('without a column that tells anything it is the default style', async t => {
  const dull = [
    evenly('id', [1, 2, 3], 'integer'),
    evenly('nom', ['Metz', 'Nancy', 'Reims']),
    evenly('code_commune', ['57463', '54395']),
    evenly('date_maj', ['2020-01-01', '2021-01-01']),
    evenly('insee', ['57463', '54395']),
    evenly('surface', [1, 2, 3, 4, 5, 6], 'double'),
    evenly('proprietaire', ['M. Untel', 'Mme Unetelle']),
    evenly('departement', ['54', '57']),
    column('nature', [['Bois', 100]]),
    column('type', [
      ['a', 99],
      ['b', 1],
      ['c', 1],
    ]),
    column(
      'usage',
      [
        ['Résidentiel', 10],
        ['Annexe', 10],
      ],
      'text',
      100,
    ),
    evenly(
      'categorie',
      Array.from({ length: 40 }, (_, i) => `sorte ${i}`),
    ),
    evenly('statut', ['https://exemple.fr/a', 'https://exemple.fr/b']),
    evenly('etat', ['20200101', '20210101']),
    evenly('classe', [100_000, 200_000], 'integer'),
    evenly('z', ['1', '2', '3']),
  ]
  for (const type of ['POINT', 'LINESTRING', 'MULTIPOLYGON', 'GEOMETRY'])
    t.same(suggestStyle('couche', type, dull), { style: defaultStyle('couche', type) }, type)
})

t.test('categories: a name that promises them wins, then an even spread, then words before codes', async t => {
  const named = evenly('nature', ['Bois', 'Pré'])
  t.equal(chosen([evenly('toiture', ['tuile', 'ardoise']), named]), 'nature')
  t.equal(chosen([evenly('toiture', ['tuile', 'ardoise'])]), 'toiture', 'else any that does')
  const uneven = column('type', [
    ['a a', 90],
    ['b b', 10],
  ])
  t.equal(chosen([uneven, evenly('usage', ['Résidentiel', 'Annexe'])]), 'usage')
  t.equal(chosen([evenly('statut', ['M', 'P']), evenly('regime', ['Déclaration', 'Autorisation'])]), 'regime')
  t.equal(chosen([evenly('TYPEPSC', ['01', '07']), evenly('LIBELLE', ['Espace boisé classé', 'Haie'])]), 'LIBELLE')
  t.equal(chosen([evenly('remarquable', [true, false], 'boolean')]), 'remarquable')
  t.equal(chosen([evenly('niveau', [1, 2, 3], 'integer')]), 'niveau', 'small numbers where the name says so')
  t.equal(chosen([evenly('rang', [1, 2, 3], 'integer')]), undefined)
})

t.test('categories have a rule each, and what is rare or new goes with the rest', async t => {
  const nature = column('nature', [
    ['Terre', 500],
    ['Bois', 300],
    ['Pré', 195],
    ['Étang', 2],
    ['', 40],
  ])
  const { style } = suggestStyle('parcelles', 'POLYGON', [nature])
  t.same(titles(style), ['Bois', 'Pré', 'Terre', 'Autre'])
  const [fills, outlines] = style.passes
  t.same(
    fills.rules.map(({ filter, isElse }) => filter ?? isElse),
    [
      ...['Bois', 'Pré', 'Terre'].map(value => ({
        kind: 'compare',
        operator: '=',
        left: { kind: 'property', name: 'nature' },
        right: { kind: 'literal', value },
      })),
      true,
    ],
  )
  t.ok(
    outlines.rules.every(({ isUnlisted, filter }) => isUnlisted && !filter),
    'outlines are alike for all',
  )
  const shares = suggestStyle('parcelles', 'POLYGON', [
    column('nature', [
      ['Bois', 500],
      ['Pré', 295],
      ['Terre', 200],
      ['Mare', 2],
      ['', 40],
    ]),
  ])
  t.same(shares.style, style, 'other shares, same style')
})

t.test('a value called “Autre” is not the rest', async t => {
  const { style } = suggestStyle('x', 'POINT', [
    column(
      'type',
      [
        ['Autre', 50],
        ['Taxi', 50],
        ['Vélo', 2],
      ],
      'text',
      110,
    ),
  ])
  t.same(titles(style), ['Autre', 'Taxi', 'Vélo', 'Non classé'])
  t.equal(
    new Set(style.passes.flatMap(({ rules }) => rules.map(({ name }) => name))).size,
    style.passes.flatMap(({ rules }) => rules).length,
  )
})

t.test('sizes and widths are those of the default style, and one rule of each class is in force at any scale', async t => {
  const columns = [evenly('type', ['a b c', 'd e f', 'g h i'])]
  for (const type of ['POINT', 'LINESTRING', 'POLYGON', 'GEOMETRY'])
    for (const scale of [500, 4_000, 20_000, 100_000, 400_000, 1e7]) {
      const { style } = suggestStyle('x', type, columns)
      const kinds = type === 'GEOMETRY' ? 3 : 1
      t.equal(listed(style, scale).length, 3 * kinds, `${type} 1:${scale}`)
    }
  const widths = (style: ReturnType<typeof defaultStyle>) =>
    new Set(
      style.passes.flatMap(({ rules }) =>
        rules.flatMap(({ symbolizers }) => symbolizers.map(one => (one.kind === 'line' ? one.stroke.width : 0))),
      ),
    )
  t.same([...widths(suggestStyle('x', 'LINESTRING', columns).style)].sort(), [...widths(defaultStyle('x', 'LINESTRING'))].sort())
})

t.test('quantities only where a name says so, the newest of several, rates before sums, and categories by name before them', async t => {
  const numbers = Array.from({ length: 100 }, (_, i) => i * 3)
  const kinds: readonly [string, boolean][] = [
    ['population_2021', true],
    ['Densité', true],
    ['TAUX_CHOMAGE', true],
    ['nbHabitants', true],
    ['altitude', true],
    ['surface', false],
    ['longueur', false],
    ['code_population', false],
    ['annee_population', false],
    ['nombril', false],
  ]
  for (const [name, isQuantity] of kinds) t.equal(chosen([evenly(name, numbers, 'integer')]) !== undefined, isQuantity, name)
  t.equal(
    chosen(['population_1999', 'population_2021', 'population_2010'].map(name => evenly(name, numbers, 'integer'))),
    'population_2021',
  )
  t.equal(chosen([evenly('population', numbers, 'integer'), evenly('taux', numbers, 'double')]), 'taux')
  t.equal(chosen([evenly('population', numbers, 'integer'), evenly('type', ['rural', 'urbain'])]), 'type')
  t.equal(chosen([evenly('population', numbers, 'integer'), evenly('zac', ['Antigone', 'Malbosc'])]), 'population')
  t.equal(chosen([evenly('population', [1, 2], 'integer')]), undefined, 'too few values for classes')
})

t.test('classes of a quantity hold as many rows each, and have bounds people can read', async t => {
  const population = column(
    'population',
    Array.from({ length: 2001 }, (_, i) => [Math.exp(3 + (i / 2000) * 7), 1]),
    'double',
  )
  const { style } = suggestStyle('communes', 'MULTIPOLYGON', [population])
  t.same(titles(style), ['moins de 80', '80 à 330', '330 à 1\u202f300', '1\u202f300 à 5\u202f000', '5\u202f000 et plus'])
})

t.test('columns nobody may see are not even asked about, nor those that tell nothing', async t => {
  const of = (name: string, kind: ColumnKind = 'text', nativeType: string = kind) => ({ name, kind, nativeType })
  const names = (columns: readonly { name: string; kind: ColumnKind; nativeType: string }[]) =>
    tellingColumns(columns).map(({ name }) => name)
  t.same(
    names([
      of('id', 'integer'),
      of('nature'),
      of('code_18'),
      of('code_commune'),
      of('surface', 'double'),
      of('population', 'integer'),
      of('jour', 'date'),
    ]),
    ['nature', 'code_18', 'population'],
  )
  t.same(names([of('type', 'text', 'text[]'), of('type', 'text', 'int4range'), of('type', 'text', 'mood'), of('type', 'json', 'jsonb')]), [
    'type',
  ])
  t.equal(tellingColumns(Array.from({ length: 1600 }, (_, i) => of(`type_${i}`))).length, 60)
})
