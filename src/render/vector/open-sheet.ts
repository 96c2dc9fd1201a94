import type { StylePass } from '#styles/style.js'
import { RenderError } from '../render-error.js'
import type { PathPart, SceneItem } from './scene.js'

/** What one drawing may hold: documents are made in memory. */
export interface SheetLimits {
  /** Of all paths; a mark, a letter counts as some. */
  readonly points: number
}

/** Some 60 MB of SVG. */
const usualSheetLimits: SheetLimits = { points: 6_000_000 }

/** Items of a scene as they come. */
export interface Sheet {
  readonly items: readonly SceneItem[]
  add(item: SceneItem): void
  /** Counts points. Throws `RenderError` when they are more than a drawing may hold. */
  count(points: number): void
  /** A layer that is drawn pass by pass, whatever the order in which things come: `finish` puts the passes one over the other. */
  openPasses(passes: readonly StylePass[]): { add(item: SceneItem, pass: number): void; finish(): void }
}

/** Points of all parts of a path. */
export const pointsIn = (parts: readonly PathPart[]): number => parts.reduce((sum, { points }) => sum + points.length / 2, 0)

/** An empty sheet. */
export function openSheet(limits: SheetLimits = usualSheetLimits): Sheet {
  const items: SceneItem[] = []
  let left = limits.points
  return {
    items,
    add: item => void items.push(item),
    count(points) {
      left -= points
      if (left < 0)
        throw new RenderError(
          'too-large',
          `The map has more than the ${limits.points} points that a drawing (SVG, PDF) may have; a smaller area, a larger scale, or image/png would work.`,
        )
    },
    openPasses(passes) {
      const drawn = passes.map((): SceneItem[] => [])
      return {
        add: (item, pass) => void drawn[pass].push(item),
        finish() {
          for (const [i, { opacity = 1, blend = 'normal' }] of passes.entries()) {
            if (drawn[i].length === 0) continue
            if (opacity === 1 && blend === 'normal') for (const item of drawn[i]) items.push(item)
            else items.push({ kind: 'group', items: drawn[i], opacity, blend })
          }
        },
      }
    },
  }
}
