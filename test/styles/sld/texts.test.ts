import t from 'tap'
import { symbolizerOf } from './sld-support.js'

const property = (name: string) => ({ kind: 'property', name })
const literal = (value: unknown) => ({ kind: 'literal', value })
const concat = (...args: unknown[]) => ({ kind: 'call', name: 'concat', args })
const name = '<ogc:PropertyName>name</ogc:PropertyName>'
const label = `<Label>${name}</Label>`
const text = (inner: string) => `<TextSymbolizer>${inner}</TextSymbolizer>`
const option = (key: string, value: string) => `<VendorOption name="${key}">${value}</VendorOption>`
const plain = {
  kind: 'text',
  text: property('name'),
  font: { families: [], size: 10 },
  color: '#000000',
  opacity: 1,
  placement: { kind: 'point', anchor: [0, 0.5] },
}
const line = (inner: string, more = '') => text(`${label}<LabelPlacement><LinePlacement>${inner}</LinePlacement></LabelPlacement>${more}`)

const labels: Record<string, readonly [written: string, meant: unknown]> = {
  'a property': [name, property('name')],
  'a property between layout': [`\n  ${name}\n  `, property('name')],
  'a text': [' Forest  of\n  Oaks ', literal('Forest of Oaks')],
  'texts and properties; the spaces between them are one': [
    `Parcel  ${name} / <ogc:PropertyName>no</ogc:PropertyName>`,
    concat(literal('Parcel '), property('name'), literal(' / '), property('no')),
  ],
  'two properties and a space': [`${name} <ogc:PropertyName>no</ogc:PropertyName>`, concat(property('name'), literal(' '), property('no'))],
  'layout between properties is nothing': [
    `${name}\n    <ogc:PropertyName>no</ogc:PropertyName>`,
    concat(property('name'), property('no')),
  ],
  'a CDATA section is as it is, also between layout': [
    `\n  ${name}\n  <![CDATA[ - ]]>\n  <ogc:PropertyName>no</ogc:PropertyName>\n`,
    concat(property('name'), literal(' - '), property('no')),
  ],
  'a line break': [`${name}<![CDATA[\n]]><ogc:PropertyName>no</ogc:PropertyName>`, concat(property('name'), literal('\n'), property('no'))],
  'only a space, as people do who want only the graphic behind it': ['<![CDATA[ ]]> ', literal(' ')],
}
for (const [title, [written, meant]] of Object.entries(labels))
  t.test(`label: ${title}`, async t => {
    const { is, notes } = symbolizerOf(text(`<Label>${written}</Label>`))
    t.strictSame(is, { ...plain, text: meant })
    t.strictSame(notes, [])
  })

