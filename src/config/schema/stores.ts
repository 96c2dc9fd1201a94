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

const remote = record('How files on other machines are fetched.', {
  connections: integer('Connections of one thread to one host. Default: 16.', 1, 256),
  connectSeconds: integer('Longest wait for a connection. Default: 5.', 1, 120),
  answerSeconds: integer('Longest wait for one answer, before it is asked for again. Default: 15.', 1, 600),
  redirectsTo: {
    description: 'Origins that redirects may lead to beside the one asked, such as https://cdn.example.org.',
    type: 'array',
    items: line,
    maxItems: 20,
  },
  endpoint: { ...line, description: 'Base URL of an S3-compatible server. AWS_ENDPOINT_URL_S3 says it for all stores.' },
  region: {
    ...line,
    description: 'Region of the bucket. AWS_REGION says it for all stores.',
    pattern: '^[A-Za-z0-9-]+$',
    title: 'a region',
  },
  pathStyle: {
    description: 'The bucket is the first part of the path, not of the host name. Default: true with an endpoint.',
    type: 'boolean',
  },
  anonymous: { description: 'Requests are not signed, whatever keys the environment has.', type: 'boolean' },
})

const cog = record(
  'Cloud-Optimized GeoTIFFs.',
  {
    kind: { const: 'cog' },
    root: { ...line, description: 'Folder, s3://bucket/folder or http(s):// address that the "files" of collections start from.' },
    files: oneOrMore('Files, and folders to search, whose GeoTIFFs are published without being declared.', { ...line, title: 'a path' }),
    remote,
  },
  ['kind'],
)

export const storesSchema = named('Where data live.', storeId, {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  oneOf: [postgis, embedded, cog],
})
