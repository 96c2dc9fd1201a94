import type { Geos } from '#filters/geos.js'
import { nearestNames } from '#filters/nearest-names.js'
import { ValueError } from '#rows/value-error.js'
import type { AttributeColumn, FeatureSource, GeometryColumn } from './atlas.js'
import { attributeValue } from './attribute-value.js'
import { fitGeometry } from './fit-geometry.js'
import { type GivenFeature, isJsonObject, type JsonValue, jsonText, LongNumber } from './given-feature.js'
import type { LayerValue } from './ports.js'
import type { Fault } from './problem.js'

/** What is made of a feature: a new one, all of one that is there, or parts of it. */
export type Purpose = { readonly kind: 'create' } | { readonly kind: 'replace' | 'update'; readonly id: string }

/** Faults told at once: more would help nobody, and finding them takes time. */
export const mostFaults = 100

/** A feature whose values fit its table. */
export interface FittedFeature {
  readonly values: ReadonlyMap<string, LayerValue>
  /** Of an update: what changes only parts of JSON columns. */
  readonly patches: ReadonlyMap<string, string>
  readonly faults: readonly Fault[]
}

/** The values of a feature as the columns of its table hold them, and all that is wrong with it. */
export function fitFeature(feature: GivenFeature, source: FeatureSource, purpose: Purpose, geos: Geos): FittedFeature {
  const patches = new Map<string, string>()
  const values = new Map<string, LayerValue>()
  const faults: Fault[] = []
  const fault = (member: string, message: string) => faults.push({ pointer: `${feature.pointer}${member}`, message })
  const attempt = (member: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      fault(member, error.message)
    }
  }
  const keys = 'columns' in source.key ? source.key.columns : []
  for (const [name, value] of feature.properties) {
    if (faults.length >= mostFaults) break
    const member = `/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const column = source.columns.find(column => column.name === name)
    if (!column) fault(member, unknown(name, source))
    else if (keys.includes(name) && purpose.kind !== 'create') {
      if (value !== null && !isSameKey(name, value, keys, purpose.id))
        fault(member, `“${name}” says which feature it is and cannot be changed.`)
    } else if (column.filling === 'always') {
      // who replaces a feature sends back what was read: it stays as it is
      if (value !== null && purpose.kind !== 'replace') fault(member, `“${name}” is filled by the database and cannot be given.`)
    } else if (value === null) putNull(column, member)
    else if (purpose.kind === 'update' && column.kind === 'json' && isJsonObject(value)) patches.set(name, jsonText(value))
    else attempt(member, () => values.set(name, attributeValue(column, value)))
  }
  function putNull({ name, isNullable, filling }: AttributeColumn, member: string) {
    const isKey = keys.includes(name)
    if (isNullable && !isKey) values.set(name, null)
    // clients that know nothing of defaults send null for what they leave to the database
    else if (purpose.kind === 'create' && (filling === 'default' || isKey)) return
    else fault(member, `“${name}” must have a value.`)
  }
  const [key] = keys
  if (purpose.kind === 'create' && keys.length === 1 && feature.id !== undefined && !values.has(key)) {
    const column = source.columns.find(({ name, filling }) => name === key && filling === undefined)
    const text = feature.id
    if (column) attempt('/id', () => values.set(key, attributeValue(column, column.kind === 'integer' ? Number(text) : text)))
  }
  const geometry = source.geometries.find(({ name }) => name === source.geometry)
  const member = `/${feature.geometryMember ?? 'geometry'}`
  if (feature.geometry !== undefined) attempt(member, () => putGeometry(feature, geometry, values, geos))
  if (purpose.kind !== 'update') {
    for (const { name, isNullable, filling } of source.columns) {
      if (isNullable || filling !== undefined || feature.properties.has(name) || values.has(name)) continue
      if (purpose.kind === 'create' || !keys.includes(name)) fault('/properties', `“${name}” must have a value.`)
    }
    if (feature.geometry === undefined && geometry && !geometry.isNullable && !geometry.filling)
      fault('', 'The feature must have a geometry.')
  }
  return { values, patches, faults }
}

function putGeometry({ geometry }: GivenFeature, column: GeometryColumn | undefined, values: Map<string, LayerValue>, geos: Geos): void {
  if (geometry === undefined || (geometry === null && !column)) return
  if (!column) throw new ValueError('The features of this collection have no geometry.')
  if (column.filling === 'always') throw new ValueError('The geometry is filled by the database and cannot be given.')
  if (geometry === null && !column.isNullable) throw new ValueError('The feature must have a geometry.')
  values.set(column.name, geometry && fitGeometry(geometry, column, geos))
}

function unknown(name: string, { columns, geometries, geometry }: FeatureSource): string {
  const asked = name.length > 60 ? `${name.slice(0, 57)}…` : name
  if (name === geometry) return `“${asked}” is the geometry: it is given as the member geometry.`
  if (geometries.some(column => column.name === name)) return `“${asked}” is a further geometry, which cannot be given here.`
  const names = columns.map(column => column.name)
  const [near] = nearestNames(name, names, 1)
  const hint =
    near === undefined ? `there ${names.length > 0 ? `are ${names.slice(0, 30).join(', ')}` : 'are none'}` : `did you mean “${near}”?`
  return `There is no property “${asked}”; ${hint}`
}

/** Whether a value given for a part of a key is the one that the id says. */
function isSameKey(name: string, value: JsonValue, keys: readonly string[], id: string): boolean {
  const text = value instanceof LongNumber ? value.text : String(value)
  const parts = keys.length === 1 ? [id] : id.split('.').map(part => part.replaceAll('~1', '.').replaceAll('~0', '~'))
  return text.toLowerCase() === (parts[keys.indexOf(name)] ?? '').toLowerCase()
}
