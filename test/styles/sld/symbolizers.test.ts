import t from 'tap'
import type { Symbolizer } from '#styles/style.js'
import { symbolizerOf } from './sld-support.js'

const property = (name: string) => ({ kind: 'property', name })
const literal = (value: unknown) => ({ kind: 'literal', value })
const call = (name: string, ...args: unknown[]) => ({ kind: 'call', name, args })
const ground = (metres: unknown) => ({ kind: 'ground', metres })
const metre = 'uom="http://www.opengeospatial.org/se/units/metre"'
const black = { color: '#000000', opacity: 1, width: 1 }
const css = (values: Record<string, string>, tag = 'CssParameter') =>
  Object.entries(values)
    .map(([name, value]) => `<${tag} name="${name}">${value}</${tag}>`)
    .join('')
const fillOf = (inner: string, more = '') => `<PolygonSymbolizer><Fill>${inner}</Fill>${more}</PolygonSymbolizer>`
const lineOf = (inner: string, more = '', attributes = '') =>
  `<LineSymbolizer ${attributes}><Stroke>${inner}</Stroke>${more}</LineSymbolizer>`
const pointOf = (inner: string) => `<PointSymbolizer><Graphic>${inner}</Graphic></PointSymbolizer>`
const mark = (name: string, more = '') => `<Mark><WellKnownName>${name}</WellKnownName>${more}</Mark>`
const red = `<Fill>${css({ fill: '#f00' })}</Fill>`
const point = (graphic: object) => ({ kind: 'point', graphic })
const redCircle = { kind: 'mark', shape: 'circle', color: '#ff0000', opacity: 1 }

