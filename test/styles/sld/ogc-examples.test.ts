import { readFileSync } from 'node:fs'
import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { rulesOf, type Symbolizer } from '#styles/style.js'
import { ogcSchemaFile, withoutOgcSchemas } from '../../support/ogc-schemas.js'

const property = (name: string) => ({ kind: 'property', name })

/** The examples that come with the schemas of the standards: what some of them mean, and all that is not kept of them. */
const examples: Record<
  string,
  { readonly drawn: readonly Symbolizer['kind'][]; readonly meant?: object; readonly notes?: readonly RegExp[] }
> = {
  'se/1.1.0/example-linesymbolizer.xml': { drawn: ['line'] },
  'se/1.1.0/example-pointsymbolizer1.xml': { drawn: ['point'] },
  'se/1.1.0/example-pointsymbolizer2.xml': { drawn: ['point'], notes: [/vendor.com\/geosym\/2267.svg/, /2267.png/] },
  'se/1.1.0/example-polygonsymbolizer.xml': { drawn: ['fill'] },
  'se/1.1.0/example-textsymbolizer.xml': {
    drawn: ['text'],
    meant: {
      text: {
        kind: 'call',
        name: 'concat',
        args: [property('hospitalName'), { value: ' (' }, { kind: 'call', name: 'numberFormat' }, { value: ')' }],
      },
    },
  },
  'se/1.1.0/example-rastersymbolizer1.xml': { drawn: ['raster'], notes: [/OverlapBehavior/] },
  'se/1.1.0/example-rastersymbolizer2.xml': { drawn: ['raster'], notes: [/differs between channels/, /Histogram/, /OverlapBehavior/] },
  'se/1.1.0/example-coveragestyle.xml': { drawn: ['raster'], notes: [/bands are read by their number/] },
  'se/1.1.0/example-featurestyle.xml': { drawn: ['fill'], notes: [/FeatureTypeName/] },
  'sld/1.1.0/example-sld.xml': { drawn: ['fill'], notes: [/FeatureTypeName/] },
  'sld/1.0.0/example-sld.xml': { drawn: ['fill'] },
}
for (const [path, { drawn, meant, notes: told = [] }] of Object.entries(examples))
  t.test(path, { skip: withoutOgcSchemas }, async t => {
    const { layers, notes } = readSld(readFileSync(ogcSchemaFile(path)))
    const [style] = layers[0].styles
    const symbolizers = style.kind === 'user' ? rulesOf(style.style).flatMap(rule => rule.symbolizers) : []
    t.strictSame(
      symbolizers.map(({ kind }) => kind),
      drawn,
    )
    if (meant) t.match(symbolizers[0], meant)
    t.match(
      notes.map(({ path, message }) => `${path}: ${message}`),
      told,
    )
    t.equal(notes.length, told.length)
  })
