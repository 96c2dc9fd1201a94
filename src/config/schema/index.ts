import { accessSchema } from './access.js'
import { collectionsSchema } from './collections.js'
import { gridsSchema } from './grids.js'
import { integer, type JsonSchema, line, named, oneOrMore, record, storeId, text } from './parts.js'
import { serviceSchema } from './service.js'
import { storesSchema } from './stores.js'

const limitsSchema = record('Bounds of a request.', {
  mapSide: integer('Width or height of a map, in pixels.', 16, 32_768),
  mapPixels: integer('Pixels of a map.', 256, 1_000_000_000),
  mapFeatures: integer('Features drawn for a map.', 1, 1_000_000_000),
  mapLayers: integer('Layers of a map.', 1, 1000),
  mapFiles: integer('Raster files opened for one layer of a map.', 1, 100_000),
  items: integer('Features of a page when the client names no number.', 1, 1_000_000),
  itemsMax: integer('Most features of a page.', 1, 100_000_000),
  identifyFeatures: integer('Most features of a GetFeatureInfo answer.', 1, 100_000),
  bodyBytes: integer('Size of a request body.', 1024, 10_000_000_000),
  requestSeconds: integer('Longest request.', 1, 3600),
  exportSeconds: integer('Longest export.', 1, 86_400),
  exportBytes: integer('Room on disk for ready-made files of whole collections.', 0, 1e15),
  qualityMin: integer('Least quality of lossy images a request may ask for.', 1, 100),
  qualityMax: integer('Greatest quality of lossy images a request may ask for.', 1, 100),
})

const bytes = (description: string) => integer(description, 0, 1e12)

const cacheSchema = record('Bytes of memory for what is worth keeping.', {
  memory: bytes('Encoded answers.'),
  rows: bytes('Rows.'),
  blocks: bytes('Decoded raster blocks.'),
  disk: record('Answers kept on disk.', { path: line, bytes: bytes('Size.') }, ['path']),
})

const spaceSchema = named(
  'Named parts of the whole, each with endpoints of its own at /{space}/….',
  { pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$', title: 'a space id: letters, digits, _ - or .' },
  record(
    'One space.',
    { title: text('Name of the space.'), collections: { type: 'array', items: line, maxItems: 100_000, uniqueItems: true } },
    ['collections'],
  ),
)

/** The JSON Schema (draft 7) of the config file: what `arpent config schema` prints for editors, and what every file is checked by. */
export const configSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Arpent configuration',
  ...record('What an Arpent server publishes.', {
    $schema: { ...line, description: 'Address of this schema, for editors.' },
    sources: oneOrMore('Folders, files and postgres:// URLs, as on the command line; relative to this file.', {
      ...line,
      title: 'a source',
    }),
    service: serviceSchema,
    stores: storesSchema,
    collections: collectionsSchema,
    spaces: spaceSchema,
    grids: gridsSchema,
    limits: limitsSchema,
    exports: record(
      'Files of whole collections that are made once a day, so that nobody waits for them.',
      {
        at: {
          ...line,
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
          title: 'a time of day such as 03:00',
          description: 'When, by the clock of the machine.',
        },
        collections: oneOrMore('Of which collections; * (as where nothing is said) is all that have features.', {
          ...line,
          title: 'a collection id',
        }),
        formats: oneOrMore('In which formats, by extension; gpkg and csv where nothing is said.', {
          ...line,
          title: 'an extension such as gpkg',
        }),
      },
      ['at'],
    ),
    access: accessSchema,
    fonts: oneOrMore(
      'Folders of fonts (.ttf, .otf) for texts and for characters as marks, beside those that come with the program; relative to this file. Read at the start.',
      {
        ...line,
        title: 'a folder',
      },
    ),
    remote: record('What is read from other machines because a request names it; nothing, where nothing is said.', {
      styles: oneOrMore('Addresses below which SLD may name a style, such as https://styles.example.org/sld/.', {
        ...line,
        pattern: '^https?://[^@?#\\s]+$',
        title: 'an http(s) address without user, query and fragment',
      }),
    }),
    state: record("Where Arpent keeps its own things (schema 'arpent').", { store: storeId }, ['store']),
    namespaces: named(
      'Namespace URIs of the prefixes of collection names.',
      { pattern: '^[\\p{L}_][\\p{L}\\p{N}_.-]*$', title: 'an XML prefix' },
      { ...line, pattern: '^[A-Za-z][A-Za-z0-9+.-]*:\\S+$', title: 'a namespace URI' },
    ),
    legacy: {
      description: 'Old addresses that are rewritten before routing.',
      type: 'array',
      items: { enum: ['geoserver', 'geowebcache', 'mapcache'] },
      uniqueItems: true,
    },
    cache: cacheSchema,
  }),
}
