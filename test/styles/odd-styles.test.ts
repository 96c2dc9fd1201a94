import t from 'tap'
import { readMapLibre } from '#styles/maplibre/read-maplibre.js'
import { writeMapLibre } from '#styles/maplibre/write-maplibre.js'
import { readQml } from '#styles/qml/read-qml.js'
import { pick, seeded } from '../support/seeded.js'

/** Reads and writes; the only error that may come is a StyleError. */
function survives(read: () => void): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    return (error as Error).name === 'StyleError' ? undefined : String((error as Error).stack)
  }
}

const style = {
  version: 8,
  sources: { s: { type: 'vector' } },
  layers: [
    {
      id: 'a',
      type: 'fill',
      source: 's',
      filter: ['all', ['==', '$type', 'Polygon'], ['in', 'k', 'x', 'y']],
      paint: {
        'fill-color': ['match', ['get', 'k'], 'x', 'red', 'hsl(1, 2%, 3%)'],
        'fill-translate': {
          stops: [
            [1, [0, 0]],
            [9, [2, 3]],
          ],
        },
      },
    },
    {
      id: 'b',
      type: 'line',
      source: 's',
      minzoom: 3,
      filter: ['any', ['has', 'z'], ['>', ['get', 'n'], 3]],
      layout: { 'line-cap': 'round' },
      paint: {
        'line-width': {
          base: 1.2,
          stops: [
            [5, 1],
            [18, 9],
          ],
        },
        'line-gap-width': 2,
        'line-dasharray': [2, 1],
      },
    },
    { id: 'c', ref: 'b', paint: { 'line-color': ['interpolate', ['linear'], ['zoom'], 3, '#abc', 8, '#123'] } },
    {
      id: 'd',
      type: 'circle',
      source: 's',
      paint: {
        'circle-radius': {
          property: 'n',
          stops: [
            [{ zoom: 1, value: 0 }, 1],
            [{ zoom: 9, value: 10 }, 30],
          ],
        },
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'e',
      type: 'symbol',
      source: 's',
      layout: {
        'text-field': '{name} {ref}',
        'icon-image': ['concat', 'a-', ['get', 'k']],
        'text-offset': [0, 1],
        'text-font': ['A Bold'],
        'symbol-placement': {
          stops: [
            [1, 'point'],
            [9, 'line'],
          ],
        },
      },
      paint: { 'text-halo-width': 1, 'text-halo-color': '#fff' },
    },
    {
      id: 'f',
      type: 'heatmap',
      source: 's',
      paint: {
        'heatmap-radius': {
          stops: [
            [1, 2],
            [9, 30],
          ],
        },
        'heatmap-color': ['interpolate', ['linear'], ['heatmap-density'], 0, 'rgba(0,0,0,0)', 1, 'red'],
      },
    },
  ],
}

const oddValues = (): unknown[] => [
  null,
  -1,
  Number.POSITIVE_INFINITY,
  'x',
  '',
  '__proto__',
  [],
  {},
  [[]],
  true,
  ['get'],
  ['get', 1],
  ['get', 'constructor'],
  ['interpolate'],
  ['interpolate', ['linear'], ['zoom'], 1],
  ['interpolate', ['cubic-bezier', 0, 1], ['zoom'], 1, 2],
  { stops: [] },
  { stops: [[1, 2]] },
  { stops: [[{ zoom: 1 }, 2]], property: 'a' },
  {
    stops: [
      [1, [1, 2]],
      [2, [3]],
    ],
  },
  { type: 'identity' },
  ['literal', [1]],
  ['literal', {}],
  ['match', ['get', 'a'], [[1]], 1, 2],
  ['step', ['zoom']],
  ['step', ['zoom'], 1, 'a', 2],
  ['let'],
  ['let', 'a'],
  ['case'],
  ['concat'],
  ['format', {}],
  ['in'],
  ['!'],
  ['all', 1],
  ['==', 1],
  ['has'],
  ['!has'],
  ['none'],
  ['number-format', 1, null],
  ['rgb'],
  ['rgba', 1, 2, 3, 'x'],
  ['image'],
  ['var'],
]

type Slots = readonly (readonly [Record<string, unknown>, string])[]
const slotsOf = (part: unknown): Slots =>
  typeof part === 'object' && part !== null
    ? Object.entries(part).flatMap(([key, value]) => [[part as Record<string, unknown>, key] as const, ...slotsOf(value)])
    : []

t.test('300 MapLibre styles with odd values in odd places are read and written, or refused', async t => {
  const random = seeded(36)
  const failures = Array.from({ length: 300 }, () => {
    const odd = structuredClone(style)
    for (let k = 0; k < 4; k++) {
      const [owner, key] = pick(random, slotsOf(odd.layers))
      owner[key] = pick(random, oddValues())
    }
    return survives(() => {
      for (const { style } of readMapLibre(odd).layers) writeMapLibre(style, { source: 's' })
    })
  })
  t.same(failures.filter(Boolean), [])
})

const props = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([k, v]) => `<prop k="${k}" v="${v}"/>`)
    .join('')