/** What is written, and all of what it means. */
const cases: Record<string, readonly [written: string, meant: unknown]> = {
  'a fill without parameters is gray': [fillOf(''), { kind: 'fill', color: '#808080', opacity: 1 }],
  'colour, opacity and outline': [
    fillOf(css({ fill: '#AbCdEf', 'fill-opacity': '0.5' }), `<Stroke>${css({ stroke: '#123456', 'stroke-width': '2' })}</Stroke>`),
    { kind: 'fill', color: '#abcdef', opacity: 0.5, outline: { color: '#123456', opacity: 1, width: 2 } },
  ],
  'outline alone': ['<PolygonSymbolizer><Stroke/></PolygonSymbolizer>', { kind: 'fill', opacity: 1, outline: black }],
  'parameters of SE and of SLD': [fillOf(css({ fill: '#ff0000' }, 'SvgParameter')), { kind: 'fill', color: '#ff0000', opacity: 1 }],
  'a literal in a parameter is the value itself': [
    fillOf(css({ 'fill-opacity': '<ogc:Literal>0.25</ogc:Literal>' })),
    { kind: 'fill', color: '#808080', opacity: 0.25 },
  ],
  'a colour and an opacity by property': [
    fillOf(css({ fill: '<ogc:PropertyName>c</ogc:PropertyName>', 'fill-opacity': '<ogc:PropertyName>o</ogc:PropertyName>' })),
    { kind: 'fill', color: property('c'), opacity: property('o') },
  ],
  'texts and properties in one parameter': [
    fillOf(css({ fill: '#<ogc:PropertyName>rgb</ogc:PropertyName>' })),
    { kind: 'fill', color: call('concat', literal('#'), property('rgb')), opacity: 1 },
  ],
  'displacement of polygons: y is up there, and down here': [
    fillOf('', '<Displacement><DisplacementX>3</DisplacementX><DisplacementY>4</DisplacementY></Displacement>'),
    { kind: 'fill', color: '#808080', opacity: 1, displacement: [3, -4] },
  ],
  'a pattern of graphics': [
    fillOf(`<GraphicFill><Graphic>${mark('circle', red)}<Size>8</Size></Graphic></GraphicFill>`),
    { kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic: { shapes: [redCircle], size: 8 } } },
  ],
  'margins of a pattern: top and bottom, left and right together': [
    fillOf(
      `<GraphicFill><Graphic>${mark('circle', red)}</Graphic></GraphicFill>`,
      '<VendorOption name="graphic-margin">1 2 3 4</VendorOption>',
    ),
    { kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic: { shapes: [redCircle] }, margin: [6, 4] } },
  ],
  'horizontal lines are a hatch': [
    fillOf(`<GraphicFill><Graphic>${mark('shape://horline', '<Stroke/>')}<Size>8</Size></Graphic></GraphicFill>`),
    { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 0, spacing: 8, stroke: black } },
  ],
  'diagonals of tiles lie nearer than the tiles': [
    fillOf(`<GraphicFill><Graphic>${mark('shape://slash', '<Stroke/>')}<Size>8</Size></Graphic></GraphicFill>`),
    { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 135, spacing: 8 * Math.SQRT1_2, stroke: black } },
  ],
  'as QGIS writes a hatch: it turns the other way': [
    fillOf(`<GraphicFill><Graphic>${mark('horline', '<Stroke/>')}<Size>5</Size><Rotation>200</Rotation></Graphic></GraphicFill>`),
    { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 160, spacing: 5, stroke: black } },
  ],

  'all of a stroke': [
    lineOf(
      css({
        stroke: '#0000ff',
        'stroke-opacity': '0.5',
        'stroke-width': '3.5',
        'stroke-linecap': 'round',
        'stroke-linejoin': 'miter',
        'stroke-dasharray': '4, 2 4  16',
        'stroke-dashoffset': '-1',
      }),
    ),
    {
      kind: 'line',
      stroke: { color: '#0000ff', opacity: 0.5, width: 3.5, cap: 'round', join: 'mitre', dashes: [4, 2, 4, 16], dashOffset: -1 },
    },
  ],
  'an offset to the left': [lineOf('', '<PerpendicularOffset>5</PerpendicularOffset>'), { kind: 'line', stroke: black, offset: 5 }],
  'metres are on the ground': [
    lineOf(css({ 'stroke-width': '2', 'stroke-dasharray': '5 3' }), '', metre),
    { kind: 'line', stroke: { ...black, width: ground(2), dashes: [ground(5), ground(3)] } },
  ],
  'feet are metres': [
    lineOf(css({ 'stroke-width': '10' }), '', 'uom="http://www.opengeospatial.org/se/units/foot"'),
    { kind: 'line', stroke: { ...black, width: ground(3.048) } },
  ],
  'the default width is a pixel in every unit': [lineOf('', '', metre), { kind: 'line', stroke: black }],
  'a computed width in feet': [
    lineOf(css({ 'stroke-width': '<ogc:PropertyName>w</ogc:PropertyName>' }), '', 'uom="http://www.opengeospatial.org/se/units/foot"'),
    { kind: 'line', stroke: { ...black, width: ground(call('*', property('w'), literal(0.3048))) } },
  ],
  'units behind numbers': [
    lineOf(css({ 'stroke-width': '2m', 'stroke-dasharray': '5px 3' })),
    { kind: 'line', stroke: { ...black, width: ground(2), dashes: [5, 3] } },
  ],
  'graphics along a line': [
    lineOf(`<GraphicStroke><Graphic>${mark('circle', red)}</Graphic><InitialGap>2</InitialGap><Gap>9</Gap></GraphicStroke>`),
    { kind: 'line', stroke: { ...black, graphic: { graphic: { shapes: [redCircle] }, gap: 9, initialGap: 2 } } },
  ],
  'a pattern that shows through a line': [
    lineOf(`<GraphicFill><Graphic>${mark('circle', red)}</Graphic></GraphicFill>`),
    { kind: 'line', stroke: { ...black, pattern: { kind: 'graphic', graphic: { shapes: [redCircle] } } } },
  ],

  'a graphic of nothing is a gray square (SE 1.1.0, 11.3.2)': [
    '<PointSymbolizer><Graphic/></PointSymbolizer>',
    point({ shapes: [{ kind: 'mark', shape: 'square', color: '#808080', opacity: 1, outline: black }] }),
  ],
  'all of a graphic; the anchor is counted from below there': [
    pointOf(
      `${mark('Circle', red)}<Opacity>0.5</Opacity><Size>12</Size><Rotation>45</Rotation>
       <AnchorPoint><AnchorPointX>0</AnchorPointX><AnchorPointY>0.25</AnchorPointY></AnchorPoint>
       <Displacement><DisplacementX>1</DisplacementX><DisplacementY>2</DisplacementY></Displacement>`,
    ),
    point({ shapes: [redCircle], size: 12, opacity: 0.5, rotation: 45, anchor: [0, 0.75], displacement: [1, -2] }),
  ],
  'rotation and size computed': [
    pointOf(
      `${mark('circle', red)}<Size><ogc:Mul><ogc:PropertyName>n</ogc:PropertyName><ogc:Literal>2</ogc:Literal></ogc:Mul></Size>
       <Rotation><ogc:Sub><ogc:Literal>180</ogc:Literal><ogc:PropertyName>a</ogc:PropertyName></ogc:Sub></Rotation>`,
    ),
    point({
      shapes: [redCircle],
      size: call('*', property('n'), literal('2')),
      rotation: call('-', literal('180'), property('a')),
    }),
  ],
  'characters of fonts: hexadecimal, Unicode, decimal, embedded': [
    pointOf(['ttf://A B#0x41', 'ttf://A%20B#U+0041', 'ttf://A B#65', `ttf://A B#\${'U+0041'}`].map(name => mark(name, red)).join('')),
    point({ shapes: Array(4).fill({ kind: 'glyph', family: 'A B', character: 'A', color: '#ff0000', opacity: 1 }) }),
  ],
  'characters of fonts as SE has them': [
    pointOf(`<Mark><OnlineResource xlink:href="ttf://Dingbats"/><Format>ttf</Format><MarkIndex>65</MarkIndex>${red}</Mark>`),
    point({ shapes: [{ kind: 'glyph', family: 'Dingbats', character: 'A', color: '#ff0000', opacity: 1 }] }),
  ],
  'pictures beside the style, and a mark instead of them': [
    pointOf(
      `<ExternalGraphic><OnlineResource xlink:type="simple" xlink:href="icons/tree.svg"/><Format>image/svg+xml</Format></ExternalGraphic>${mark('circle', red)}`,
    ),
    point({ shapes: [{ kind: 'icon', href: 'icons/tree.svg' }, redCircle] }),
  ],
  'parameters of SVGs': [
    pointOf(
      '<ExternalGraphic><OnlineResource xlink:href="t.svg?fill=#00ff00&amp;fill-opacity=1&amp;outline=%23112233&amp;outline-width=2"/><Format>image/svg+xml</Format></ExternalGraphic>',
    ),
    point({ shapes: [{ kind: 'icon', href: 't.svg', color: '#00ff00', outline: { color: '#112233', opacity: 1, width: 2 } }] }),
  ],
  'names of pictures put together': [
    pointOf(`<ExternalGraphic><OnlineResource xlink:href="icons/\${kind}.png"/><Format>image/png</Format></ExternalGraphic>`),
    point({ shapes: [{ kind: 'icon', href: call('concat', literal('icons/'), property('kind'), literal('.png')) }] }),
  ],
  'pictures inside the style': [
    pointOf('<ExternalGraphic><InlineContent encoding="base64"> iVBO\nRw0K </InlineContent><Format>image/png</Format></ExternalGraphic>'),
    point({ shapes: [{ kind: 'icon', href: 'data:image/png;base64,iVBORw0K' }] }),
  ],
  'pictures inside the style, as XML': [
    pointOf(
      '<ExternalGraphic><InlineContent encoding="xml"><svg xmlns="http://www.w3.org/2000/svg"><g/></svg></InlineContent><Format>image/svg+xml</Format></ExternalGraphic>',
    ),
    point({
      shapes: [
        {
          kind: 'icon',
          href: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>').toString('base64')}`,
        },
      ],
    }),
  ],

  'another geometry column': [
    `<PointSymbolizer><Geometry><ogc:PropertyName>the_point</ogc:PropertyName></Geometry><Graphic>${mark('circle', red)}</Graphic></PointSymbolizer>`,
    { ...point({ shapes: [redCircle] }), geometry: { column: 'the_point' } },
  ],
  'a part of the geometry': [
    `<PointSymbolizer><Geometry><ogc:Function name="endPoint"><ogc:PropertyName>geom</ogc:PropertyName></ogc:Function></Geometry><Graphic>${mark('circle', red)}</Graphic></PointSymbolizer>`,
    { ...point({ shapes: [redCircle] }), geometry: { column: 'geom', part: 'end' } },
  ],
  'moved on the ground, as a shadow is in GeoServer': [
    `<PolygonSymbolizer><Geometry><ogc:Function name="offset"><ogc:PropertyName>geom</ogc:PropertyName><ogc:Literal>3</ogc:Literal><ogc:Literal>-2</ogc:Literal></ogc:Function></Geometry>${red}</PolygonSymbolizer>`,
    {
      kind: 'fill',
      geometry: { column: 'geom' },
      color: '#ff0000',
      opacity: 1,
      displacement: [
        { kind: 'ground', metres: 3 },
        { kind: 'ground', metres: 2 },
      ],
    },
  ],
  'graphics in dashes, one in each': [
    `<LineSymbolizer><Stroke><GraphicStroke><Graphic>${mark('circle', red)}<Size>5</Size></Graphic></GraphicStroke><CssParameter name="stroke-dasharray">5 15</CssParameter><CssParameter name="stroke-dashoffset">7.5</CssParameter></Stroke></LineSymbolizer>`,
    {
      kind: 'line',
      stroke: { color: '#000000', opacity: 1, width: 1, graphic: { graphic: { shapes: [redCircle], size: 5 }, gap: 15, initialGap: 12.5 } },
    },
  ],
  'a mark by a name that is computed': [
    `<PointSymbolizer><Graphic>${mark(`\${if_then_else(equalTo(place, 'village'), 'star', 'square')}`, red)}</Graphic></PointSymbolizer>`,
    point({
      shapes: [
        {
          ...redCircle,
          shape: {
            kind: 'call',
            name: 'if_then_else',
            args: [
              {
                kind: 'call',
                name: 'equalTo',
                args: [
                  { kind: 'property', name: 'place' },
                  { kind: 'literal', value: 'village' },
                ],
              },
              { kind: 'literal', value: 'star' },
              { kind: 'literal', value: 'square' },
            ],
          },
        },
      ],
    }),
  ],
  'turned with the line at its end': [
    `<PointSymbolizer><Geometry><ogc:Function name="endPoint"><ogc:PropertyName>geom</ogc:PropertyName></ogc:Function></Geometry><Graphic>${mark('circle', red)}<Rotation><ogc:Function name="endAngle"><ogc:PropertyName>geom</ogc:PropertyName></ogc:Function></Rotation></Graphic></PointSymbolizer>`,
    { ...point({ shapes: [redCircle] }), geometry: { column: 'geom', part: 'end' }, isTurned: true },
  ],
  'turned with the line at its beginning, and the other way': [
    `<PointSymbolizer><Geometry><ogc:Function name="startPoint"><ogc:PropertyName>geom</ogc:PropertyName></ogc:Function></Geometry><Graphic>${mark('circle', red)}<Rotation><ogc:Sub><ogc:Function name="startAngle"><ogc:PropertyName>geom</ogc:PropertyName></ogc:Function><ogc:Literal>180</ogc:Literal></ogc:Sub></Rotation></Graphic></PointSymbolizer>`,
    { ...point({ shapes: [redCircle], rotation: -180 }), geometry: { column: 'geom', part: 'start' }, isTurned: true },
  ],
  'graphics at the last point of lines, as QGIS writes them': [
    `<LineSymbolizer><VendorOption name="placement">lastPoint</VendorOption><Stroke><GraphicStroke><Graphic>${mark('circle', red)}</Graphic></GraphicStroke></Stroke></LineSymbolizer>`,
    { ...point({ shapes: [redCircle] }), geometry: { part: 'end' }, isTurned: true },
  ],
  'graphics at the vertices of lines that QGIS does not turn': [
    `<LineSymbolizer><VendorOption name="rotateMarker">0</VendorOption><VendorOption name="placement">points</VendorOption><Stroke><GraphicStroke><Graphic>${mark('circle', red)}</Graphic></GraphicStroke></Stroke></LineSymbolizer>`,
    { ...point({ shapes: [redCircle] }), geometry: { part: 'vertices' } },
  ],
}

for (const [name, [written, meant]] of Object.entries(cases))
  t.test(name, async t => {
    const { is, notes } = symbolizerOf(written)
    t.strictSame(is, meant as Symbolizer)
    t.strictSame(notes, [], 'nothing is lost')
  })
