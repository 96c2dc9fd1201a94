/** A value of JSON. Objects have no prototype, so that no name in them means anything else. */
export type JsonValue = null | boolean | number | string | LongNumber | readonly JsonValue[] | JsonObject

/** An object of a body, its members in order. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** A number as it was written, where a double would not be written so: too long for one, `1.50`, `1e3`. */
export class LongNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A feature as somebody sent it: well formed, not yet looked at with the eyes of a collection. */
export interface GivenFeature {
  /** JSON pointer to it: empty, or `/features/3`. */
  readonly pointer: string
  readonly id?: string
  readonly properties: ReadonlyMap<string, JsonValue>
  /** Null: there is none; absent: nothing is said of it. */
  readonly geometry?: GivenGeometry | null
  /** Where the geometry stands: `geometry` or `place`. */
  readonly geometryMember?: string
}

/** A geometry of a body. */
export interface GivenGeometry {
  /** ISO WKB, little endian, x before y. */
  readonly wkb: Uint8Array
  /** Code: `EPSG:2154`. */
  readonly crs: string
}

/** Whether a value of a body is an object, and no list. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LongNumber)

/** What a JSON Merge Patch makes of a value (RFC 7396, 2). */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch
  const merged: Record<string, JsonValue> = Object.assign(Object.create(null), isJsonObject(target) ? target : undefined)
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = mergePatch(merged[name] ?? null, value)
  }
  return merged
}

/** As JSON text, every digit kept. */
export function jsonText(value: JsonValue): string {
  if (value instanceof LongNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}:${jsonText(one)}`)
      .join(',')}}`
  return JSON.stringify(value)
}
