import type { Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { compileExpression, compileFilter } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { foldFilter } from '#filters/fold-constants.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { environmentOf, type MapScale } from '#render/map-scale.js'
import type { StyleRun } from '#render/plan-style.js'
import type { RowCompiler } from '#render/row-compiler.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { View } from './layer-views.js'
import type { Stop } from './stop.js'

/** What is left of the features that a map may have; shared by its layers. */
export interface FeatureBudget {
  left: number
  /** Milliseconds that rows have been waited for. */
  waited?: number
  /** Milliseconds that what was made of one batch of them took at most. */
  longest?: number
}

export interface RowsWanted {
  readonly run: StyleRun
  readonly view: Pick<View, 'box' | 'unitsPerPixel'>
  /** The id of each row, too. */
  readonly hasIds?: boolean
  /** See `FeatureQuery`. */
  readonly isFleeting?: boolean
}

/** Below this scale denominator vertices of real data lie pixels apart, and simplifying them in the database costs more than it saves. */
const simplifyFrom = 10_000
/** Geometries of fewer bytes on average (60 vertices) take the database longer to simplify than to send. */
const simplifyFromBytes = 1000
/** Vertices move by an eighth of a pixel at most. */
const simplifyPixels = 0.25

/**
 * The rows of a view that a run of a style draws, the geometry first (behind `@id`, with `hasIds`), then the columns that the run reads. Throws
 * `too-large` when there are more than the map may have.
 */
export async function* findRows(
  job: MapJob,
  { source, geometry, filter, sort: asked = [] }: FeatureLayerJob,
  { run, view: { box, unitsPerPixel }, hasIds = false, isFleeting = false }: RowsWanted,
  { stores, budget, stop }: { readonly stores: Stores; readonly budget: FeatureBudget; readonly stop: Stop },
): AsyncIterable<RowBatch> {
  const inBox: Filter = { kind: 'bbox', property: geometry.name, bbox: box }
  const sort = [...asked, ...(run.sort ?? []).map(({ property, descending }) => ({ column: property, descending }))]
  const isWorthSimplifying =
    job.scaleDenominator >= simplifyFrom &&
    (geometry.averageBytes ?? simplifyFromBytes) >= simplifyFromBytes &&
    !geometry.type.endsWith('POINT')
  let since = performance.now()
  const wait = () => {
    budget.waited = (budget.waited ?? 0) + performance.now() - since
  }
  const { batches } = await stores.features(source.store).find(
    {
      source,
      columns: [geometry.name, ...run.columns.filter(name => name !== geometry.name)],
      key: hasIds,
      filter: filter ? { kind: 'and', all: [inBox, filter] } : inBox,
      ...(run.filter && { narrow: foldFilter(run.filter, environmentOf(job)) }),
      ...(sort.length > 0 && { sort }),
      limit: budget.left + 1,
      isFleeting,
      ...(isWorthSimplifying && { simplify: unitsPerPixel * simplifyPixels }),
    },
    stop.signal,
  )
  for await (const batch of batches) {
    wait()
    stop.check()
    budget.left -= batch.count
    if (budget.left < 0) {
      throw new Problem(
        'too-large',
        `The map shows more than ${job.maxFeatures} features, which is the most this server draws; ask for a smaller area or a larger scale.`,
      )
    }
    const handed = performance.now()
    yield batch
    since = performance.now()
    budget.longest = Math.max(budget.longest ?? 0, since - handed)
  }
  wait()
}

/** Compiles what a style computes, for rows of a schema on a map of a scale. Throws FilterError. */
export function rowCompiler(scale: MapScale): (schema: RowSchema) => RowCompiler {
  const environment = environmentOf(scale)
  return schema => ({
    filter: filter => compileFilter(filter, schema, environment),
    expression: expression => compileExpression(expression, schema, environment),
  })
}

/** To be waited for before anything of a run is compiled. */
export async function prepareRun({ passes }: StyleRun): Promise<void> {
  await Promise.all(passes.flatMap(({ rules }) => rules.map(({ filter }) => filter && prepareFilter(filter))))
}
