import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readQml } from '#styles/qml/read-qml.js'
import { rulesOf } from '#styles/style.js'
import { StyleError } from '#styles/style-error.js'
import { sharedData } from '../../support/shared-data.js'

const docType = `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>`
const props = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([k, v]) => `<prop k="${k}" v="${v}"/>`)
    .join('')
const layer = (kind: string, values: Readonly<Record<string, string>> = {}, within = '') =>
  `<layer class="${kind}" pass="0">${props(values)}${within}</layer>`
const symbol = (type: string, layers: string, name = '0') => `<symbol type="${type}" name="${name}" alpha="1">${layers}</symbol>`
const single = (type: string, layers: string, rest = '') =>
  `${docType}<qgis version="2.18.28"><renderer-v2 type="singleSymbol" symbollevels="0"><symbols>${symbol(type, layers)}</symbols></renderer-v2>${rest}</qgis>`
/** As version 3.28 and later write them, without `prop`. */
const effect = (type: string, enabled = '1') =>
  `<effect type="effectStack" enabled="1"><effect type="${type}"><Option type="Map"><Option name="enabled" value="${enabled}"/></Option></effect></effect>`
const drawnBy = (text: string) => readQml(text).style.passes[0]?.rules[0].symbolizers ?? []
/** What is told of a style, or why it is refused. */
const messages = (text: string): readonly string[] => {
  try {
    return readQml(text).notes.map(note => note.message)
  } catch (error) {
    if (error instanceof StyleError) return [error.message]
    throw error
  }
}

t.test('names that every object has are names like others', async t => {
  const name = 'constructor'
  const values = { style: name, outline_style: name, joinstyle: name, outline_width: '1', outline_width_unit: name }
  const [fill] = drawnBy(single('fill', layer('SimpleFill', values)))
  t.match(fill, { color: '#000000', outline: { join: 'bevel', width: 3.57142857143 } })
  t.notOk('pattern' in fill)
  t.match(drawnBy(single('marker', layer('SimpleMarker', { name })))[0], { graphic: { shapes: [{ shape: name }] } })
  t.match(messages(single('marker', layer('GeometryGenerator', { geometryModifier: `${name}($geometry)` }))), [/made by constructor/])
})

t.test('the form of QGIS 2 is read', async t => {
  const values = {
    color: '10,20,30,255',
    color_border: '40,50,60,255',
    width_border: '0.28',
    style: 'solid',
    style_border: 'dash',
    color_dd_active: '1',
    color_dd_useexpr: '1',
    color_dd_expression: `if(n &gt; 2, '#ff0000', '#00ff00')`,
    color_dd_field: '',
  }
  const [fill] = drawnBy(single('fill', layer('SimpleFill', values)))
  t.match(fill, { kind: 'fill', color: { kind: 'choice' }, outline: { color: '#28323c', width: 1, dashes: [4, 2] } })
  const labels = {
    enabled: 'true',
    fieldName: 'nom',
    fontSize: '10',
    textColorR: '255',
    bufferDraw: 'true',
    bufferSize: '0.56',
    placement: '1',
    quadOffset: '4',
    'dataDefined/Size': '1~~1~~n~~',
  }
  const old = Object.entries(labels).map(([key, value]) => `<property key="labeling/${key}" value="${value}"/>`)
  const text = single('fill', layer('SimpleFill', values), `<labeling type="simple"/><customproperties>${old.join('')}</customproperties>`)
  const { style, notes } = readQml(text)
  t.match(style.passes[1].rules[0].symbolizers[0], { kind: 'text', text: { name: 'nom' }, color: '#ff0000', halo: { radius: 2 } })
  t.match(notes, [{ message: /Size is not computed/ }])
})

t.test('brushes are hatches 8 pixels apart', async t => {
  const brush = (style: string) => drawnBy(single('fill', layer('SimpleFill', { style, outline_style: 'no' })))
  const lines = (style: string) =>
    brush(style).map(one => one.kind === 'fill' && one.pattern?.kind === 'hatch' && [one.pattern.angle, one.pattern.spacing])
  t.same(lines('horizontal'), [[0, 8]])
  t.same(lines('vertical'), [[90, 8]])
  t.same(lines('cross'), [
    [0, 8],
    [90, 8],
  ])
  t.same(lines('b_diagonal'), [[135, 4 * Math.SQRT2]])
  t.same(lines('diagonal_x').length, 2)
  t.match(brush('dense4'), [{ opacity: 0.5 }])
  t.same(brush('no'), [])
})

