import { type JsonSchema, line, named } from './parts.js'

const column = { ...line, title: 'a column name' }
const values = {
  type: ['string', 'number', 'array'],
  title: 'a value, a text such as 0/425/1, or a list of values',
  minLength: 1,
  maxLength: 20_000,
  minItems: 1,
  maxItems: 1000,
  items: { type: ['string', 'number'] },
}

const keys: Readonly<Record<string, JsonSchema>> = {
  column: { ...column, description: 'Column with the value of a row.' },
  start: { ...column, description: 'Column with the first value a row holds at; without a value it always did.' },
  end: { ...column, description: 'Column with the last one; without a value it still does.' },
  band: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    description: 'Of rasters: the values of this band. Only cells with the values asked for are drawn.',
  },
  units: { ...line, minLength: 0, description: 'As WMS names it: ISO8601, EPSG:5030, CRS:88, …' },
  symbol: { ...line, description: 'Of the unit, e.g. m.' },
  extent: { ...values, description: 'What there is; looked up in the data where it is not given.' },
  step: {
    type: ['string', 'number'],
    minLength: 1,
    maxLength: 40,
    title: 'a step: a number, or a duration such as P1D or PT5S',
    description: 'Between the first and the last value of the data.',
  },
  default: { ...values, description: 'Where a request says nothing: all (as usual), latest, none (then it has to say), or values.' },
  multiple: { type: 'boolean', description: 'Lists and ranges are taken. They are, when absent.' },
  nearest: { type: 'boolean', description: 'The nearest value is shown for one that is not there. It is not, when absent.' },
  current: { type: 'boolean', description: 'Of times: the data are kept up to date, and capabilities say so.' },
}

const dimension = (description: string, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema => ({
  description,
  type: ['string', 'object'],
  title: 'a column name, or what the dimension is like',
  minLength: 1,
  maxLength: 2000,
  properties: { ...more, ...keys },
  additionalProperties: false,
})

/** Keys of a collection that say what it can be asked for beside a place. */
export const dimensionKeys: Readonly<Record<string, JsonSchema>> = {
  time: dimension('When: a column of a table; of rasters DateTime (the tag of the TIFF), or where in their names it is.', {
    pattern: {
      ...line,
      description:
        'Regular expression on the path below the root, with the groups year and perhaps month, day, hour, minute, second: "(?<year>\\d{4})".',
    },
  }),
  elevation: dimension('How high: a column of a table, or a band of a raster.'),
  dimensions: named(
    'Other dimensions, by name: DIM_NAME in a request.',
    {
      pattern: '^(?!(?:[Tt][Ii][Mm][Ee]|[Ee][Ll][Ee][Vv][Aa][Tt][Ii][Oo][Nn])$)[A-Za-z][A-Za-z0-9_]{0,40}$',
      title: 'a name of letters, digits and _; time and elevation have keys of their own',
    },
    dimension('A column of a table, or a band of a raster.'),
  ),
}