const cases: Record<string, readonly [written: string, meant: unknown]> = {
  'font, halo and fill': [
    text(`${label}<Font><CssParameter name="font-family">'DejaVu Sans', Arial</CssParameter><CssParameter name="font-size">12</CssParameter>
      <CssParameter name="font-style">oblique</CssParameter><CssParameter name="font-weight">bold</CssParameter></Font>
      <Halo><Radius>2</Radius><Fill><CssParameter name="fill">#eeeeee</CssParameter><CssParameter name="fill-opacity">0.8</CssParameter></Fill></Halo>
      <Fill><CssParameter name="fill">#333333</CssParameter></Fill>`),
    {
      ...plain,
      font: { families: ['DejaVu Sans', 'Arial'], size: 12, isItalic: true, weight: 700 },
      color: '#333333',
      halo: { color: '#eeeeee', opacity: 0.8, radius: 2 },
    },
  ],
  'several families': [
    text(
      `${label}<Font><CssParameter name="font-family">A</CssParameter><CssParameter name="font-family">B</CssParameter></Font><Font><CssParameter name="font-family">C</CssParameter></Font>`,
    ),
    { ...plain, font: { families: ['A', 'B', 'C'], size: 10 } },
  ],
  'a halo without anything is white': [text(`${label}<Halo/>`), { ...plain, halo: { color: '#ffffff', opacity: 1, radius: 1 } }],
  'a size in metres': [
    `<TextSymbolizer uom="http://www.opengeospatial.org/se/units/metre">${label}<Font><SvgParameter name="font-size">5</SvgParameter></Font></TextSymbolizer>`,
    { ...plain, font: { families: [], size: { kind: 'ground', metres: 5 } } },
  ],
  'placement at a point': [
    text(`${label}<LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0.5</AnchorPointX><AnchorPointY>1</AnchorPointY></AnchorPoint>
      <Displacement><DisplacementX>2</DisplacementX><DisplacementY>-3</DisplacementY></Displacement><Rotation><ogc:PropertyName>a</ogc:PropertyName></Rotation></PointPlacement></LabelPlacement>`),
    { ...plain, placement: { kind: 'point', anchor: [0.5, 1], displacement: [2, 3], rotation: property('a') } },
  ],
  'placement along a line (SE 1.1.0, 11.4.4)': [
    line(
      '<PerpendicularOffset>4</PerpendicularOffset><IsRepeated>true</IsRepeated><InitialGap>10</InitialGap><Gap>200</Gap><IsAligned>false</IsAligned><GeneralizeLine>false</GeneralizeLine>',
    ),
    { ...plain, placement: { kind: 'line', offset: 4, repeat: 200, initialGap: 10, isUpright: true } },
  ],
  'placement along a line by options': [
    line(
      '',
      option('followLine', 'true') +
        option('repeat', '300') +
        option('maxAngleDelta', '25') +
        option('group', 'yes') +
        option('minGroupDistance', '40'),
    ),
    { ...plain, placement: { kind: 'line', repeat: 300, maxAngle: 25 }, isGrouped: true, minRepeat: 40 },
  ],
  'straight along a line': [line('', option('followLine', 'false')), { ...plain, placement: { kind: 'line', isStraight: true } }],
  'options of labels': [
    text(
      label +
        '<Priority><ogc:PropertyName>pop</ogc:PropertyName></Priority>' +
        option('spaceAround', '5') +
        option('autoWrap', '60') +
        option('conflictResolution', 'false') +
        option('maxDisplacement', '20') +
        option('goodnessOfFit', '1') +
        option('charSpacing', '2'),
    ),
    {
      ...plain,
      font: { families: [], size: 10, letterSpacing: 2 },
      placement: { kind: 'point', anchor: [0, 0.5], maxDisplacement: 20, mustFit: true },
      priority: property('pop'),
      mayOverlap: true,
      spaceAround: 5,
      wrapWidth: 60,
    },
  ],
  'words that may be shortened': [
    text(label + option('abbreviations', 'Avenue=Av.; Général = Gal ;rue=;')),
    { ...plain, abbreviations: { Avenue: 'Av.', Général: 'Gal', rue: '' } },
  ],
  'a graphic behind the text': [
    text(
      `${label}<Graphic><Mark><WellKnownName>square</WellKnownName><Fill/></Mark></Graphic>${option('graphic-resize', 'stretch')}${option('graphic-margin', '3')}`,
    ),
    {
      ...plain,
      shield: { graphic: { shapes: [{ kind: 'mark', shape: 'square', color: '#808080', opacity: 1 }] }, isStretched: true, margin: 3 },
    },
  ],
}
for (const [title, [written, meant]] of Object.entries(cases))
  t.test(title, async t => {
    const { is, notes } = symbolizerOf(written)
    t.strictSame(is, meant)
    t.strictSame(notes, [])
  })

t.test('what is no abbreviation is named', async t => {
  const { is, notes } = symbolizerOf(text(label + option('abbreviations', 'Avenue; a b=c; Place=Pl.')))
  t.match(is, { abbreviations: { Place: 'Pl.' } })
  t.match(notes, [/“Avenue” is no abbreviation; “Avenue=Av.” would be/, /“a b=c” is no/])
})
