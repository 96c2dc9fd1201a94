import { integer, line, named, oneOrMore, record, storeId } from './parts.js'

const postgis = record(
  'A PostgreSQL database with PostGIS.',
  {
    kind: { const: 'postgis' },
    url: {
      ...line,
      description: `postgres://user@host:port/database, or a variable with it: "\${DATABASE_URL}". No password in plain text.`,
    },
    schemas: oneOrMore('Schemas to look into; all that can be read when absent.', { ...line, title: 'a schema name' }),
    poolSize: integer('Connections kept per process.', 1, 500),
    statementSeconds: integer('Longest statement, in seconds.', 1, 86_400),
    discover: { description: 'Publish every spatial table and view, not only the collections that name this store.', type: 'boolean' },
  },
  ['kind', 'url'],
)

const embedded = record(
  'PostGIS inside the process, kept under ARPENT_DATA.',
  {
    kind: { const: 'embedded' },
    files: oneOrMore('Files, and folders to search, that are loaded, and published unless `discover` is false.', {
      ...line,
      title: 'a path',
    }),
    discover: {
      description: 'Publish every table in it, and every file, not only the collections that name this store. Default: true.',
      type: 'boolean',
    },
  },
  ['kind'],
)

const cog = record(
  'Cloud-Optimized GeoTIFFs.',
  {
    kind: { const: 'cog' },
    root: { ...line, description: 'Folder that the "files" of collections start from.' },
    files: oneOrMore('Files, and folders to search, whose GeoTIFFs are published without being declared.', { ...line, title: 'a path' }),
  },
  ['kind'],
)

export const storesSchema = named('Where data live.', storeId, {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  oneOf: [postgis, embedded, cog],
})
