import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { defaultStyle } from '#styles/default-style.js'
import { readSld } from '#styles/sld/read-sld.js'
import { writeSld } from '#styles/sld/write-sld.js'
import type { Icon, Style, Symbolizer } from '#styles/style.js'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { sharedData } from '../../support/shared-data.js'
import { everySymbolizer, sayableRules } from './every-construct.js'

const versions = ['1.0.0', '1.1.0'] as const

/** Numbers to eight digits: lengths that were scaled come back so. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? Number(inner.toPrecision(8)) : inner)))

const back = (text: string): Style => {
  const [style] = readSld(text).layers[0].styles
  if (style.kind !== 'user') throw new Error('no style came back')
  return style.style
}

const styleOf = (...symbolizers: readonly Symbolizer[]): Style => ({ passes: [{ rules: [{ name: 'r', symbolizers }] }] })

for (const version of versions) {
  t.test(`what is written is read back the same, ${version}`, async t => {
    for (const [name, symbolizer] of Object.entries(everySymbolizer)) {
      const style = styleOf(symbolizer)
      const { text } = writeSld(style, { version, layer: 'l', isExtended: true })
      t.strictSame(rounded(back(text)), rounded(style), name)
      t.strictSame(readSld(text).notes, [], `${name}: nothing that is written is unknown`)
    }
    t.strictSame(
      rounded(back(writeSld(sayableRules, { version, layer: 'l', isExtended: true }).text)),
      rounded(sayableRules),
      'passes and rules',
    )
  })

  t.test(`without extensions it comes back the same, or a note says what does not, ${version}`, async t => {
    for (const [name, symbolizer] of Object.entries(everySymbolizer)) {
      const { text, notes } = writeSld(styleOf(symbolizer), { version, layer: 'l' })
      const isSame = isDeepStrictEqual(rounded(back(text)), rounded(styleOf(symbolizer)))
      t.ok(isSame || notes.length > 0, `${name}: ${notes.map(({ path, message }) => `${path}: ${message}`).join('; ')}`)
      t.ok(
        notes.every(({ path }) => path.startsWith('FeatureTypeStyle/Rule[r]/')),
        `${name}: notes name the place`,
      )
    }
  })

  t.test(`colours of pictures that cannot be said are named, ${version}`, async t => {
    const inside = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`
    const pictures: readonly (readonly [Icon, RegExp])[] = [
      [{ kind: 'icon', href: inside, color: '#ff0000' }, /picture inside the style/],
      [{ kind: 'icon', href: 'a.svg', color: { kind: 'property', name: 'c' } }, /picture that are computed/],
      [
        { kind: 'icon', href: 'a.svg', outline: { color: '#000000', opacity: 1, width: { kind: 'ground', metres: 2 } } },
        /picture that are computed or on the ground/,
      ],
    ]
    for (const [icon, message] of pictures) {
      const { text, notes } = writeSld(styleOf({ kind: 'point', graphic: { shapes: [icon] } }), { version, layer: 'l', isExtended: true })
      t.match(notes, [{ message }])
      t.match(back(text).passes[0].rules[0].symbolizers, [{ graphic: { shapes: [{ href: icon.href }] } }], 'the picture itself is whole')
    }
  })

  t.test(`it is valid by the official schemas, ${version}`, { skip: withoutOgcSchemas }, async t => {
    const all: Style = {
      name: 'all',
      title: 'Everything <&>',
      abstract: 'é',
      passes: [
        ...sayableRules.passes,
        { rules: Object.entries(everySymbolizer).map(([name, symbolizer]) => ({ name, symbolizers: [symbolizer] })) },
      ],
    }
    t.equal(schemaFaults(writeSld(all, { version, layer: 'l', isDefault: true }).text), '')
    t.equal(schemaFaults(writeSld({ passes: [] }, { version, layer: 'l' }).text), '', 'a style of nothing')
  })
}

t.test('the default styles', async t => {
  for (const type of ['POINT', 'LINESTRING', 'MULTIPOLYGON', 'raster']) {
    const style = defaultStyle('roads', type)
    for (const version of versions) {
      const { text, notes } = writeSld(style, { version, layer: 'roads' })
      t.strictSame(rounded(back(text)), rounded(style), `${type}, ${version}`)
      t.strictSame(notes, [], `${type}, ${version}`)
    }
  }
})

t.test('rules for some geometries of a table of all kinds', async t => {
  const { notes } = writeSld(defaultStyle('roads', 'GEOMETRY'), { version: '1.1.0', layer: 'roads' })
  t.match(notes[0], { path: 'FeatureTypeStyle[1]/Rule[houses]', message: /only for geometries of the type polygon/ })
})

const folders = ['styles/cadastre', 'styles/ocs/sld'].map(sharedData)
t.test('real styles come back the same', { skip: folders.map(({ skip }) => skip).find(Boolean) ?? false }, async t => {
  let compared = 0
  for (const { path } of folders)
    for (const name of readdirSync(path).filter(file => file.endsWith('.sld')))
      for (const layer of readSld(readFileSync(join(path, name))).layers)
        for (const one of layer.styles) {
          if (one.kind === 'named') continue
          for (const version of versions) {
            const { text } = writeSld(one.style, { version, layer: layer.name, isExtended: true })
            // Said in full only where it differs: styles are large.
            if (!isDeepStrictEqual(rounded(back(text)), rounded(one.style)))
              t.strictSame(rounded(back(text)), rounded(one.style), `${name}, ${version}`)
            compared++
          }
        }
  t.ok(compared >= 194, `${compared} were compared`)
})

t.test('what no version can say is named', async t => {
  const { notes } = writeSld(
    {
      passes: [
        {
          rules: [
            {
              name: 'r',
              filter: {
                kind: 'compare',
                operator: '=',
                left: { kind: 'property', name: 'a' },
                right: { kind: 'literal', value: 'x' },
                ignoresCase: true,
              },
              symbolizers: [{ kind: 'raster', opacity: 1, encoding: 'mapbox' }],
            },
          ],
          transformation: { kind: 'cluster', distance: 20 },
          blend: 'add',
        },
      ],
    },
    { version: '1.0.0', layer: 'l' },
  )
  t.match(
    notes.map(({ message }) => message),
    [
      /blend mode “add”/,
      /transformation “cluster”/,
      /heights as colours/,
      /always tells upper from lower case. The rule is written so that it never holds/,
    ],
  )
})
