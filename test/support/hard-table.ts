import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import { writeEwkb } from '#geo/ewkb.js'
import { type Dimensions, type Geometry, type GeometryKind, isEmptyGeometry } from '#geo/geometry.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { pick, seeded, seededInteger } from './seeded.js'

/** Features that are hard to write, and what they are. */
export interface HardTable {
  readonly table: FeatureTable
  /** The attributes of each row, in the order of `table.columns`; ids are `1`, `2`, … (or `n° 1`, …). */
  readonly values: readonly (readonly FieldInput[])[]
  readonly geometries: readonly (Geometry | null)[]
  /** How often the loop over the batches was left or ended. */
  readonly closed: () => number
}

export interface HardTableOptions {
  /** `EPSG:2154` (coordinates in millimetres) or any geographic one (degrees with nine decimals); null: not known. */
  readonly crs?: string | null
  /** As declared; `GEOMETRY` mixes the kinds; null: a table without geometry. */
  readonly type?: string | null
  readonly dimensions?: Dimensions
  readonly count?: number
  readonly seed?: number
  readonly hasNumericIds?: boolean
  /** Names of the columns that are wanted. */
  readonly columns?: readonly string[]
  /** Rows of a batch. */
  readonly batchRows?: number
  /** Fails when so many rows were handed out. */
  readonly failsAfter?: number
  /** Without curves, TIN and the like where kinds are mixed. */
  readonly isSimple?: boolean
}

interface HardColumn extends FeatureColumn {
  readonly oid: number
  /** Values that every table has among its first; more follow by chance. */
  readonly values: readonly FieldInput[]
  readonly another?: (random: () => number) => FieldInput
}

const texts = [
  'Été à Nancy, « chez l’Abbé »',
  `"double" and 'single' quotes, a \\ backslash; a semicolon`,
  'two\nlines and a\ttab',
  '',
  'Straße · 東京 · 🗺️',
  ' spaces around ',
  '=1+1',
  '<b>&amp;</b>',
  'null',
]

