import t from 'tap'
import { symbolizerOf } from './sld-support.js'

const raster = (inner: string) => `<RasterSymbolizer>${inner}</RasterSymbolizer>`
const channel = (name: string, band: string, more = '') => `<${name}><SourceChannelName>${band}</SourceChannelName>${more}</${name}>`
const stretch = (least: number, most: number) =>
  `<ContrastEnhancement><Normalize><VendorOption name="algorithm">StretchToMinimumMaximum</VendorOption><VendorOption name="minValue">${least}</VendorOption><VendorOption name="maxValue">${most}</VendorOption></Normalize></ContrastEnhancement>`
const plain = { kind: 'raster', opacity: 1 }
const entries = '<ColorMapEntry color="#0000FF" quantity="100" opacity="0.5" label="sea"/><ColorMapEntry color="#00ff00" quantity="0"/>'
const meantEntries = [
  { value: 0, color: '#00ff00' },
  { value: 100, color: '#0000ff', opacity: 0.5, label: 'sea' },
]

const cases: Record<string, readonly [written: string, meant: unknown]> = {
  'nothing is said': [raster(''), plain],
  opacity: [raster('<Opacity>0.25</Opacity>'), { ...plain, opacity: 0.25 }],
  'three bands': [
    raster(
      `<ChannelSelection>${channel('RedChannel', '4')}${channel('GreenChannel', '3')}${channel('BlueChannel', '2')}</ChannelSelection>`,
    ),
    { ...plain, bands: [3, 2, 1] },
  ],
  'three bands, each over its range': [
    raster(
      `<ChannelSelection>${channel('RedChannel', '1', stretch(0, 10))}${channel('GreenChannel', '2', stretch(1, 11))}${channel('BlueChannel', '3', stretch(2, 12))}</ChannelSelection>`,
    ),
    {
      ...plain,
      bands: [0, 1, 2],
      ranges: [
        [0, 10],
        [1, 11],
        [2, 12],
      ],
    },
  ],
  'one band over a range, brightened': [
    raster(
      `<ChannelSelection>${channel('GrayChannel', '2')}</ChannelSelection>${stretch(5, 50).replace('</ContrastEnhancement>', '<GammaValue>1.5</GammaValue></ContrastEnhancement>')}`,
    ),
    { ...plain, value: { kind: 'band', band: 1 }, isGray: true, range: [5, 50], gamma: 1.5 },
  ],
  'gray over a range, as QGIS writes it': [
    raster(
      `<ChannelSelection>${channel('GrayChannel', '1', stretch(100, 355))}</ChannelSelection><ColorMap><ColorMapEntry quantity="0" color="#000000"/><ColorMapEntry quantity="255" color="#ffffff"/></ColorMap>`,
    ),
    { ...plain, value: { kind: 'band', band: 0 }, isGray: true, range: [100, 355] },
  ],
  'a ramp over a range that was made 0 to 255': [
    raster(
      `<ChannelSelection>${channel('GrayChannel', '1', stretch(100, 610))}</ChannelSelection><ColorMap><ColorMapEntry quantity="0" color="#ffffff"/><ColorMapEntry quantity="255" color="#000000"/></ColorMap>`,
    ),
    {
      ...plain,
      value: { kind: 'band', band: 0 },
      isGray: true,
      colorMap: {
        kind: 'ramp',
        entries: [
          { value: 100, color: '#ffffff' },
          { value: 610, color: '#000000' },
        ],
      },
    },
  ],
  'brightness, contrast and saturation, as QGIS writes them': [
    raster(
      '<VendorOption name="brightness">0.617647</VendorOption><VendorOption name="contrast">0.65</VendorOption><VendorOption name="saturation">0</VendorOption>',
    ),
    { ...plain, tones: { brightness: 60, contrast: 1.3 ** 2, saturation: 0 } },
  ],
  'over all values there are': [raster('<ContrastEnhancement><Normalize/></ContrastEnhancement>'), { ...plain, percentiles: [0, 100] }],
  relief: [raster('<ShadedRelief/>'), { ...plain, isShaded: true }],
  'a ramp': [raster(`<ColorMap>${entries}</ColorMap>`), { ...plain, colorMap: { kind: 'ramp', entries: meantEntries } }],
  intervals: [
    raster(`<ColorMap type="intervals">${entries}</ColorMap>`),
    { ...plain, colorMap: { kind: 'intervals', entries: meantEntries } },
  ],
  values: [raster(`<ColorMap type="values">${entries}</ColorMap>`), { ...plain, colorMap: { kind: 'values', entries: meantEntries } }],
  'Interpolate of SE is a ramp': [
    raster(`<ColorMap><Interpolate fallbackValue="#dddddd" mode="linear" method="color"><LookupValue>Rasterdata</LookupValue>
      <InterpolationPoint><Data>0</Data><Value>#000000</Value></InterpolationPoint>
      <InterpolationPoint><Data>255</Data><Value><ogc:Literal>#ffffff</ogc:Literal></Value></InterpolationPoint></Interpolate></ColorMap>`),
    {
      ...plain,
      colorMap: {
        kind: 'ramp',
        entries: [
          { value: 0, color: '#000000' },
          { value: 255, color: '#ffffff' },
        ],
      },
    },
  ],
  'Categorize of SE is intervals, the last one without end': [
    raster(`<ColorMap><Categorize fallbackValue="#78c818"><LookupValue>Rasterdata</LookupValue>
      <Value>#00ff00</Value><Threshold>-417</Threshold><Value>#00fa00</Value><Threshold>-333</Threshold><Value>#14f500</Value></Categorize></ColorMap>`),
    {
      ...plain,
      colorMap: {
        kind: 'intervals',
        entries: [
          { value: -417, color: '#00ff00' },
          { value: -333, color: '#00fa00' },
          { value: Number.MAX_VALUE, color: '#14f500' },
        ],
      },
    },
  ],
}
for (const [title, [written, meant]] of Object.entries(cases))
  t.test(title, async t => {
    const { is, notes } = symbolizerOf(written)
    t.strictSame(is, meant)
    t.strictSame(notes, [])
  })
