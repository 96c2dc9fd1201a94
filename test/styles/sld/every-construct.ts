import type { Expression } from '#filters/expression.js'
import type { Stroke, Style, Symbolizer } from '#styles/style.js'

const property = (name: string): Expression => ({ kind: 'property', name })
const text = (value: string): Expression => ({ kind: 'literal', value })
const black: Stroke = { color: '#000000', opacity: 1, width: 1 }
const circle = { kind: 'mark', shape: 'circle', color: '#ff0000', opacity: 1 } as const
const ground = (metres: number) => ({ kind: 'ground', metres }) as const
const label = {
  kind: 'text',
  text: property('name'),
  font: { families: ['DejaVu Sans', 'A, B'], size: 10 },
  color: '#000000',
  opacity: 1,
  placement: { kind: 'point', anchor: [0, 0.5] },
} as const

/** Symbolizers that SLD can say, each with something of its own. */
export const everySymbolizer: Readonly<Record<string, Symbolizer>> = {
  fill: { kind: 'fill', color: '#00ff00', opacity: 0.5, outline: black, displacement: [3, -4] },
  'outline only': { kind: 'fill', opacity: 1, outline: { ...black, width: 2.5 } },
  'computed fill': { kind: 'fill', color: property('c'), opacity: { kind: 'call', name: '/', args: [property('o'), text('100')] } },
  'fill of texts and properties': { kind: 'fill', color: { kind: 'call', name: 'concat', args: [text('#'), property('rgb')] }, opacity: 1 },
  hatch: { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 0, spacing: 8, stroke: black } },
  'diagonal hatch': { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 45, spacing: 7, stroke: black } },
  'odd hatch': { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 17, spacing: 5, stroke: black } },
  'hatch on the ground': { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 135, spacing: ground(50), stroke: black } },
  pattern: { kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic: { shapes: [circle], size: 8 }, margin: [6, 4] } },
  line: {
    kind: 'line',
    stroke: { color: '#0000ff', opacity: 0.5, width: 3, cap: 'round', join: 'bevel', dashes: [4, 2.5], dashOffset: 1 },
    offset: -2,
  },
  'line on the ground': { kind: 'line', stroke: { ...black, width: ground(6), dashes: [ground(10), ground(5)] } },
  'line in two units': { kind: 'line', stroke: { ...black, width: ground(6), dashes: [4, 2] } },
  'line of graphics': { kind: 'line', stroke: { ...black, graphic: { graphic: { shapes: [circle], size: 5 }, gap: 9, initialGap: 2 } } },
  'line of a pattern': { kind: 'line', stroke: { ...black, pattern: { kind: 'graphic', graphic: { shapes: [circle] } } } },
  point: {
    kind: 'point',
    graphic: { shapes: [circle], size: 12, opacity: 0.5, rotation: 45, anchor: [0, 0.75], displacement: [1, -2] },
  },
  'computed point': {
    kind: 'point',
    graphic: { shapes: [circle], size: property('n'), rotation: property('a'), displacement: [property('x'), property('y')] },
  },
  'computed anchor': { kind: 'point', graphic: { shapes: [circle], anchor: [property('x'), property('y')] } },
  glyph: {
    kind: 'point',
    graphic: { shapes: [{ kind: 'glyph', family: 'Cadastre RM', character: 'é', color: '#ff0000', opacity: 1, outline: black }] },
  },
  icon: {
    kind: 'point',
    graphic: {
      shapes: [{ kind: 'icon', href: 'icons/a b.svg', color: '#00ff00', outline: { color: '#112233', opacity: 0.5, width: 2 } }, circle],
    },
  },
  'computed icon': {
    kind: 'point',
    graphic: { shapes: [{ kind: 'icon', href: { kind: 'call', name: 'concat', args: [text('i/'), property('kind'), text('.png')] } }] },
  },
  'icon inside': { kind: 'point', graphic: { shapes: [{ kind: 'icon', href: 'data:image/png;base64,iVBORw0K' }] } },
  'part of the geometry': { kind: 'point', geometry: { column: 'geom', part: 'vertices' }, graphic: { shapes: [circle] } },
  'wider than high': { kind: 'point', graphic: { shapes: [{ ...circle, widening: 2.5 }], size: 4 } },
  'turned with the line': {
    kind: 'point',
    geometry: { column: 'geom', part: 'end' },
    graphic: { shapes: [circle], rotation: 90 },
    isTurned: true,
  },
  'another column': { kind: 'point', geometry: { column: 'centre' }, graphic: { shapes: [circle] } },
  label: {
    ...label,
    font: { families: ['DejaVu Sans'], size: 12, isItalic: true, weight: 700, letterSpacing: 1 },
    halo: { color: '#ffffff', opacity: 0.8, radius: 2 },
    placement: { kind: 'point', anchor: [0.5, 0], displacement: [1, 2], rotation: property('a'), maxDisplacement: 20, mustFit: true },
    priority: property('pop'),
    mayOverlap: true,
    spaceAround: 3,
    wrapWidth: 60,
    isGrouped: true,
    minRepeat: 50,
    abbreviations: { Avenue: 'Av.', Saint: 'St' },
    shield: { graphic: { shapes: [circle] }, isStretched: true, margin: 2 },
  },
  'label of texts and properties': {
    ...label,
    text: { kind: 'call', name: 'concat', args: [text('No '), property('no'), text('\n'), property('name'), text(` \${x} `)] },
  },
  'label of spaces': { ...label, text: text('  ') },
  'label along a line': { ...label, placement: { kind: 'line', offset: 4, repeat: 200, initialGap: 10, isUpright: true, maxAngle: 25 } },
  'straight label': { ...label, placement: { kind: 'line', isStraight: true } },
  recode: {
    kind: 'fill',
    color: {
      kind: 'recode',
      input: property('c'),
      entries: [
        ['1', text('#ff0000')],
        ['2', text('#00ff00')],
      ],
      otherwise: { kind: 'literal', value: null },
    },
    opacity: 1,
  },
  'recode of texts': {
    kind: 'fill',
    color: { kind: 'recode', input: property('c'), entries: [['bois', text('#ff0000')]], otherwise: { kind: 'literal', value: null } },
    opacity: 1,
  },
  categorize: {
    kind: 'fill',
    color: {
      kind: 'step',
      input: property('c'),
      first: text('#ffffff'),
      steps: [
        [10, text('#888888')],
        [20, text('#000000')],
      ],
      isUpTo: true,
    },
    opacity: 1,
  },
  interpolate: {
    kind: 'line',
    stroke: {
      ...black,
      width: {
        kind: 'interpolation',
        input: property('c'),
        stops: [
          [0, text('1')],
          [10, text('5')],
        ],
        of: 'number',
        base: 'cosine',
      },
    },
  },
  environment: { kind: 'line', stroke: { ...black, width: { kind: 'environment', name: 'scaleDenominator', otherwise: '1' } } },
  raster: { kind: 'raster', opacity: 0.5, bands: [3, 2, 1], gamma: 1.5, percentiles: [0, 100] },
  'raster of other tones': { kind: 'raster', opacity: 1, tones: { brightness: -60, contrast: 2.25, saturation: 0.5 } },
  'raster over a range': { kind: 'raster', opacity: 1, value: { kind: 'band', band: 1 }, isGray: true, range: [5, 50], isShaded: true },
  ramp: {
    kind: 'raster',
    opacity: 1,
    colorMap: {
      kind: 'ramp',
      entries: [
        { value: -1.5, color: '#000000' },
        { value: 100, color: '#ffffff' },
      ],
    },
  },
  intervals: {
    kind: 'raster',
    opacity: 1,
    colorMap: {
      kind: 'intervals',
      entries: [
        { value: 10, color: '#000000' },
        { value: Number.MAX_VALUE, color: '#ffffff' },
      ],
    },
  },
}

