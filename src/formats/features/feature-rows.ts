import type { RasterBand } from '#core/atlas.js'
import type { FeatureSet, Identified, RasterSample } from '#core/encoders.js'
import type { RowColumn } from '#rows/batch.js'
import { columnIndex, type RowView, rowView } from '#rows/row-view.js'

/** Features of something that has but a name. */
export type FoundFeatures = Omit<FeatureSet, 'collection'> & { readonly collection: Pick<FeatureSet['collection'], 'id'> }

/** Whether something is a raster's values, not features. */
export function isSample(identified: Identified): identified is RasterSample {
  return 'values' in identified
}

/** One feature at a time: the view moves on, so use it before asking for the next. */
export interface FeatureRow {
  readonly row: RowView
  /** Index of the default geometry; -1 when there is none. */
  readonly geometry: number
  /** Indexes of all columns but `@id` and the default geometry. */
  readonly properties: readonly number[]
  readonly columns: readonly RowColumn[]
  readonly id: string | null
}

export function* featureRows({ batches, geometry }: FoundFeatures): Generator<FeatureRow> {
  for (const batch of batches) {
    const row = rowView(batch)
    const { columns } = batch.schema
    const [id, shape] = [columnIndex(columns, '@id'), geometry === undefined ? -1 : columnIndex(columns, geometry)]
    const properties = columns.map((_, i) => i).filter(i => i !== id && i !== shape)
    for (let i = 0; i < batch.count; i++) {
      row.at(i)
      yield { row, geometry: shape, properties, columns, id: id < 0 ? null : row.text(id) }
    }
  }
}

/** Id of a feature that is unique in the whole answer: `communes.57463`. */
export function featureId(set: FoundFeatures, id: string | null): string | undefined {
  return id === null ? undefined : `${set.collection.id}.${id}`
}

/** Whether anything was found in the collection. */
export function isFilled(set: Identified): boolean {
  return isSample(set) ? set.values.length > 0 : set.batches.some(({ count }) => count > 0)
}

/** What the name of a class is called beside the value of its band, by band: `class` where one band has names. */
export function classFields(bands: readonly RasterBand[]): ReadonlyMap<string, string> {
  const named = bands.filter(({ classes }) => classes?.some(({ name }) => name !== undefined))
  const isPlain = named.length === 1 && !bands.some(({ name }) => name === 'class')
  return new Map(named.map(({ name }) => [name, isPlain ? 'class' : `${name} class`]))
}

/** Fields of a raster's sample: the value of each band, and behind it the name of its class, where it has one. */
export function sampleFields({
  collection: { source },
  values,
}: RasterSample): readonly { readonly name: string; readonly value: number | string | null }[] {
  const fields = classFields(source.kind === 'raster' ? source.bands : [])
  return values.flatMap(({ band, value, class: known }) => [
    { name: band, value },
    ...(known === undefined ? [] : [{ name: fields.get(band) ?? 'class', value: known }]),
  ])
}

/** What people read: per collection the names of its columns or bands, and per feature one text each; null where there is no value. */
export interface ReadableTable {
  readonly names: readonly string[]
  readonly features: readonly (readonly (string | null)[])[]
  /** As `@id` has them, per feature. */
  readonly ids: readonly (string | null)[]
}

/** Geometries are left out: nobody reads coordinates. */
export function readableTable(set: Identified): ReadableTable {
  if (isSample(set)) {
    const fields = sampleFields(set)
    return {
      names: fields.map(({ name }) => name),
      features: [fields.map(({ value }) => (value === null ? null : String(value)))],
      ids: [null],
    }
  }
  let names: string[] = []
  const features: (string | null)[][] = []
  const ids: (string | null)[] = []
  for (const { row, properties, columns, id } of featureRows(set)) {
    const shown = properties.filter(index => columns[index].kind !== 'geometry')
    names = shown.map(index => columns[index].name)
    features.push(shown.map(index => row.text(index)))
    ids.push(id)
  }
  return { names, features, ids }
}
