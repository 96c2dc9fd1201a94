import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'

/** The schema that the working group of RFC 7946 keeps at geojson.org. */
const isGeojson = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('geojson-schema/GeoJSON.json')), 'utf8')) as object,
)

/** Fails unless it is GeoJSON. */
export function expectGeojson(document: unknown): void {
  assert.ok(isGeojson(document), JSON.stringify(isGeojson.errors?.slice(0, 3)))
}