const qml = `<qgis version="3.22" hasScaleBasedVisibilityFlag="1" minScale="1e8" maxScale="0" labelsEnabled="1">
<renderer-v2 type="RuleRenderer" symbollevels="1" enableorderby="1"><rules><rule filter="n > 3" symbol="0" scalemindenom="10" scalemaxdenom="1000"><rule filter="ELSE" symbol="1"/></rule><rule filter="ELSE" symbol="1"/></rules>
<symbols><symbol type="fill" name="0" alpha="0.5"><layer class="SimpleFill" pass="1">${props({ color: '1,2,3,4', style: 'cross', outline_width: '1', outline_width_unit: 'MapUnit', offset: '1,2' })}
<data_defined_properties><Option type="Map"><Option type="Map" name="properties"><Option type="Map" name="fillColor"><Option name="active" value="true"/><Option name="type" value="3"/><Option name="expression" value="if(n,'1,2,3','red')"/></Option></Option></Option></data_defined_properties></layer>
<layer class="LinePatternFill" pass="0">${props({ angle: '45', distance: '3' })}<symbol type="line" name="@0@1"><layer class="SimpleLine">${props({ line_width: '1', customdash: '5;2', use_custom_dash: '1' })}</layer></symbol></layer></symbol>
<symbol type="marker" name="1"><layer class="SimpleMarker">${props({ name: 'star', size: '3', angle: '5', size_dd_active: '1', size_dd_useexpr: '1', size_dd_expression: 'n * 2' })}</layer></symbol></symbols></renderer-v2>
<labeling type="rule-based"><rules><rule filter="n" description="a"><settings><text-style fieldName="a" fontSize="9" fontSizeUnit="Point" textColor="1,2,3,4"><text-buffer bufferDraw="1" bufferSize="1"/></text-style><placement placement="2" dist="1"/><rendering scaleVisibility="1" scaleMin="1" scaleMax="9"/></settings></rule></rules></labeling>
<layerOpacity>0.5</layerOpacity><blendMode>6</blendMode></qgis>`

t.test('300 QGIS styles with odd values in odd places are read, or refused', async t => {
  const random = seeded(37)
  const words = [
    '',
    'NaN',
    '-1',
    '1e999',
    '0',
    'x',
    'array(1)',
    '&quot;a',
    '(((',
    'a = b = c',
    'null',
    ',,,',
    ';;',
    '%',
    'labels',
    'true',
    'MapUnit',
    'ELSE',
    'GeometryGenerator',
    'SVGFill',
    'FontMarker',
    'HashLine',
    'constructor',
  ]
  const pieces = qml.split(/(="[^"]*")/)
  const failures = Array.from({ length: 300 }, () => {
    const odd = [...pieces]
    for (let k = 0; k < 4; k++) odd[1 + 2 * Math.floor(random() * ((pieces.length - 1) / 2))] = `="${pick(random, words)}"`
    return survives(() => readQml(odd.join('')))
  })
  t.same(failures.filter(Boolean), [])
  t.ok(readQml(qml).style.passes.length > 1, 'the style itself is read')
})
