import { readFileSync } from 'node:fs'
import t from 'tap'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import { writeSld } from '#styles/sld/write-sld.js'
import type { Style, Transformation } from '#styles/style.js'
import { passesOf } from './sld-support.js'

const parameter = (name: string, ...values: readonly string[]) =>
  `<ogc:Function name="parameter"><ogc:Literal>${name}</ogc:Literal>${values.join('')}</ogc:Function>`
const literal = (value: string | number) => `<ogc:Literal>${value}</ogc:Literal>`
const variable = (name: string, otherwise?: string) =>
  `<ogc:Function name="env">${literal(name)}${otherwise === undefined ? '' : literal(otherwise)}</ogc:Function>`
/** What GeoServer's own examples say of data and map. */
const map = [
  parameter('data'),
  parameter('outputBBOX', variable('wms_bbox')),
  parameter('outputWidth', variable('wms_width')),
  parameter('outputHeight', variable('wms_height')),
].join('')
const passOf = (name: string, parameters: string) =>
  passesOf(
    `<FeatureTypeStyle><Transformation><ogc:Function name="${name}">${map}${parameters}</ogc:Function></Transformation><Rule><PointSymbolizer><Graphic><Mark/></Graphic></PointSymbolizer></Rule></FeatureTypeStyle>`,
  )

const cases: Readonly<Record<string, readonly [name: string, parameters: string, meant: Transformation]>> = {
  'a heat map': [
    'vec:Heatmap',
    parameter('weightAttr', literal('pop2000')) +
      parameter('radiusPixels', variable('radius', '70')) +
      parameter('pixelsPerCell', literal(10)),
    { kind: 'heatmap', radius: 70, weight: { kind: 'property', name: 'pop2000' } },
  ],
  'what is outside of the polygons': ['arpent:Inverse', '', { kind: 'inverse' }],
  'a heat map of which nothing is said': ['gs:Heatmap', '', { kind: 'heatmap', radius: 100 }],
  'a heat map with an intensity': [
    'vec:Heatmap',
    parameter('radiusPixels', literal(30)) + parameter('intensity', literal('0.25')),
    { kind: 'heatmap', radius: 30, intensity: 0.25 },
  ],
  'a heat map that pales by the scale': [
    'vec:Heatmap',
    parameter(
      'intensity',
      `<ogc:Function name="Interpolate">${variable('wms_scale_denominator')}${[1000, 1, 100_000, 0.1].map(literal).join('')}</ogc:Function>`,
    ),
    {
      kind: 'heatmap',
      radius: 100,
      intensity: {
        kind: 'interpolation',
        input: { kind: 'environment', name: 'scaleDenominator' },
        stops: [
          [1000, { kind: 'literal', value: '1' }],
          [100_000, { kind: 'literal', value: '0.1' }],
        ],
        of: 'number',
      },
    },
  ],
  stacks: ['vec:PointStacker', parameter('cellSize', literal(30)), { kind: 'cluster', distance: 30 }],
  'stacks under the old name, of no size': ['gs:PointStacker', '', { kind: 'cluster', distance: 1 }],
  bins: [
    'arpent:Bins',
    parameter('shape', literal('square')) +
      parameter('size', literal(24)) +
      parameter('weightAttr', '<ogc:Mul><ogc:PropertyName>a</ogc:PropertyName><ogc:Literal>2</ogc:Literal></ogc:Mul>'),
    {
      kind: 'bins',
      shape: 'square',
      size: 24,
      weight: {
        kind: 'call',
        name: '*',
        args: [
          { kind: 'property', name: 'a' },
          { kind: 'literal', value: '2' },
        ],
      },
    },
  ],
  'bins with a constant weight': [
    'arpent:Bins',
    parameter('weightAttr', literal(2)),
    { kind: 'bins', shape: 'hexagon', size: 20, weight: { kind: 'literal', value: 2 } },
  ],
}

for (const [title, [name, parameters, meant]] of Object.entries(cases))
  t.test(title, async t => {
    const { is, notes } = passOf(name, parameters)
    t.same(is[0].transformation, meant)
    const lacksIntensity = meant.kind === 'heatmap' && meant.intensity === undefined
    t.match(notes, lacksIntensity ? [/the parameter intensity scales them, 1 is taken/] : [])
    t.equal(notes.length, lacksIntensity ? 1 : 0)
  })

t.test('what is not kept is noted', async t => {
  const notesOf = (name: string, parameters: string) => passOf(name, parameters).notes.join('\n')
  t.match(
    notesOf('vec:BarnesSurface', parameter('scale', literal(2))),
    /vec:BarnesSurface.* is not read, features are drawn as they are; vec:Heatmap/,
  )
  t.equal(passOf('vec:BarnesSurface', '').is[0].transformation, undefined)
  t.match(notesOf('vec:Heatmap', parameter('colour', literal(2))), /the parameter “colour” is not read/)
  t.match(notesOf('vec:PointStacker', parameter('normalize', literal('true'))), /normalize is not read/)
  t.match(
    notesOf('vec:PointStacker', parameter('cellSize', '<ogc:PropertyName>a</ogc:PropertyName>')),
    /is computed; here only a value is read/,
  )
  t.match(notesOf('arpent:Bins', parameter('shape', literal('triangle'))), /“triangle”; hexagon and square are read/)
  t.match(notesOf('vec:Heatmap', parameter('radiusPixels', literal(1), literal(2))), /more than one value/)
  t.throws(() => passOf('vec:Heatmap', parameter('radiusPixels', literal('wide'))), /“wide”, where a number of 0 or more is wanted/)
  t.throws(() => passOf('vec:PointStacker', parameter('cellSize', literal(-1))), /-1/)
  for (const odd of ['constructor', '__proto__', '']) t.match(notesOf(odd, ''), /not read, features are drawn as they are/)
  t.match(passesOf('<FeatureTypeStyle><Transformation/><Rule><PointSymbolizer/></Rule></FeatureTypeStyle>').notes.join(), /it is not read/)
})

t.test('what is read is written again', async t => {
  for (const [title, [name, parameters]] of Object.entries(cases)) {
    const style: Style = { passes: passOf(name, parameters).is }
    for (const version of ['1.0.0', '1.1.0'] as const) {
      const { text } = writeSld(style, { version, layer: 'l', isExtended: true })
      const again = readSldStyles(text)
      const [read, meant] = [again.styles[0].style.passes[0].transformation, style.passes[0].transformation]
      // functions of SE have a fallback value, which is read as one
      const isComputed = meant?.kind === 'heatmap' && typeof meant.intensity === 'object'
      if (isComputed && version === '1.1.0') t.match(JSON.stringify(read), JSON.stringify(meant.intensity))
      else t.same(read, meant, `${title}, ${version}`)
      t.ok(again.notes.every(({ message }) => /intensity/.test(message)))
      const plain = writeSld(style, { version, layer: 'l' })
      t.match(plain.notes[0]?.message, /the transformation “.*SLD 1\..\.0 has no word for it/)
      t.notMatch(plain.text, /Transformation/)
    }
  }
})

t.test('the styles of the documentation are read as they stand there', async t => {
  const texts = [...readFileSync('docs/point-clouds.md', 'utf8').matchAll(/```xml\n(.*?)```/gs)].map(([, text]) => text)
  const read = texts.map(text => readSldStyles(text))
  t.same(
    read.map(({ styles }) => styles[0].style.passes[0].transformation?.kind),
    ['cluster', 'bins', 'heatmap'],
  )
  t.same(
    read.flatMap(({ notes }) => notes),
    [],
  )
})
