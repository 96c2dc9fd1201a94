import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { rulesOf } from '#styles/style.js'
import { debianPython, seenBy } from '../../clients/support/python.js'
import { missing, unlessAll } from '../../support/programs.js'

const skip = unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core'))

/** What `qgis_write_sld.py` makes in QGIS, as it looks there: QGIS counts angles of hatches counter-clockwise. */
const drawn: Record<string, readonly object[]> = {
  hatch: [{ kind: 'fill', pattern: { kind: 'hatch', angle: 150, spacing: 4 } }],
  points: [{ kind: 'fill', pattern: { kind: 'graphic', graphic: { shapes: [{ shape: 'circle' }], size: 7 }, margin: [10, 12] } }],
  fill: [{ kind: 'fill', color: '#0a141e', opacity: 0.5, outline: { width: 2 } }],
  line: [{ kind: 'line', stroke: { color: '#0000ff', width: 3, cap: 'round', join: 'round' }, offset: 3 }],
  markers: [{ kind: 'line', stroke: { graphic: { graphic: { shapes: [{ shape: 'circle' }] }, gap: 20 } } }],
  marker: [{ kind: 'point', graphic: { shapes: [{ shape: 'star', color: '#ff0000' }], size: 8, rotation: 30 } }],
  font: [
    { kind: 'point', graphic: { shapes: [{ kind: 'glyph', family: 'DejaVu Sans', character: 'é', color: '#ff0000' }], rotation: 20 } },
  ],
  svg: [
    {
      kind: 'point',
      graphic: {
        shapes: [
          { kind: 'icon', href: 'gpsicons/anchor.svg', color: '#008000', outline: { color: '#0000ff' } },
          { kind: 'icon' },
          { kind: 'mark' },
        ],
      },
    },
  ],
  rules: [{ kind: 'point' }, { kind: 'text', text: { kind: 'property', name: 'a' } }],
}

t.test('styles that QGIS writes are read whole', { skip }, async t => {
  const folder = t.testdir()
  await seenBy(debianPython, 'qgis_write_sld.py', folder)
  for (const [name, symbolizers] of Object.entries(drawn)) {
    const { layers, notes } = readSld(readFileSync(join(folder, `${name}.sld`)))
    const [style] = layers[0].styles
    if (style.kind !== 'user') throw new Error('no style')
    const rules = rulesOf(style.style)
    t.match(
      rules.flatMap(rule => rule.symbolizers),
      symbolizers,
      name,
    )
    t.strictSame(notes, [], `${name}: nothing is lost`)
    if (name === 'rules')
      t.match(rules[0], {
        title: 'big',
        minScaleDenominator: 1000,
        maxScaleDenominator: 50000,
        filter: { kind: 'and', all: [{ kind: 'compare' }, { kind: 'or' }] },
      })
  }
})
