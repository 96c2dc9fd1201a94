import t from 'tap'
import { ConfigError } from '#config/faults.js'
import { parseConfig } from '#config/load-config.js'

const place = { where: 'arpent.yaml', folder: '/srv', variables: { DATABASE_URL: 'postgres://u:secret@h/db', EMPTY: '' } }
const stores = 'stores: { main: { kind: postgis, url: "postgres://u@h/db" }, ortho: { kind: cog, root: o } }\n'

/** What is wrong: the text of a file, then what is said, with its place. */
const faults: Record<string, readonly [text: string, ...said: string[]]> = {
  'not YAML': ['service: [', ':1:11: flow sequence'],
  'a list': ['- service', ':1:1: the file must hold keys and values'],
  'a text': ['hello', ':1:1: the file must hold keys and values'],
  'an unknown key': ['service:\n  titel: x', ':2:3: unknown key service.titel; did you mean "title"?'],
  'an unknown key at the top': ['colections: {}', ':1:1: unknown key colections; did you mean "collections"?'],
  'an unknown key like nothing else': ['zzzzzzzzzzz: 1', 'known here: $schema, sources, service'],
  'a key given twice': ['service: {}\nservice: {}', ':2:1: the key "service" is given twice'],
  __proto__: ['__proto__: { x: 1 }', ':1:1: no key may be called "__proto__"'],
  'a key that is a list': ['[a, b]: 1', ':1:1: a key must be a text'],
  'a tag': ['service: !!js/function x', ':1:10: unresolved tag'],
  'a wrong type': ['limits: { mapSide: wide }', ':1:20: limits.mapSide: "wide" is not a whole number'],
  'a number out of range': ['limits: { mapSide: 3 }', ':1:20: limits.mapSide: 3 must be from 16 to 32768'],
  'limits of quality that leave nothing': [
    'limits: { qualityMin: 96 }',
    ':1:23: limits.qualityMin: qualityMin (96) is above qualityMax (95)',
  ],
  'a quality beyond 100': [
    'collections: { a: { store: ortho, files: "*.tif", quality: 101 } }',
    'collections.a.quality: 101 must be from 1 to 100',
  ],
  'an accuracy class of a table': [
    'collections: { a: { store: db, table: t, accuracy: A } }',
    'collections.a.accuracy: only rasters have an accuracy class',
  ],
  'a pattern of accuracy classes without its group': [
    'collections: { a: { store: ortho, files: "*.tif", accuracy: { pattern: "_(.)_" } } }',
    'collections.a.accuracy.pattern: the group (?<accuracy>…) is missing',
  ],
  'a pattern that is none': [
    'collections: { a: { store: ortho, files: "*.tif", time: { pattern: "(?<year>" } } }',
    'collections.a.time.pattern: this is not a regular expression',
  ],
  'a time of a table in its name': [
    'collections: { a: { store: db, table: t, time: { pattern: "(?<year>x)" } } }',
    'collections.a.time.pattern: the time of a table is in a column: { column: … } says which',
  ],
  'a time of rasters in a column': [
    'collections: { a: { store: ortho, files: "*.tif", time: date_vol } }',
    'collections.a.time: the time of rasters is in their names, as { pattern: "(?<year>\\\\d{4})" }, or in their tag: DateTime',
  ],
  'a start without an end': [
    'collections: { a: { store: main, table: t, time: { start: debut } } }',
    'collections.a.time: it needs either "column", or both "start" and "end"',
  ],
  'a column beside a start': [
    'collections: { a: { store: main, table: t, time: { column: c, start: debut, end: fin } } }',
    'collections.a.time: it needs either "column", or both "start" and "end"',
  ],
  'a time nobody sees': [
    'collections: { a: { store: main, table: t, hidden: [vu], time: vu } }',
    'collections.a.time: "vu" is a hidden column: what it holds would be told',
  ],
  'a dimension without a column': [
    'collections: { a: { store: main, table: t, dimensions: { scenario: { default: x } } } }',
    'collections.a.dimensions.scenario: it needs either "column"',
  ],
  'a dimension called as one of the others': [
    'collections: { a: { store: main, table: t, dimensions: { TIME: c } } }',
    'is not a name of letters, digits and _; time and elevation have keys of their own',
  ],
  'two dimensions of one name': [
    'collections: { a: { store: main, table: t, dimensions: { run: c, RUN: d } } }',
    'collections.a.dimensions.RUN: upper and lower case are one in requests',
  ],
  'a band of a table': ['collections: { a: { store: main, table: t, elevation: { band: 1 } } }', 'a table has no bands'],
  'values of a band that nobody counted': [
    'collections: { a: { store: ortho, files: "*.tif", elevation: { band: 1 } } }',
    'collections.a.elevation: "extent" is missing: cells are not counted; 0/425/1 would say from 0 to 425 by 1',
  ],
  'an extent that is none': [
    'collections: { a: { store: main, table: t, elevation: { column: c, extent: [500, low] } } }',
    'collections.a.elevation.extent: it has “low”, which is no number; 12.5 would be',
  ],
  'an extent the wrong way round': [
    'collections: { a: { store: main, table: t, elevation: { column: c, extent: 500/0/1 } } }',
    'collections.a.elevation.extent: it',
  ],
  'a step that is none': [
    'collections: { a: { store: main, table: t, time: { column: c, step: 1 day } } }',
    'collections.a.time.step: this is no duration such as P1D or PT5S',
  ],
  'a default that is none': [
    'collections: { a: { store: main, table: t, time: { column: c, default: 2017-02-30 } } }',
    'collections.a.time.default: it has “2017-02-30”, which is no time; 2017, 2017-06-15 or 2017-06-15T12:00:00Z would be',
  ],
  'all, one at a time': [
    'collections: { a: { store: main, table: t, time: { column: c, multiple: false, default: all } } }',
    'collections.a.time.default: all cannot be shown where one value is taken at a time',
  ],
  'an unknown kind of store': [
    'stores: { a: { kind: postgres } }',
    ':1:22: stores.a.kind: "postgres" is not one of postgis, embedded, cog; did you mean "postgis"?',
  ],
  'a store without kind': ['stores: { a: { url: x } }', 'stores.a: "kind" is missing: one of postgis, embedded, cog'],
  'a store without url': ['stores: { a: { kind: postgis } }', ':1:14: stores.a: "url" is missing'],
  'a store id that is no id': ['stores: { "a b": { kind: embedded } }', ':1:11: stores: "a b" is not a store id'],
  'a url of something else': ['stores: { a: { kind: postgis, url: "http://x" } }', 'stores.a.url: this is not a URL such as postgres://'],
  'a password in a url': [
    'stores: { a: { kind: postgis, url: "postgres://u:hunter2@h/db" } }',
    'stores.a.url: it holds a password in plain text',
  ],
  'rasters on another planet': [
    'stores: { a: { kind: cog, root: "ftp://b/p" } }',
    'stores.a.root: this is no folder; s3:// and http(s):// work, too',
  ],
  'a bucket without a name': [
    'stores: { a: { kind: cog, root: "s3:///p" } }',
    'stores.a.root: this is not an address such as s3://bucket/folder',
  ],
  'an address with a password': [
    'stores: { a: { kind: cog, files: ["https://me:hunter2@host/a.tif"] } }',
    'stores.a.files.0: it holds a password or a signature',
  ],
  'an address with a signature': [
    'stores: { a: { kind: cog, files: "https://host/a.tif?sig=hunter2" } }',
    'stores.a.files: it holds a password or a signature',
  ],
  'an endpoint that is none': [
    'stores: { a: { kind: cog, root: "s3://bucket/p", remote: { endpoint: s3 } } }',
    'stores.a.remote.endpoint: this is not an http(s) URL',
  ],
  'a redirect to more than an origin': [
    'stores: { a: { kind: cog, root: "s3://bucket/p", remote: { redirectsTo: ["https://host/path"] } } }',
    'stores.a.remote.redirectsTo.0: this is not an origin such as',
  ],
  'a variable that is not set': [`service: { title: "\${NOPE}" }`, ':1:19: the environment variable NOPE is not set'],
  'a variable that is empty': [`service: { title: "\${EMPTY}" }`, 'the environment variable EMPTY is not set'],
  'a store nobody knows': [
    `${stores}collections: { c: { store: mian, table: t } }`,
    ':2:28: collections.c.store: there is no store "mian"; did you mean "main"?',
  ],
  'a collection without store': ['collections: { c: { files: x.tif } }', '"stores" has no store of rasters (kind: cog) to find it in'],
  'a collection of two possible stores': [
    'stores: { a: { kind: embedded }, b: { kind: embedded } }\ncollections: { c: { table: t } }',
    ':2:16: collections.c: "store" is missing: one of a, b',
  ],
  'a collection without table': [`${stores}collections: { c: { store: main } }`, '"table" is missing: the store "main" holds tables'],
  'a table in rasters': [`${stores}collections: { c: { store: ortho, table: t } }`, 'the store "ortho" holds rasters, not tables'],
  'files in a database': [`${stores}collections: { c: { store: main, files: t } }`, 'the store "main" holds tables: "table" says which'],
  'a table name of three parts': [`${stores}collections: { c: { store: main, table: a.b.c } }`, 'this is not a table name'],
  'a collection id with a slash': [
    `${stores}collections: { a/b: { store: main, table: t } }`,
    ':2:16: collections: "a/b" is not a collection id',
  ],
  'a filter that cannot be read': [
    `${stores}collections: { c: { table: t, filter: "a = " } }`,
    'collections.c.filter: it cannot be read. The CQL filter wants a name, a value or a predicate at its end.',
  ],
  'a filter of rasters': [
    'collections: { a: { store: ortho, files: "*.tif", filter: "a = 1" } }',
    'collections.a.filter: rasters have no columns',
  ],
  'a parameter nobody declared': [
    `${stores}collections: { c: { table: t, filter: "a = :anee", params: { annee: { type: integer, default: 1 } } } }`,
    'collections.c.filter: :anee is not among "params"; did you mean "annee"?',
  ],
  'a parameter nobody asks for': [
    `${stores}collections: { c: { table: t, filter: "a = 1", params: { annee: { type: integer, default: 1 } } } }`,
    'collections.c.params.annee: the filter does not ask for :annee',
  ],
  'a parameter without a default': [
    `${stores}collections: { c: { table: t, filter: "a = :b", params: { b: { type: integer } } } }`,
    '"default" is missing',
  ],
  'a default of another type': [
    `${stores}collections: { c: { table: t, filter: "a = :b", params: { b: { type: integer, default: x } } } }`,
    'collections.c.params.b.default: this is not an integer',
  ],
  'a default that is no value': [
    `${stores}collections: { c: { table: t, filter: "a = :b", params: { b: { type: text, default: x, values: [y, z] } } } }`,
    'collections.c.params.b.default: this is not a text of at most 1000 characters, one of y, z',
  ],
  'a pattern of a number': [
    `${stores}collections: { c: { table: t, filter: "a = :b", params: { b: { type: number, default: 1, pattern: "1" } } } }`,
    'collections.c.params.b.pattern: only texts have a pattern',
  ],
  'a pattern of texts that is none': [
    `${stores}collections: { c: { table: t, filter: "a = :b", params: { b: { type: text, default: "", pattern: "(" } } } }`,
    'collections.c.params.b.pattern: this is not a regular expression',
  ],
  'parameters that differ by case': [
    `${stores}collections: { c: { table: t, filter: "a = :b OR a = :B", params: { b: { type: text, default: "" }, B: { type: text, default: "" } } } }`,
    'collections.c.params.B: upper and lower case are one in requests',
  ],
  'a reserved collection id': [`${stores}collections: { catalogue: { table: t } }`, '"catalogue" is reserved for the catalogue'],
  'an unknown CRS': [
    `${stores}collections: { c: { table: t, crs: [EPSG:999999] } }`,
    'EPSG:999999 is not a CRS of the EPSG or IGNF registers',
  ],
  'a CRS that is no code': [`${stores}collections: { c: { table: t, crs: [Lambert] } }`, '"Lambert" is not a CRS code such as EPSG:2154'],
  'an extent inside out': [
    `${stores}collections: { c: { table: t, extent: [5, 1, 2, 3] } }`,
    'this is not west, south, east, north in degrees',
  ],
  'a language of three letters': ['service: { title: { fra: x } }', ':1:21: service.title: "fra" is not a language code of two letters'],
  'a space like a path': ['spaces: { WMS: { collections: [] } }', ':1:11: spaces.WMS: "WMS" is a path of the server itself'],
  'a space called catalogue': ['spaces: { catalogue: { collections: [] } }', '"catalogue" is a path of the server itself'],
  'a space without collections': ['spaces: { eau: { title: x } }', 'spaces.eau: "collections" is missing'],
  'a password in plain text': ['access: { accounts: { bob: { password: hunter2 } } }', 'access.accounts.bob.password: this is no hash'],
  'a key in plain text': ['access: { accounts: { bob: { keys: [hunter2] } } }', 'access.accounts.bob.keys.0: this is no hash'],
  'a hash that would stop the server': [
    `access: { accounts: { bob: { password: "scrypt:1073741824:8:1:${'a'.repeat(22)}:${'a'.repeat(43)}" } } }`,
    'this is no hash',
  ],
  'an account nobody knows': ['access: { write: { "*": [bob] } }', 'there is no account "bob"'],
  'an account called anonymous': ['access: { accounts: { anonymous: {} } }', 'stands for everybody'],
  'reading rules': ['access: { read: {} }', 'unknown key access.read; reading rules are not built yet'],
  'state nowhere': [`${stores}state: { store: nope }`, 'there is no store "nope"; stores: main, ortho'],
  'state in rasters': [`${stores}state: { store: ortho }`, 'holds rasters; a postgis or embedded one is needed'],
  'a prefix that is no prefix': ['namespaces: { "1x": "http://x" }', '"1x" is not an XML prefix'],
  'a public URL without scheme': ['service: { publicUrl: maps.example.org }', 'this is not an http(s) URL without query'],
  'a grid in an unknown CRS': [
    'grids: { g: { crs: EPSG:999999, cellSizes: [1], extent: [0, 0, 1, 1] } }',
    'grids.g.crs: EPSG:999999 is not a CRS',
  ],
  'a grid without levels': ['grids: { g: { crs: EPSG:2154, cellSizes: [], extent: [0, 0, 1, 1] } }', 'grids.g.cellSizes'],
  'a grid inside out': ['grids: { g: { crs: EPSG:2154, cellSizes: [1], extent: [5, 0, 1, 1] } }', 'this is not least x, least y'],
  'a grid that gets coarser': [
    'grids: { g: { crs: EPSG:2154, cellSizes: [1, 2], extent: [0, 0, 1, 1] } }',
    'grids.g.cellSizes.1: each cell size is to be smaller',
  ],
  'a grid of too many levels': [
    'grids: { g: { crs: EPSG:2154, cellSizes: [2, 1], halvings: 59, extent: [0, 0, 1, 1] } }',
    'at most 60 levels',
  ],
  'a grid of too many tiles': [
    'grids: { g: { crs: EPSG:2154, cellSizes: [1], halvings: 40, extent: [0, 0, 1000000, 1] } }',
    'grids.g.halvings: level 20 would have more than',
  ],
  'a grid of infinite extent': ['grids: { g: { crs: EPSG:2154, cellSizes: [1], extent: [0, 0, .inf, 1] } }', 'grids.g.extent'],
  'a grid with a key too many': ['grids: { g: { crs: EPSG:2154, cellsizes: [1], extent: [0, 0, 1, 1] } }', 'did you mean "cellSizes"?'],
  'a template that would let data in as a program': [
    'collections: { a: { store: main, table: t, info: "<b onclick=\'{{nom}}\'>" } }',
    'collections.a.info: {{nom}} stands in onclick="…"',
  ],
  'a template of one language at fault': [
    'collections: { a: { store: main, table: t, info: { fr: "{{nom}}", en: "{{nom" } } }',
    'collections.a.info.en: a {{ has no }}',
  ],
  'a logo without its size': [
    'collections: { a: { store: main, table: t, logo: { url: "https://x.org/a.png", format: image/png } } }',
    '"width" is missing',
  ],
  'a register without a short name': [
    'collections: { a: { store: main, table: t, identifiers: [{ authority: "a b", url: "https://x.org", code: c }] } }',
    '"a b" is not a short name',
  ],
  'a record of the service that is no address': [
    'service: { metadata: { url: records/1 } }',
    'service.metadata.url: the value is not an http(s) URL',
  ],
  'a keyword with half a vocabulary': ['service: { keywords: [{ word: x }] }', '"vocabulary" is missing'],
  'an old address nobody knows': ['legacy: [geosever]', 'did you mean "geoserver"?'],
}

