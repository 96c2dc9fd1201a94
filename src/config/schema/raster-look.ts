import { line, record, text } from './parts.js'

const number = { type: 'number', minimum: -1e12, maximum: 1e12 }
const range = { type: 'array', items: number, minItems: 2, maxItems: 2, title: 'two numbers: least and greatest' }
const bandNumber = { type: 'integer', minimum: 1, maximum: 1024 }
const color = { type: 'string', pattern: '^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$', title: 'a colour such as "#1a9850"' }

const colors = {
  description: 'Colours of values: [value, "#rrggbb" or "#rrggbbaa", label], by rising value.',
  type: 'array',
  minItems: 1,
  maxItems: 1000,
  items: {
    type: 'array',
    minItems: 2,
    maxItems: 3,
    items: [number, color, { ...line, maxLength: 100 }],
    title: 'a value and a colour such as [0.5, "#1a9850"], perhaps with a label',
  },
}

const raster = record('How a raster is shown. What is left open the files decide.', {
  bands: {
    description: 'Numbers of three bands for red, green and blue, from 1.',
    type: 'array',
    items: bandNumber,
    minItems: 3,
    maxItems: 3,
  },
  value: { ...line, description: 'One value instead, such as b1, (b4 - b1) / (b4 + b1), slope(b1) or hillshade(b1, 315, 45, 1).' },
  range: { ...range, description: 'Least and greatest value shown.' },
  ranges: { description: 'The same for each of three bands.', type: 'array', items: range, minItems: 3, maxItems: 3 },
  percentiles: {
    ...range,
    items: { type: 'number', minimum: 0, maximum: 100 },
    description: 'Shares of the values that stand for darkest and brightest, such as [2, 98].',
  },
  gamma: { description: 'Above 1 brightens what is between.', type: 'number', minimum: 0.1, maximum: 10 },
  ramp: { ...colors, description: `${colors.description} Between two the colours are mixed.` },
  intervals: { ...colors, description: `${colors.description} Each colours what lies below its value.` },
  values: { ...colors, description: `${colors.description} Each colours just its value.` },
  shaded: { description: 'Whether the relief darkens the colours.', type: 'boolean' },
  encoding: { description: 'Heights as colours that programs read.', enum: ['mapbox', 'terrarium'], title: 'mapbox or terrarium' },
  opacity: { description: 'From 0 to 1.', type: 'number', minimum: 0, maximum: 1 },
})

/** A style written into the config itself. */
export const rasterStyle = record(
  'A style of a raster.',
  {
    name: { ...line, maxLength: 100, description: 'What STYLES names.' },
    title: text('What people read.'),
    raster,
  },
  ['name', 'raster'],
)
