import { isExpression } from '#styles/computed.js'
import type { Length, Offset, Value } from '#styles/style.js'
import { premultiplied } from '../color.js'
import { combined, type Getter, mapped } from '../getter.js'
import type { DrawKernel } from '../kernels/draw-kernel.js'
import { type MapScale, pixelsPerMetre } from '../map-scale.js'
import type { Contour } from '../mark-shapes.js'
import type { RowCompiler } from '../row-compiler.js'
import type { IconBook } from './icon-book.js'

/** What brushes are made with. */
export interface BrushTools {
  readonly scale: MapScale
  readonly compiler: RowCompiler
  readonly icons: IconBook
  /** A kernel whose canvas may be lost, to draw patterns in. */
  readonly spareKernel: () => DrawKernel
  /** Outline of a character in the box from -1 to 1; undefined where no font has it. */
  readonly glyph?: (family: string, character: string) => readonly Contour[] | undefined
}

/** In pixels of the map; NaN where the feature gives no number. */
export function lengthOf(length: Length, tools: BrushTools): Getter<number> {
  if (typeof length === 'object' && length.kind === 'ground') {
    const factor = pixelsPerMetre(tools.scale)
    return mapped(numberOf(length.metres, tools), metres => metres * factor)
  }
  return mapped(numberOf(length, tools), pixels => pixels * tools.scale.pixelRatio)
}

/** Lengths in pixels of the map. */
export function lengthsOf(lengths: readonly Length[], tools: BrushTools): Getter<readonly number[]> {
  return listed(lengths.map(length => lengthOf(length, tools)))
}

/** x to the right, y down, in pixels of the map; 0,0 when absent. */
export function offsetOf(offset: Offset | undefined, tools: BrushTools): Getter<readonly [number, number]> {
  if (!offset) return { fixed: [0, 0] }
  return combined({ x: lengthOf(offset[0], tools), y: lengthOf(offset[1], tools) }, ({ x, y }) => [x || 0, y || 0] as const)
}

/** Premultiplied; 0 where nothing shows. */
export function colorOf(color: Value<string>, opacity: Value<number>, tools: BrushTools): Getter<number> {
  return combined({ color: textOf(color, tools), opacity: numberOf(opacity, tools) }, ({ color, opacity }) => packedColor(color, opacity))
}

function packedColor(color: string, opacity: number): number {
  return /^#[0-9a-f]{6}$/i.test(color) ? premultiplied(color, Math.min(1, Math.max(0, opacity)) || 0) : 0
}

/** NaN where the feature gives no number. */
export function numberOf(value: Value<number>, { compiler }: BrushTools): Getter<number> {
  if (!isExpression(value)) return { fixed: value }
  const ask = compiler.expression(value)
  return {
    of(row) {
      const answer = ask(row)
      return answer === null ? Number.NaN : Number(answer)
    },
  }
}

/** A text; empty for null. */
export function textOf(value: Value<string>, { compiler }: BrushTools): Getter<string> {
  if (!isExpression(value)) return { fixed: value }
  const ask = compiler.expression(value)
  return { of: row => String(ask(row) ?? '') }
}

function listed<T>(getters: readonly Getter<T>[]): Getter<readonly T[]> {
  if (getters.every(getter => 'fixed' in getter)) return { fixed: getters.map(getter => getter.fixed) }
  return { of: row => getters.map(getter => ('fixed' in getter ? getter.fixed : getter.of(row))) }
}