/** One column of every kind, each with the values that break things. Every column has nulls. */
export const hardColumns: readonly HardColumn[] = [
  column('code', 'text', oids.text, 'character varying(5)', ['00123', '2A004', 'é', 'ABCDE', '1e5'], random => digits(random, 5)),
  column('nom de l’été', 'text', oids.text, 'text', texts, random => `Rue n° ${seededInteger(random, 1, 9999)}`),
  column('population_1999', 'integer', oids.int2, 'smallint', [0, -32768, 32767], random => seededInteger(random, -1000, 1000)),
  column('population_2020', 'integer', oids.int4, 'integer', [0, -2147483648, 2147483647], random => seededInteger(random, -1e6, 1e6)),
  column(
    'big',
    'bigint',
    oids.int8,
    'bigint',
    [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n, 7n],
    random => 2n ** 60n + BigInt(digits(random, 9)),
  ),
  column('ratio', 'double', oids.float4, 'real', [0.1, -1.5, 0, 3.4e38], random => seededInteger(random, 0, 255) / 8),
  column('length', 'double', oids.float8, 'double precision', [0.1, 1 / 3, 1e-300, 1.7976931348623157e308, -0.5], random => random() * 1e6),
  column(
    'exact',
    'numeric',
    oids.numeric,
    'numeric(30,10)',
    ['12345678901234567890.0123456789', '-0.0000000001', '0.0000000000'],
    random => `1${digits(random, 8)}.${digits(random, 10)}`,
  ),
  column(
    'price',
    'numeric',
    oids.numeric,
    'numeric(10,2)',
    ['0.10', '-99999999.99', '12.00'],
    random => `${seededInteger(random, 0, 9999)}.${digits(random, 2)}`,
  ),
  column('order', 'boolean', oids.bool, 'boolean', [true, false]),
  column(
    'day',
    'date',
    oids.date,
    'date',
    ['2024-02-29', '1900-01-01', '0001-01-01', '9999-12-31'],
    random => `20${digits(random, 2)}-07-14`,
  ),
  column('hour', 'time', oids.time, 'time without time zone', ['08:30:00', '23:59:59.123456', '00:00:00']),
  column('moment', 'timestamp', oids.timestamp, 'timestamp without time zone', [
    '2024-02-29T08:30:00',
    '1969-12-31T23:59:59.250',
    '2024-07-01T12:00:00.123456',
  ]),
  column('instant', 'timestamptz', oids.timestamptz, 'timestamp with time zone', ['2024-02-29T08:30:00Z', '1999-12-31T23:59:59.999Z']),
  column('uid', 'uuid', oids.uuid, 'uuid', ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']),
  column('facts', 'json', oids.jsonb, 'jsonb', ['{"a": [1, 2.5, null], "é": "ü \\" ü"}', '[]', '"text"', 'null', '12345678901234567890']),
  column('blob', 'bytes', oids.bytea, 'bytea', [Uint8Array.of(0, 255, 10, 34), new Uint8Array(0)]),
]

function column(
  name: string,
  kind: FeatureColumn['kind'],
  oid: number,
  nativeType: string,
  values: HardColumn['values'],
  another?: HardColumn['another'],
): HardColumn {
  return {
    name,
    kind,
    oid,
    nativeType,
    isNullable: true,
    values,
    ...(name === 'code' ? { comment: 'Code de l’INSEE' } : {}),
    ...(another && { another }),
  }
}

function digits(random: () => number, count: number): string {
  return Array.from({ length: count }, () => seededInteger(random, 0, 9)).join('')
}

/** A seeded table: every value of every column, nulls in each, geometries that are null and empty, coordinates of a millimetre. */
export function hardTable(options: HardTableOptions = {}): HardTable {
  const {
    crs = 'EPSG:2154',
    type = 'GEOMETRY',
    dimensions = 'xy',
    count = 120,
    seed = 8,
    hasNumericIds = true,
    batchRows = 50,
    failsAfter,
  } = options
  const random = seeded(seed)
  const columns = options.columns ? hardColumns.filter(({ name }) => options.columns?.includes(name)) : hardColumns
  const values = Array.from({ length: count }, (_, row) => columns.map((column, i) => cellOf(column, row, i, random)))
  const wanted = type === null ? [] : kindsOf(type, options.isSimple ?? false)
  const geometries = Array.from({ length: count }, (_, row) => (type === null ? null : geometryAt(row, wanted, dimensions, crs, random)))
  const schema: RowSchema = {
    columns: [
      { name: '@id', oid: oids.text, kind: 'text' },
      ...columns.map(({ name, oid, kind }) => ({ name, oid, kind })),
      ...(type === null ? [] : [{ name: 'geom', oid: 0, kind: 'geometry' } as const]),
    ],
  }
  let closed = 0
  async function* batches(): AsyncGenerator<RowBatch, void> {
    const builder = new RowBuilder(schema)
    try {
      for (let row = 0; row < count; row++) {
        if (row === failsAfter) throw new Error('The database went away.')
        const geometry = geometries[row]
        builder.row([hasNumericIds ? String(row + 1) : `n° ${row + 1}`, ...values[row], ...(geometry ? [writeEwkb(geometry)] : [])])
        if (builder.count === batchRows) yield builder.take()
      }
      if (builder.count) yield builder.take()
    } finally {
      closed++
    }
  }
  return {
    table: {
      id: 'hard',
      title: 'Hard “features”, hérissés',
      columns: columns.map(({ name, kind, nativeType, isNullable, comment }) => ({
        name,
        kind,
        nativeType,
        isNullable,
        ...(comment && { comment }),
      })),
      ...(type !== null && { geometry: { name: 'geom', type, dimensions, ...(crs && { crs }) } }),
      hasNumericIds,
      count,
      schema,
      batches: batches(),
    },
    values,
    geometries,
    closed: () => closed,
  }
}

/** The listed values first, with a null before each round in which the column's turn comes; then others. */
function cellOf({ values, another }: HardColumn, row: number, index: number, random: () => number): FieldInput {
  if (row % 17 === index % 17) return null
  if (row < 40 || !another) return values[row % values.length]
  return another(random)
}

const simpleKinds: readonly GeometryKind[] = [
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
]
const allKinds: readonly GeometryKind[] = [
  ...simpleKinds,
  'CircularString',
  'CompoundCurve',
  'CurvePolygon',
  'MultiCurve',
  'MultiSurface',
  'PolyhedralSurface',
  'Tin',
  'Triangle',
]

function kindsOf(type: string, isSimple: boolean): readonly GeometryKind[] {
  if (type === 'GEOMETRY') return isSimple ? simpleKinds : allKinds
  return allKinds.filter(kind => kind.toUpperCase() === type.toUpperCase())
}

/** Every thirteenth is null; each kind comes empty now and then. */
function geometryAt(
  row: number,
  kinds: readonly GeometryKind[],
  dimensions: Dimensions,
  crs: string | null,
  random: () => number,
): Geometry | null {
  if (row % 13 === 5) return null
  const kind = kinds[row % kinds.length]
  return validGeometry(kind, dimensions, random, {
    isEmpty: row % 11 === 4 || row === kinds.length + 1,
    isMetres: crs === null || !/84|4326|4258/.test(crs),
  })
}

interface Places {
  readonly isEmpty: boolean
  readonly isMetres: boolean
}

/** A valid geometry: rings closed, the outer one counter-clockwise, a hole inside; arcs that bend. */
export function validGeometry(kind: GeometryKind, dimensions: Dimensions, random: () => number, { isEmpty, isMetres }: Places): Geometry {
  const [left, bottom, width, height, digitsKept] = isMetres ? [100_000, 6_100_000, 1_000_000, 900_000, 3] : [-179, -89, 358, 178, 9]
  const round = (value: number) => Number(value.toFixed(digitsKept))
  const size = isMetres ? 10 : 1e-4
  const x0 = round(left + random() * width)
  const y0 = round(bottom + random() * height)
  const path = (...corners: readonly (readonly [number, number])[]) =>
    Float64Array.from(
      corners.flatMap(([dx, dy]) => {
        const [x, y] = [round(x0 + dx * size), round(y0 + dy * size)]
        const z = round(100 + dx + 2 * dy)
        return dimensions === 'xy'
          ? [x, y]
          : dimensions === 'xyz'
            ? [x, y, z]
            : dimensions === 'xym'
              ? [x, y, dx * 0.5]
              : [x, y, z, dx * 0.5]
      }),
    )
  const none = new Float64Array(0)
  const at = (dx: number): Geometry => ({ kind: 'Point', dimensions, coordinates: path([dx, 0]) })
  const line = (dx: number): Geometry => ({ kind: 'LineString', dimensions, coordinates: path([dx, 0], [dx + 1, 1], [dx + 1.5, 0.5]) })
  const ring = (dx: number) => path([dx, 0], [dx + 4, 0], [dx + 4, 4], [dx, 4], [dx, 0])
  const hole = (dx: number) => path([dx + 1, 1], [dx + 1, 2], [dx + 2, 2], [dx + 2, 1], [dx + 1, 1])
  const polygon = (dx: number): Geometry => ({ kind: 'Polygon', dimensions, rings: [ring(dx), hole(dx)] })
  const arc = (): Geometry => ({ kind: 'CircularString', dimensions, coordinates: path([0, 0], [1, 1], [2, 0]) })
  const triangle = (dx: number): Geometry => ({ kind: 'Triangle', dimensions, rings: [path([dx, 0], [dx + 1, 0], [dx, 1], [dx, 0])] })
  const many = <T>(one: (dx: number) => T): T[] => Array.from({ length: isEmpty ? 0 : seededInteger(random, 1, 3) }, (_, i) => one(5 * i))
  switch (kind) {
    case 'Point':
      return { kind, dimensions, coordinates: isEmpty ? none : path([0, 0]) }
    case 'LineString':
      return isEmpty ? { kind, dimensions, coordinates: none } : line(0)
    case 'Polygon':
      return isEmpty ? { kind, dimensions, rings: [] } : polygon(0)
    case 'Triangle':
      return isEmpty ? { kind, dimensions, rings: [] } : triangle(0)
    case 'CircularString':
      return isEmpty ? { kind, dimensions, coordinates: none } : arc()
    case 'CompoundCurve':
      return { kind, dimensions, parts: isEmpty ? [] : [arc(), { kind: 'LineString', dimensions, coordinates: path([2, 0], [3, 1]) }] }
    case 'CurvePolygon':
      return {
        kind,
        dimensions,
        parts: isEmpty ? [] : [{ kind: 'CircularString', dimensions, coordinates: path([0, 0], [2, 0], [2, 2], [0, 2], [0, 0]) }],
      }
    case 'MultiPoint':
      return { kind, dimensions, parts: many(at) }
    case 'MultiLineString':
    case 'MultiCurve':
      return { kind, dimensions, parts: many(line) }
    case 'MultiPolygon':
    case 'MultiSurface':
    case 'PolyhedralSurface':
      return { kind, dimensions, parts: many(polygon) }
    case 'Tin':
      return { kind, dimensions, parts: many(triangle) }
    case 'GeometryCollection':
      return { kind, dimensions, parts: many(dx => pick(random, [at, line, polygon])(dx)) }
  }
}

/** Whether a geometry of the table has no place: null or empty. */
export const hasNoPlace = (geometry: Geometry | null): boolean => geometry === null || isEmptyGeometry(geometry)
