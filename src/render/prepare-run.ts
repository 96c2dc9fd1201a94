import type { RowView } from '#rows/row-view.js'
import type { BlendMode, Rule, StylePass } from '#styles/style.js'
import { brushesOf } from './brushes/brushes.js'
import type { BrushTools } from './brushes/tools.js'
import type { Pen } from './pens.js'

/** A pass that is ready for rows of one schema. */
export interface ReadyPass {
  readonly rules: readonly ReadyRule[]
  readonly isFirstMatch: boolean
  readonly opacity: number
  readonly blend: BlendMode
  /** Pens that are the same for all features, where every feature is drawn by all of them. */
  readonly plain?: readonly Pen[]
}

export interface ReadyRule extends TestedRule {
  readonly brushes: readonly ReadyBrush[]
}

export interface ReadyBrush {
  /** Index of the geometry column. */
  readonly column: number
  readonly pen: (row: RowView) => Pen | undefined
}

/** Compiles passes; `columnOf` gives the index of a geometry column, of the layer's own without a name, -1 where there is none. */
export function readyPass(pass: StylePass, tools: BrushTools, columnOf: (name?: string) => number): ReadyPass {
  const rules = pass.rules.map(rule => readyRule(rule, tools, columnOf))
  const plain = plainPens(pass, tools)
  return {
    rules,
    isFirstMatch: pass.isFirstMatch ?? false,
    opacity: pass.opacity ?? 1,
    blend: pass.blend ?? 'normal',
    ...(plain && { plain }),
  }
}

function readyRule(rule: Rule, tools: BrushTools, columnOf: (name?: string) => number): ReadyRule {
  const brushes = brushesOf(rule, tools).flatMap(({ pen, column }): ReadyBrush[] => {
    const index = columnOf(column)
    if (index < 0) return []
    return [{ column: index, pen: 'fixed' in pen ? () => pen.fixed : pen.of }]
  })
  return { ...(rule.filter && { test: tools.compiler.filter(rule.filter) }), isElse: rule.isElse ?? false, brushes }
}

function plainPens({ rules }: StylePass, tools: BrushTools): readonly Pen[] | undefined {
  if (rules.some(({ filter, isElse }) => filter || isElse)) return undefined
  const brushes = rules.flatMap(rule => brushesOf(rule, tools))
  const pens = brushes.flatMap(({ pen, column }) => ('fixed' in pen && column === undefined ? [pen.fixed] : []))
  return pens.length === brushes.length ? pens.filter(pen => pen !== undefined) : undefined
}

/** A rule that knows whether it holds for a row. */
export interface TestedRule {
  /** Absent: holds always. */
  readonly test?: (row: RowView) => boolean | null
  readonly isElse: boolean
}

/** Calls `use` with every rule of a pass that holds for a row, in order. */
export function eachRule<R extends TestedRule>(
  { rules, isFirstMatch }: { readonly rules: readonly R[]; readonly isFirstMatch: boolean },
  row: RowView,
  use: (rule: R) => void,
): void {
  let hasMatch = false
  for (const rule of rules) {
    if (rule.isElse || (rule.test && rule.test(row) !== true)) continue
    hasMatch = true
    use(rule)
    if (isFirstMatch) return
  }
  if (hasMatch) return
  for (const rule of rules) if (rule.isElse) use(rule)
}
