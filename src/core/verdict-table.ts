import { crsOf } from '#geo/crs.js'
import { transformBetween } from '#geo/transform.js'
import type { Collection, FeatureSource, Finding } from './atlas.js'
import { guessCrs, isElsewhere, isUsable } from './collection-extent.js'
import type { TableCures, TableFound } from './publication.js'

/** Rows below which a scan is as fast as an index. */
const rowsWorthAnIndex = 1000

/** What will hurt in a published table, each with the command that cures it. */
export function judgeTable(collection: Collection, source: FeatureSource, found: TableFound, cures: TableCures | undefined): Finding[] {
  const findings: Finding[] = []
  const { description } = found
  const { schema, table } = source
  findings.push(...judgeKey(collection.id, source, found, cures))
  for (const geometry of source.geometries) {
    const isLarge = description.estimatedCount < 0 || description.estimatedCount >= rowsWorthAnIndex
    if (!geometry.isIndexed && description.kind === 'view') {
      const message = `Whether ${geometry.name} has a spatial index cannot be told: ${schema}.${table} is a view. Index the table behind it.`
      findings.push(finding('info', 'no-spatial-index', message))
    } else if (!geometry.isIndexed) {
      const message = `Column ${geometry.name} has no spatial index: every map reads the whole table.`
      findings.push(finding(isLarge ? 'warning' : 'info', 'no-spatial-index', message, cures?.spatialIndex(schema, table, geometry.name)))
    }
    if (geometry.type === 'GEOMETRY') {
      findings.push(
        finding('info', 'mixed-types', `Column ${geometry.name} may hold any geometry type: some clients show only the first they meet.`),
      )
    }
    findings.push(...judgePlace(collection, source, geometry, cures))
  }
  if (source.count?.value === 0 && (source.count.isExact || description.kind === 'table')) {
    findings.push(finding('info', 'empty', `${schema}.${table} seems to be empty.`))
  } else if (collection.storageCrs !== undefined && !collection.extent && !findings.some(({ code }) => code === 'wrong-srid')) {
    findings.push(
      finding(
        'info',
        'unknown-extent',
        'Its extent is not known: clients start with the area of its CRS.',
        'ANALYZE in the database, or "extent" in the config',
      ),
    )
  }
  return findings
}

function judgeKey(
  id: string,
  { key, schema, table }: FeatureSource,
  { description }: TableFound,
  cures: TableCures | undefined,
): Finding[] {
  if (key.kind === 'primary' || key.kind === 'unique') return []
  const message = `${schema}.${table} has no key: ${key.kind === 'none' ? 'its features have no id' : 'feature ids change when the table is rewritten'}.`
  const isTable = description.kind === 'table' || description.kind === 'partitioned table'
  const cure = isTable ? cures?.primaryKey(schema, table) : `in the config: collections: { "${id}": { id: COLUMN } }`
  return [finding('warning', 'no-primary-key', message, cure)]
}

function judgePlace(
  collection: Collection,
  source: FeatureSource,
  geometry: FeatureSource['geometries'][number],
  cures: TableCures | undefined,
): Finding[] {
  const crs = geometry.crs === undefined ? undefined : crsOf(geometry.crs)
  if (!crs) return [finding('warning', 'missing-srid', `Column ${geometry.name} has no known SRID and is not served.`)]
  const isPlaced = geometry.name === source.geometry && collection.extent !== undefined
  if (!isPlaced && isUsable(geometry.extent) && isElsewhere(geometry.extent, crs)) {
    const guess = guessCrs(geometry.extent)
    const hint = guess === undefined ? '' : ` They may be in ${guess}.`
    const message = `The coordinates of ${geometry.name} do not lie where ${crs.code} is used.${hint}`
    const cure = guess && cures?.setSrid(source.schema, source.table, geometry.name, Number(guess.slice('EPSG:'.length)))
    return [finding('warning', 'wrong-srid', message, cure || undefined)]
  }
  return judgeDatum(crs.code)
}

/** The finding for a CRS that cannot be brought to WGS 84 exactly, because the grid of its datum is not there. */
export function judgeDatum(crs: string): Finding[] {
  try {
    const { warning } = transformBetween(crs, 'EPSG:4326')
    return warning === undefined ? [] : [finding('warning', 'datum-grid-missing', `${crs}: ${warning}`)]
  } catch (error) {
    return [
      finding('warning', 'datum-grid-missing', `${crs} cannot be reprojected: ${error instanceof Error ? error.message : String(error)}`),
    ]
  }
}

function finding(severity: Finding['severity'], code: string, message: string, cure?: string): Finding {
  return { severity, code, message, ...(cure !== undefined && { cure }) }
}