t.test('the form of a mark is computed, by names that are ours', async t => {
  const computed = { name_dd_active: '1', name_dd_useexpr: '1', name_dd_expression: `if(n > 3, 'cross', 'rectangle')` }
  t.match(drawnBy(single('marker', layer('SimpleMarker', { name: 'star', color: '255,0,0,255', outline_style: 'no', ...computed }))), [
    { graphic: { shapes: [{ shape: { cases: [{ value: { value: 'shape://plus' } }], otherwise: { value: 'square' } } }] } },
  ])
})

t.test('what lies outside of the polygons of each class has no counterpart', async t => {
  const classes = single('fill', layer('SimpleFill')).replace(
    /<renderer-v2[^>]*>/,
    '<renderer-v2 type="categorizedSymbol" attr="a"><categories><category value="1" symbol="0" label="1"/></categories>',
  )
  const inverted = classes
    .replace('<renderer-v2', '<renderer-v2 type="invertedPolygonRenderer"><renderer-v2')
    .replace('</renderer-v2>', '</renderer-v2></renderer-v2>')
  t.throws(() => readQml(inverted), { name: 'StyleError', message: /outside of the polygons of each class is not drawn/ })
})

t.test('what passes from one colour to another is drawn in that between', async t => {
  const gradient = { color: '255,255,255,255', gradient_color2: '200,0,0,155', color1: '0,0,0,255', color2: '0,0,254,255' }
  t.match(drawnBy(single('fill', layer('GradientFill', gradient))), [{ kind: 'fill', color: '#e48080', opacity: 0.8039215 }])
  t.match(drawnBy(single('fill', layer('ShapeburstFill', { ...gradient, color_type: '1' }))), [{ color: '#00007f', opacity: 1 }])
})

t.test('every loss is named', async t => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [single('fill', layer('RandomMarkerFill')), /not drawn/],
    [single('fill', layer('GradientFill')), /half way between/],
    [single('fill', layer('GeometryGenerator', { geometryModifier: 'buffer($geometry, 5)' })), /buffer/],
    [single('line', layer('ArrowLine', { is_curved: '1' })), /follow their line/],
    [single('line', layer('SimpleLine', { trim_distance_start: '4' })), /trim_distance_start = 4/],
    [single('line', layer('SimpleLine', { line_width: 'wide' })), /wide/],
    [single('line', layer('SimpleLine', { line_width: '3', line_width_unit: 'MapUnit' })), /map units/],
    [single('line', layer('SimpleLine', { width_map_unit_scale: '3x:100,0,0,0,0,0' })), /map_unit_scale/],
    [
      single('marker', layer('EllipseMarker', { symbol_width: '4', symbol_height: '2', symbol_height_unit: 'RenderMetersInMapUnits' })),
      /as wide as it is high/,
    ],
    [single('marker', layer('SvgMarker', { name: '/home/a/b.svg' })), /beside the style/],
    [single('marker', layer('SimpleMarker', { size_dd_active: '1', size_dd_useexpr: '1', size_dd_expression: 'array(1)' })), /array/],
    [single('marker', layer('FutureMarker')), /not drawn/],
    [single('fill', layer('SimpleFill'), '<featureBlendMode>6</featureBlendMode>'), /blended/],
    [single('fill', layer('SimpleFill'), '<blendMode>30</blendMode>'), /blend mode 30/],
    [`<qgis><renderer-v2 type="25dRenderer"/></qgis>`, /25dRenderer/],
    [
      `<qgis><renderer-v2 type="categorizedSymbol" attr="array(1)"><categories><category value="a"/></categories></renderer-v2></qgis>`,
      /array/,
    ],
    [`<qgis><renderer-v2 type="RuleRenderer"><rules><rule filter="array(1)" symbol="0"/></rules></renderer-v2></qgis>`, /array/],
    [`<qgis><renderer-v2 type="RuleRenderer"><rules><rule symbol="7"/></rules></renderer-v2></qgis>`, /not in the style/],
    [
      single(
        'fill',
        layer('SimpleFill'),
        '<SingleCategoryDiagramRenderer diagramType="Pie"><DiagramCategory><attribute field="a"/></DiagramCategory></SingleCategoryDiagramRenderer>',
      ),
      /diagrams/,
    ],
    [single('fill', layer('SimpleFill')).replace('<symbols>', `${effect('outerGlow')}<symbols>`), /effects outerGlow are not drawn/],
    [
      single(
        'fill',
        layer('SimpleFill'),
        `<labeling type="simple"><settings><text-style fieldName="a"><text-buffer>${effect('blur')}</text-buffer></text-style></settings></labeling>`,
      ),
      /effects blur are not drawn/,
    ],
    ['<qgis><pipe><rasterrenderer type="contour"/></pipe></qgis>', /contour/],
    ['<qgis/>', /no renderer/],
  ]
  for (const [text, message] of cases) t.match(messages(text).join('; '), message)
  t.same(messages(single('fill', layer('SimpleFill', { color: '1,2,3,255', style: 'solid' }))), [], 'nothing is named in vain')
  t.same(messages(single('fill', layer('SimpleFill', {}, effect('dropShadow', '0') + effect('drawSource')))), [], 'nor is what is off')
})