const parse = (text: string) => {
  try {
    parseConfig(text, place)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  return undefined
}

for (const [what, [text, ...said]] of Object.entries(faults)) {
  t.test(`${what} is refused, with its place`, async t => {
    const error = parse(text)
    t.ok(error, 'it is refused')
    for (const part of said) t.ok(error?.message.includes(part), `${error?.message} says ${part}`)
    t.match(error?.message, /^arpent\.yaml:\d+:\d+: /)
    t.notMatch(error?.message, /hunter2|secret/)
  })
}

t.test('every fault is listed at once, in the order of the file', async t => {
  const error = parse(
    'limits: { items: 0 }\nservice: { titel: x }\nstores: { a: { kind: pg } }\nspaces: { wms: { collections: [] } }\naccess: { read: {} }',
  )
  t.same(
    error?.faults.map(({ line }) => line),
    [1, 2, 3, 4, 5],
  )
})

t.test('a faulty store or account does not make those who name it faulty', async t => {
  const error = parse(
    'stores: { a: { kind: pg } }\ncollections: { c: { store: a, table: t } }\naccess: { accounts: { bob: 1 }, write: { c: [bob] } }',
  )
  t.same(
    error?.faults.map(({ line }) => line),
    [1, 3],
  )
})

t.test('hostile files', async t => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefghij'].map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]}, `.repeat(9)}]`),
  ].join('\n')
  const hostile: Record<string, readonly [text: string, said: RegExp]> = {
    '10 MB': [`# ${'x'.repeat(10_000_000)}`, /larger than 6 MB/],
    'a bomb of aliases': [bomb, /values|deeper/],
    'an alias of itself': ['a: &a [*a]', /deeper|unresolved/i],
    'deep lists': ['['.repeat(100_000), /nested too deeply|flow/i],
    'deep maps': [Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /nested deeper than 20/],
    'many keys': [Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n'), /unknown key k0[\s\S]*and 29900 more/],
    'control characters': ['service: { "\\u001b[31m": 1 }', /unknown key/],
  }
  for (const [what, [text, said]] of Object.entries(hostile)) {
    const error = parse(text)
    t.match(error?.message, said, what)
    t.ok((error?.message.length ?? 0) < 100_000, `${what}: the answer is short`)
    t.notOk(error?.message.includes('\u001b'), `${what}: nothing that steers a terminal`)
  }
})
