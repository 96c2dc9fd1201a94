import type { FeatureColumn } from '#core/feature-table.js'
import { numericForm } from '#formats/features/numeric-form.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { type HardTable, hardColumns, hasNoPlace } from './hard-table.js'
import type { OgrLayer } from './read-ogr.js'

/** What a format makes of values, where that is not the value itself. */
export interface StatedLosses {
  /** Names of the fields, by those of the columns. */
  readonly names?: Readonly<Record<string, string>>
  /** A date comes as the midnight it begins with. */
  readonly datesAreMoments?: boolean
  readonly value?: (column: FeatureColumn, value: FieldInput) => string | null | undefined
  readonly geometry?: (geometry: Geometry | null) => string | null | undefined
  /** The same of what was read: hexadecimal WKB of a geometry that is not empty. */
  readonly readGeometry?: (geometry: string) => string
}

/** The rows of a table as `readRows` should give them: one text each, empty geometries as if there were none. */
export function wantedRows({ table, values, geometries }: HardTable, losses: StatedLosses = {}): string[] {
  return values.map((row, i) =>
    JSON.stringify([
      ...table.columns.map((column, k) => {
        const lossy = row[k] === null ? null : losses.value?.(column, row[k])
        return lossy === undefined ? wantedValue(column, row[k], losses) : lossy
      }),
      ...(table.geometry ? [losses.geometry?.(geometries[i]) ?? wantedGeometry(geometries[i])] : []),
    ]),
  )
}

const wantedGeometry = (geometry: Geometry | null) =>
  hasNoPlace(geometry) ? null : Buffer.from(writeEwkb(geometry!, { isIso: true })).toString('hex')

/** The rows of a layer, in the same form. */
export function readRows({ table }: HardTable, layer: OgrLayer, losses: StatedLosses = {}): string[] {
  return layer.rows.map(({ values, geometry }) =>
    JSON.stringify([
      ...table.columns.map(column => {
        const value = values[losses.names?.[column.name] ?? column.name]
        if (value === undefined) return `no field ${column.name}`
        return value === null ? null : readValue(column, value)
      }),
      ...(table.geometry ? [geometry === null || isEmptyWkb(geometry) ? null : (losses.readGeometry?.(geometry) ?? geometry)] : []),
    ]),
  )
}

function wantedValue(column: FeatureColumn, value: FieldInput, { datesAreMoments }: StatedLosses): string | null {
  if (value === null || value === undefined) return null
  switch (column.kind) {
    case 'double':
      return String(isFloat(column) ? Math.fround(Number(value)) : Number(value))
    case 'numeric':
      return numericForm(column.nativeType).isDouble ? String(Number(value)) : String(value)
    case 'boolean':
      return value ? '1' : '0'
    case 'date':
      return datesAreMoments ? `${value}T00:00:00.000` : String(value)
    case 'timestamp':
    case 'timestamptz':
      return milliseconds(String(value))
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex')
    default:
      return String(value)
  }
}

function readValue(column: FeatureColumn, value: string): string {
  if (column.kind === 'double') return String(isFloat(column) ? Math.fround(Number(value)) : Number(value))
  if (column.kind === 'numeric' && numericForm(column.nativeType).isDouble) return String(Number(value))
  return value
}

const isFloat = ({ name }: FeatureColumn) => hardColumns.find(column => column.name === name)?.nativeType === 'real'

/** GDAL's own resolution of moments. */
function milliseconds(text: string): string {
  const [, moment, fraction = '', zone] = /^(.*?)(?:\.(\d+))?(Z?)$/.exec(text) ?? []
  return `${moment}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`
}

/** No position in it: nothing but heads, counts and NaN. */
function isEmptyWkb(hex: string): boolean {
  const bytes = Buffer.from(hex, 'hex')
  if (bytes.length <= 9) return true
  const type = bytes.readUInt32LE(1) % 1000
  if (type === 1) return Number.isNaN(bytes.readDoubleLE(5))
  return type === 3 && bytes.readUInt32LE(5) === 1 && bytes.readUInt32LE(9) === 0
}