t.test('what is no style, hostile or too large is refused', async t => {
  const rules = (count: number) => Array.from({ length: count }, () => '<rule filter="a"/>').join('')
  const deep = (count: number, tag: string) => `${`<${tag}>`.repeat(count)}${`</${tag}>`.repeat(count)}`
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /root/],
    ['<sld/>', /no style of QGIS/],
    ['<qgis>', /line/],
    [`<!DOCTYPE qgis [<!ENTITY a "b">]><qgis>&a;</qgis>`, /DOCTYPE/],
    [`<!DOCTYPE qgis SYSTEM 'file:///etc/passwd' [<!ENTITY % a SYSTEM "b">]><qgis/>`, /DOCTYPE/],
    [`<!DOCTYPE html><qgis/>`, /DOCTYPE/],
    [`${docType}${docType}<qgis/>`, /DOCTYPE/],
    [`<qgis>${docType}</qgis>`, /DOCTYPE|line/],
    [`<qgis><renderer-v2 type="RuleRenderer"><rules>${rules(10_000)}</rules></renderer-v2></qgis>`, /5000 rules/],
    [`<qgis><renderer-v2 type="RuleRenderer"><rules>${deep(60, 'rule')}</rules></renderer-v2></qgis>`, /nested deeper/],
    [`<qgis>${deep(1000, 'a')}</qgis>`, /deeper/],
    [
      `<qgis><renderer-v2 type="categorizedSymbol" attr="a"><categories>${'<category/>'.repeat(10_000)}</categories></renderer-v2></qgis>`,
      /5000 rules/,
    ],
    [`<qgis>${' '.repeat(17e6)}</qgis>`, /bytes/],
  ]
  for (const [text, message] of cases) t.throws(() => readQml(text), { name: 'StyleError', message }, text.slice(0, 60))
  t.doesNotThrow(() => readQml(`<?xml version="1.0"?>\n<!DOCTYPE qgis>\n<qgis><renderer-v2 type="nullSymbol"/></qgis>`))
  const nested = (count: number): string => (count === 0 ? '' : layer('CentroidFill', {}, symbol('marker', nested(count - 1))))
  t.match(messages(single('fill', nested(20))).join(), /deeper than 8/)
  const elses = '<rule filter="ELSE"/><rule filter="a" scalemindenom="1"/>'.repeat(2000)
  t.throws(() => readQml(`<qgis><renderer-v2 type="RuleRenderer"><rules>${elses}</rules></renderer-v2></qgis>`), /ELSE/)
  const strange = { size: 'NaN', angle: '1e999', offset: 'a,b', color: '999,1', pass: '-1' }
  t.ok(drawnBy(single('marker', layer('SimpleMarker', strange))).length === 1, 'odd values are drawn somehow')
})

const { path: folder, skip } = sharedData('styles/ocs/qml')
t.test('the styles of the region are read with nothing lost', { skip }, async t => {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8')
    const { style, notes } = readQml(text)
    t.same(notes, [], file)
    const count = text.match(/<category /g)?.length
    t.equal(rulesOf(style).length, count, `${file} has ${count} classes`)
    for (const rule of rulesOf(style)) t.ok(rule.symbolizers.length > 0 && rule.name !== '', `${file}: ${rule.name} draws`)
  }
})

t.test('a style of which nothing can be drawn is refused with the reasons; one that is meant to show nothing is not', async t => {
  for (const [text, message] of [
    [single('fill', layer('RandomMarkerFill')), /^Line 1: Nothing of it can be drawn.*RandomMarkerFill: is not drawn/],
    ['<qgis>\n<renderer-v2 type="25dRenderer"/></qgis>', /^Line 2: Nothing of it.*25dRenderer are not drawn/],
  ] as const)
    t.throws(() => readQml(text), { name: 'StyleError', message })
  const part = readQml(single('fill', layer('RandomMarkerFill') + layer('SimpleFill')))
  t.equal(rulesOf(part.style).length, 1)
  t.match(part.notes, [{ message: /not drawn/ }])
  const none = readQml('<qgis><renderer-v2 type="nullSymbol"/><featureBlendMode>6</featureBlendMode></qgis>')
  t.same([none.style.passes.length, none.notes.length], [0, 1])
})
