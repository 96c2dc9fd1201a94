import { readFileSync } from 'node:fs'
import t from 'tap'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import { sharedData } from '../../support/shared-data.js'
import { column, evenly, listed, titles } from './columns.js'

const clc = ['111', '112', '211', '231', '311', '312', '512']

t.test('Corine Land Cover, as text and as numbers, by the codes and not by the name alone', async t => {
  for (const name of ['code_18', 'CODE_12', 'clc', 'clc_2018', 'code_clc', 'CLC18'])
    t.equal(suggestStyle('x', 'MULTIPOLYGON', [evenly(name, clc)]).column, name)
  const { style, reason } = suggestStyle('clc', 'MULTIPOLYGON', [evenly('code_18', clc.map(Number), 'integer')])
  t.match(reason, /"code_18": codes of Corine Land Cover/)
  const [urban] = listed(style)
  t.match(urban, {
    name: '111',
    title: '111 Tissu urbain continu',
    filter: { kind: 'compare', operator: '=', left: { name: 'code_18' }, right: { value: 111 } },
    symbolizers: [{ kind: 'fill', color: '#e6004d' }],
  })
  t.equal(listed(style).length, 7, 'the codes that are there')
  t.equal(suggestStyle('x', 'MULTIPOLYGON', [evenly('code_18', ['A12', 'B13', 'C14'])]).column, undefined)
  t.equal(suggestStyle('x', 'POINT', [evenly('code_18', clc)]).column, undefined, 'of areas')
  const large = { ...evenly('code_18', clc), isWhole: false }
  t.equal(listed(suggestStyle('x', 'MULTIPOLYGON', [large]).style).length, 45, 'all codes and the rest where not every value is known')
})

t.test('OCS GE and OCS2D are told apart by their codes, cover comes before use', async t => {
  const ge = evenly('code_cs', ['CS1.1.1.1', 'CS1.2.2', 'CS2.1.1.1', 'CS2.2.1'])
  const use = evenly('code_us', ['US1.1', 'US5', 'US4.1.1'])
  t.match(suggestStyle('x', 'POLYGON', [use, ge]), { column: 'code_cs', reason: /OCS GE, couverture/ })
  t.match(suggestStyle('x', 'POLYGON', [use]), { column: 'code_us', reason: /OCS GE, usage/ })
  const regional = suggestStyle('x', 'POLYGON', [evenly('cs21', ['CS1.1.1', 'CS1.1.2', 'CS4.1.2', 'CS6.3.0'])])
  t.match(regional, { column: 'cs21', reason: /OCS2D/ })
  t.same(titles(regional.style), ['CS1.1 Surfaces imperméables', 'CS4.1 Feuillus', 'CS6.3 Terres arables'])
  t.match(listed(regional.style)[0].filter, { kind: 'in', values: [{ value: 'CS1.1' }, { value: 'CS1.1.1' }, { value: 'CS1.1.2' }] })
})

const folder = sharedData('styles/ocs')

t.test('every code of the regional nomenclature is drawn in the colour of its own style', { skip: folder.skip }, async t => {
  // flat here, hatched or of a stronger colour there
  const changed = { cs: ['CS6.5'], us: ['US1.3', 'US6.2'] }
  for (const use of ['cs', 'us'] as const) {
    const lines = readFileSync(`${folder.path}/nomenclature/nomenclature_ocs2d_${use}2021.csv`, 'utf8').trim().split('\n').slice(1)
    const sld = readFileSync(`${folder.path}/sld/ocs2d_${use}_niv2_2021.sld`, 'utf8')
    const { style } = suggestStyle('ocs', 'POLYGON', [
      evenly(
        `${use}21`,
        lines.map(line => line.split(';')[4].trim()),
      ),
    ])
    const drawn = listed({ passes: [style.passes[0]] })
    const known = JSON.stringify(drawn.map(({ filter }) => filter))
    for (const line of lines) t.ok(known.includes(`"${line.split(';')[4].trim()}"`), line)
    const different = drawn.filter(({ name, symbolizers: [symbolizer] }) => {
      const rule = sld.split('<Rule>').find(text => text.includes(`<Name>${name} `)) ?? ''
      return symbolizer.kind !== 'fill' || !rule.includes(String(symbolizer.color))
    })
    t.same(
      different.map(({ name }) => name),
      changed[use],
    )
  }
})

t.test('zones of urban plans in the colours of the CNIG', async t => {
  const { style } = suggestStyle('zone_urba', 'MULTIPOLYGON', [
    evenly('TYPEZONE', ['U', 'AUc', 'AUs', 'A', 'N']),
    evenly('LIBELLE', ['UA', 'UB', 'N']),
  ])
  const colors = listed(style).map(({ name, symbolizers: [fill] }) => [name, fill.kind === 'fill' && fill.color])
  t.same(colors, [
    ['U', '#e60000'],
    ['AUc', '#ff6565'],
    ['AUs', '#feccbe'],
    ['A', '#ffff00'],
    ['N', '#56aa02'],
  ])
})

t.test('roads: wide and dark where they matter, drawn last, with casings below all', async t => {
  const highway = column(
    'highway',
    [
      ['motorway', 30],
      ['primary', 60],
      ['residential', 300],
      ['service', 100],
      ['path', 200],
    ],
    'text',
    900,
  )
  const { style, reason } = suggestStyle('planet_osm_line', 'LINESTRING', [highway])
  t.match(reason, /OpenStreetMap, highway/)
  t.ok(style.passes.length <= 8, 'rows are read once')
  t.ok(
    style.passes[0].rules.every(({ isUnlisted }) => isUnlisted),
    'casings first',
  )
  const widths = new Map(
    listed(style, 10_000).map(({ title, symbolizers: [line] }) => [
      title,
      line.kind === 'line' && typeof line.stroke.width === 'number' ? line.stroke.width : 0,
    ]),
  )
  const order = ['Autoroute', 'Route principale', 'Rue, petite route', 'Voie de service', 'Sentier, voie piétonne ou cyclable']
  t.same(
    [...widths]
      .filter(([title]) => title !== 'Autre')
      .map(([title]) => title)
      .sort(),
    [...order].sort(),
  )
  t.ok(
    order.every((title, i) => i === 0 || widths.get(title)! < widths.get(order[i - 1])!),
    `${[...widths]}`,
  )
  t.equal(titles(style, 10_000).at(-1), 'Route principale', 'in the pass drawn last')
})

t.test('importance is that of roads only where the table is of roads', async t => {
  const importance = evenly('importance', ['1', '2', '3', '4', '5', '6'])
  t.match(suggestStyle('troncon_de_route', 'LINESTRING', [importance]), { column: 'importance', reason: /BD TOPO/ })
  t.match(suggestStyle('t7', 'LINESTRING', [importance, evenly('nature', ['Chemin', 'Sentier', 'Route à 1 chaussée'])]), {
    column: 'importance',
  })
  t.match(suggestStyle('troncon_hydrographique', 'LINESTRING', [importance]).reason, /6 categories/)
  t.match(suggestStyle('t7', 'LINESTRING', [evenly('nature', ['Chemin', 'Sentier', 'Route à 1 chaussée'])]), { reason: /BD TOPO, nature/ })
})
