import type { Filter } from '#filters/filter.js'
import type { DrawnType } from '../drawn-type.js'
import { casingOf, fillOf, lineOf, markOf, outlineOf } from '../painters.js'
import { type ScaleBand, scaleBands, scalesOf } from '../scale-bands.js'
import type { Rule, StylePass, Symbolizer } from '../style.js'
import { categoryColors, otherColor } from './palettes.js'

/** Features that are drawn alike. */
export interface StyleClass {
  /** Stays the same while the data change. */
  readonly name: string
  /** What people read in legends. */
  readonly title: string
  readonly color: string
  /** Absent: what belongs to no other class. */
  readonly filter?: Filter
  readonly isUnlisted?: boolean
}

/** Polygons that many classes cover need no lines between them at small scales. */
const outlinedBelow = 120_000
const outlineColor = '#5c5c5c'

/** Passes that draw each class in its colour, with the widths and sizes of the default style; `opacity` is that of polygons. */
export function classPasses(drawn: DrawnType, classes: readonly StyleClass[], opacity: number): readonly StylePass[] {
  const passes = {
    polygon: () => [filled(classes, opacity), outlines],
    line: () => [casings, banded(classes, (band, { color }) => shared.line.get(band)?.get(color) ?? lineOf(band, color))],
    point: () => [banded(classes, (band, { color }) => shared.point.get(band)?.get(color) ?? markOf(band, color))],
  } as const satisfies Record<Exclude<DrawnType, 'mixed'>, () => readonly StylePass[]>
  if (drawn !== 'mixed') return passes[drawn]()
  return (['polygon', 'line', 'point'] as const).flatMap(each => passes[each]().map(pass => only(each, pass)))
}

/** What categories are drawn with, made once: thousands of collections have the same colours. */
const shared = { line: ofCategories(lineOf), point: ofCategories(markOf) }

function ofCategories<T>(paint: (band: ScaleBand, color: string) => T): ReadonlyMap<ScaleBand, ReadonlyMap<string, T>> {
  const colors = [...categoryColors, otherColor]
  return new Map(scaleBands.map(band => [band, new Map(colors.map(color => [color, paint(band, color)]))]))
}

/** What a class has in common with the rules that draw it. */
export function ruleOf({ name, title, filter, isUnlisted }: StyleClass): Pick<Rule, 'name' | 'title' | 'filter' | 'isElse' | 'isUnlisted'> {
  return { name, title, ...(filter ? { filter } : { isElse: true }), ...(isUnlisted && { isUnlisted }) }
}

/** One rule for each class and band; classes exclude each other, so that a feature is drawn once. */
export function banded<Class extends StyleClass>(
  classes: readonly Class[],
  paint: (band: ScaleBand, one: Class) => readonly Symbolizer[],
): StylePass {
  const rules = scaleBands.flatMap(band =>
    classes.flatMap((one): Rule[] => {
      const symbolizers = paint(band, one)
      return symbolizers.length === 0 ? [] : [{ ...ruleOf(one), name: `${one.name}-${band.name}`, ...scalesOf(band), symbolizers }]
    }),
  )
  return { rules }
}

function filled(classes: readonly StyleClass[], opacity: number): StylePass {
  return { rules: classes.map(one => ({ ...ruleOf(one), symbolizers: fillOf(one.color, opacity) })) }
}

const unlisted = (prefix: string, bands: readonly ScaleBand[], paint: (band: ScaleBand) => readonly Symbolizer[]): StylePass => ({
  rules: bands
    .map((band): Rule => ({ name: `${prefix}-${band.name}`, ...scalesOf(band), symbolizers: paint(band), isUnlisted: true }))
    .filter(({ symbolizers }) => symbolizers.length > 0),
})

const outlines = unlisted(
  'outline',
  scaleBands.filter(({ below }) => below <= outlinedBelow),
  band => outlineOf(band, outlineColor),
)
const casings = unlisted('casing', scaleBands, band => casingOf(band))

const only = (type: 'polygon' | 'line' | 'point', pass: StylePass): StylePass => ({
  ...pass,
  rules: pass.rules.map(rule => ({ ...rule, geometryTypes: [type] })),
})
