import { crsCode, integer, line, named, record } from './parts.js'

const cellSize = { type: 'number', exclusiveMinimum: 0, maximum: 1e9, title: 'a number of CRS units per pixel' }

const grid = record(
  'A tile matrix set.',
  {
    title: line,
    crs: crsCode,
    cellSizes: { description: 'CRS units per pixel, the coarsest first.', type: 'array', items: cellSize, minItems: 1, maxItems: 60 },
    halvings: integer('Levels after the last cell size, each half of the one before.', 1, 59),
    extent: {
      description:
        'What is covered, in the CRS: least x, least y, greatest x, greatest y, east and north being x and y whatever the authority says.',
      type: 'array',
      items: { type: 'number' },
      minItems: 4,
      maxItems: 4,
      title: 'a list of least x, least y, greatest x, greatest y',
    },
    anchor: { description: 'Corner of the extent that tiles are counted from.', enum: ['upper-left', 'lower-left'] },
    tileSize: integer('Pixels of a tile, both ways. Default: 256.', 16, 4096),
    idPrefix: { ...line, description: 'Put before the number of each level in its id, as in `EPSG:2154:7`.' },
  },
  ['crs', 'cellSizes', 'extent'],
)

export const gridsSchema = named(
  'Tile matrix sets beside the built-in ones; one of the same id takes the place of the built-in one.',
  { pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}$', title: 'a grid id: a letter, digit or _, then letters, digits, _ - . or :' },
  grid,
)
