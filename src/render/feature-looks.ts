import type { RowBatch, RowSchema } from '#rows/batch.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import type { StylePass } from '#styles/style.js'
import type { IconBook } from './brushes/icon-book.js'
import { labelBrushesOf } from './brushes/label-brush.js'
import type { BrushTools } from './brushes/tools.js'
import type { MapScale } from './map-scale.js'
import type { Pen } from './pens.js'
import { eachRule, type ReadyPass, readyPass, type TestedRule } from './prepare-run.js'
import type { RowCompiler } from './row-compiler.js'

/** How a feature looks on a map, for formats that have words for it: what is drawn along its own geometry, and the first text it is labelled with. */
export interface FeatureLook {
  readonly pens: readonly Pen[]
  readonly label?: { readonly text: string; readonly color: number; readonly size: number }
}

/** What looks are worked out with: passes of one run of a plan, and what they ask for. */
export interface LookOptions {
  readonly passes: readonly StylePass[]
  readonly labels: readonly StylePass[]
  readonly scale: MapScale
  /** Name of the geometry column that is drawn. */
  readonly geometry: string
  readonly compilerFor: (schema: RowSchema) => RowCompiler
  readonly icons: IconBook
  readonly spareKernel: BrushTools['spareKernel']
  readonly glyph?: BrushTools['glyph']
}

/** The looks of the rows of a batch, in their order. Icons are fetched before. */
export async function featureLooks(batch: RowBatch, options: LookOptions): Promise<readonly FeatureLook[]> {
  // what is drawn may depend on which icons could be had, so they are asked for again
  for (let round = 0; round < 3; round++) {
    const looks = looksOf(batch, options)
    if (!options.icons.isLacking) return looks
    await options.icons.load()
  }
  return looksOf(batch, options)
}

function looksOf(batch: RowBatch, { passes, labels, scale, geometry, compilerFor, icons, spareKernel, glyph }: LookOptions) {
  const { columns } = batch.schema
  const tools: BrushTools = { scale, compiler: compilerFor(batch.schema), icons, spareKernel, ...(glyph && { glyph }) }
  const own = columnIndex(columns, geometry)
  const ready = passes.map(pass => readyPass(pass, tools, (name = geometry) => columnIndex(columns, name)))
  const named = labels.map(pass => readyLabels(pass, tools))
  const row = new RowView(batch)
  return Array.from({ length: batch.count }, (_, i): FeatureLook => {
    row.at(i)
    const label = labelOf(named, row)
    return { pens: ready.flatMap(pass => pensOf(pass, row, own)), ...(label && { label }) }
  })
}

function pensOf(pass: ReadyPass, row: RowView, own: number): readonly Pen[] {
  const pens: Pen[] = []
  eachRule(pass, row, ({ brushes }) => {
    for (const { column, pen } of brushes) {
      const chosen = column === own ? pen(row) : undefined
      if (chosen) pens.push(chosen)
    }
  })
  return pens
}

interface LabelledRule extends TestedRule {
  readonly label: (row: RowView) => FeatureLook['label']
}

interface LabelledPass {
  readonly rules: readonly LabelledRule[]
  readonly isFirstMatch: boolean
}

function readyLabels({ rules, isFirstMatch = false }: StylePass, tools: BrushTools): LabelledPass {
  return {
    isFirstMatch,
    rules: rules.map(rule => {
      const [brush] = labelBrushesOf(rule, tools)
      return {
        ...(rule.filter && { test: tools.compiler.filter(rule.filter) }),
        isElse: rule.isElse ?? false,
        label(row) {
          const text = brush?.wish(row)?.text
          return text && { text: text.text, color: text.color, size: text.size }
        },
      }
    }),
  }
}

function labelOf(passes: readonly LabelledPass[], row: RowView): FeatureLook['label'] {
  let found: FeatureLook['label']
  for (const pass of passes)
    eachRule(pass, row, ({ label }) => {
      found ??= label(row)
    })
  return found
}
