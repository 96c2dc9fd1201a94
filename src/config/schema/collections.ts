import { collectionIdPattern } from '#core/collection-id.js'
import { resamplings } from '#render/resampling.js'
import { dimensionKeys } from './dimension.js'
import { crsCode, httpUrl, integer, keywords, line, named, oneOrMore, record, resourceUrl, storeId, text } from './parts.js'
import { rasterStyle } from './raster-look.js'
import { restrictionKeys } from './restriction.js'

const column = { ...line, title: 'a column name' }
const scale = { type: 'number', exclusiveMinimum: 0, maximum: 1e10 }

/** Of a style as a text, and as an object. */
const { description: _, type: _t, ...styleObject } = rasterStyle
const styleForm = { minLength: 1, maxLength: 2000, ...styleObject }

const metadataUrl = record(
  'A metadata record of the collection.',
  {
    url: httpUrl,
    type: { ...line, description: 'e.g. ISO19115:2003' },
    format: { ...line, description: 'e.g. application/xml' },
  },
  ['url'],
)

const logo = record(
  'Picture of who is to be named.',
  {
    url: httpUrl,
    format: { ...line, description: 'e.g. image/png' },
    width: integer('Pixels.', 1, 10_000),
    height: integer('Pixels.', 1, 10_000),
  },
  ['url', 'format', 'width', 'height'],
)

const identifier = record(
  'What a register calls it.',
  {
    authority: { ...line, pattern: '^[\\p{L}_][\\p{L}\\p{N}_.-]*$', title: 'a short name of letters, digits, _ - and .' },
    url: httpUrl,
    code: line,
  },
  ['authority', 'url', 'code'],
)

const collection = record('One thing that is published.', {
  store: storeId,
  table: { ...line, description: 'Table or view: `table` or `schema.table`, parts in double quotes where they contain a dot.' },
  files: oneOrMore('GeoTIFFs below the root of a cog store; * ? and ** stand for anything.', { ...line, title: 'a file pattern' }),
  id: oneOrMore('Column (or columns) that identify a row.', column),
  geometry: { ...column, description: 'Geometry column served by default.' },
  title: text('Name of the collection.'),
  abstract: text('What it holds.'),
  keywords,
  licence: { ...line, description: 'A name or a URL.' },
  attribution: text('Who is to be named.'),
  attributionUrl: { ...httpUrl, description: 'Address of who is to be named.' },
  logo,
  theme: oneOrMore('Path of groups it is listed under, outermost first.', line),
  metadata: { description: 'Its metadata records.', type: 'array', items: metadataUrl, maxItems: 20 },
  data: {
    description: 'Where the data themselves are to be had.',
    type: 'array',
    items: resourceUrl('One address.', 'application/octet-stream'),
    maxItems: 20,
  },
  featureLists: {
    description: 'Lists of its features.',
    type: 'array',
    items: resourceUrl('One list.', 'application/xml'),
    maxItems: 20,
  },
  info: text('How GetFeatureInfo tells of a feature in HTML: HTML with {{column}}, {{#column}}…{{/column}}, {{^column}}…{{/column}}.'),
  identifiers: {
    description: 'What registers call it; the url of one is the namespace of INSPIRE.',
    type: 'array',
    items: identifier,
    maxItems: 20,
  },
  crs: {
    description: 'Advertised CRS. The first one also says what coordinates without a SRID are in.',
    type: 'array',
    items: crsCode,
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
  },
  epoch: {
    description: 'Year, with decimals, for which coordinates in a system that moves with the earth are right.',
    type: 'number',
    minimum: 1900,
    maximum: 2200,
    title: 'a year with decimals',
  },
  extent: {
    description: 'west, south, east, north in degrees; nothing is computed where it is given.',
    type: 'array',
    items: { type: 'number', minimum: -180, maximum: 180 },
    minItems: 4,
    maxItems: 4,
    title: 'a list of west, south, east, north in degrees',
  },
  minScaleDenominator: { ...scale, description: 'Not drawn when closer than 1 to this.' },
  maxScaleDenominator: { ...scale, description: 'Not drawn when farther than 1 to this.' },
  styles: {
    description: 'Styles, the default first: style files, and styles of rasters written here.',
    type: ['string', 'object', 'array'],
    title: 'a style or a list of styles',
    ...styleForm,
    minItems: 1,
    maxItems: 100,
    items: { type: ['string', 'object'], title: 'a style file or a style of a raster', ...styleForm },
  },
  resampling: { description: 'How the pixels of a raster are drawn: bilinear by default, nearest for classes.', enum: [...resamplings] },
  quality: integer('Quality of its maps and tiles as JPEG, WebP and AVIF, as JPEG counts: 85 by default.', 1, 100),
  locking: { description: 'Features are changed only by who names, in If-Match, the version they have read.', enum: ['required'] },
  queryables: oneOrMore('Columns that may be filtered by.', column),
  hidden: oneOrMore('Columns nobody sees.', column),
  units: named('Units of columns of numbers, in UCUM: m, m2, km/h.', column, {
    type: 'string',
    pattern: '^[!-~]{1,50}$',
    title: 'a unit in UCUM, such as m2',
  }),
  order: {
    description: 'Which of two overlapping rasters is on top: the newer (the default), the older, or the one whose name comes later.',
    enum: ['date desc', 'date asc', 'name'],
  },
  ...restrictionKeys,
  ...dimensionKeys,
  accuracy: {
    description: 'Accuracy class of its rasters, for the index of footprints: one for all, or where in their names it is.',
    type: ['string', 'object'],
    title: 'an accuracy class, or { pattern: … }',
    minLength: 1,
    maxLength: 100,
    properties: {
      pattern: {
        ...line,
        description: 'Regular expression on the path below the root, with the group accuracy: "_(?<accuracy>[ABC])\\.".',
      },
    },
    required: ['pattern'],
    additionalProperties: false,
  },
})

export const collectionId = {
  pattern: collectionIdPattern,
  title: 'a collection id: a letter, digit or _, then letters, digits, _ - . or :, at most 150',
}

export const collectionsSchema = named('What is published, by id.', collectionId, collection)