/** Passes and rules that SLD can say with GeoServer's options. */
export const sayableRules: Style = {
  name: 's',
  title: 'T',
  abstract: 'A',
  passes: [
    {
      name: 'casing',
      isFirstMatch: true,
      sort: [{ property: 'class', descending: true }],
      opacity: 0.5,
      blend: 'multiply',
      rules: [
        {
          name: 'r',
          title: 'Rule',
          abstract: 'of all',
          minScaleDenominator: 100,
          maxScaleDenominator: 1e6,
          isUnlisted: true,
          legendGraphic: { shapes: [circle] },
          filter: {
            kind: 'and',
            all: [
              { kind: 'compare', operator: '>=', left: property('a'), right: text('1') },
              {
                kind: 'or',
                any: [
                  { kind: 'isNull', operand: property('b') },
                  { kind: 'not', filter: { kind: 'compare', operator: '<>', left: property('a'), right: property('b') } },
                ],
              },
              { kind: 'between', operand: property('a'), lower: text('1'), upper: text('2') },
              { kind: 'like', operand: property('n'), pattern: ['50% * ', { any: 'many' }, { any: 'one' }, '\\'] },
            ],
          },
          symbolizers: [{ kind: 'fill', color: '#00ff00', opacity: 1 }],
        },
        { name: 'ids', filter: { kind: 'ids', ids: ['c.1', 'c.2'] }, symbolizers: [{ kind: 'line', stroke: black }] },
        {
          name: '',
          isElse: true,
          symbolizers: [
            { kind: 'line', stroke: black },
            { kind: 'point', graphic: { shapes: [circle] } },
          ],
        },
      ],
    },
    { transformation: { kind: 'cluster', distance: 40 }, rules: [{ name: 'clusters', symbolizers: [{ kind: 'line', stroke: black }] }] },
    {
      transformation: { kind: 'heatmap', radius: 20, weight: property('n') },
      rules: [{ name: 'heat', symbolizers: [{ kind: 'raster', opacity: 1 }] }],
    },
    {
      transformation: { kind: 'bins', shape: 'hexagon', size: 24 },
      rules: [{ name: 'bins', symbolizers: [{ kind: 'line', stroke: black }] }],
    },
    { rules: [{ name: 'second', symbolizers: [{ kind: 'line', stroke: black }] }] },
  ],
}
