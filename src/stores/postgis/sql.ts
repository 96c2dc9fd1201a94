import type { AttributeColumn, FeatureSource, GeometryColumn } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { quoted } from './identifiers.js'
import type { Parameter } from './wire/message-writer.js'

/** Collects the values of a statement; `bind` returns the placeholder that stands for one. */
export class Values {
  readonly list: Parameter[] = []

  bind(value: Parameter): string {
    return `$${this.list.push(value)}`
  }
}

/** `"schema"."table"` */
export function tableSql({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${quoted(schema)}.${quoted(table)}`
}

/** A geometry column by name; throws `unknown-property`. */
export function geometryOf(source: FeatureSource, name: string): GeometryColumn {
  const column = source.geometries.find(geometry => geometry.name === name)
  if (column) return column
  throw unknownProperty(name, source.geometries)
}

/** An attribute column by name; throws `unknown-property`. */
export function attributeOf(source: FeatureSource, name: string): AttributeColumn {
  const column = source.columns.find(attribute => attribute.name === name)
  if (column) return column
  throw unknownProperty(name, source.columns)
}

function unknownProperty(name: string, columns: readonly { readonly name: string }[]): Problem {
  const names = columns.map(column => column.name).join(', ')
  return new Problem('unknown-property', `There is no property “${name}” here; there ${names ? `are ${names}` : 'is none'}.`, {
    locator: name,
  })
}

/** A column as text; cast only where it is not text already, which would put its index out of use. */
export function plainTextSql({ name, nativeType }: AttributeColumn): string {
  return /^(text|character varying\b.*|character\b.*)(?<!\[\])$/.test(nativeType) ? quoted(name) : `${quoted(name)}::text`
}

/** Whether a text is an integer of 64 bits. */
export const isInt8 = (text: string) => /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
