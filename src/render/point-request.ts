import type { LabelWish } from './brushes/label-brush.js'
import type { LabelRequest, PointAnchor } from './labels/label-request.js'

/**
 * A label wanted at a point: the request and its anchor in one object, which reads what it has in common with others from the wish they share. All
 * requests of a map are there until its labels are placed, and of points there are thousands: what they hold is what collecting garbage takes.
 */
export class PointRequest implements LabelRequest, PointAnchor {
  readonly layer: number
  readonly key: string
  readonly #wish: LabelWish
  readonly #places: Float64Array
  readonly #index: number

  /** At the position in pixels that is in `places` at `index`: x, and y behind it. */
  constructor(wish: LabelWish, places: Float64Array, index: number, layer: number, key: string) {
    this.#wish = wish
    this.#places = places
    this.#index = index
    this.layer = layer
    this.key = key
  }

  get at(): PointAnchor {
    return this
  }

  get kind() {
    return 'point' as const
  }

  get x() {
    return this.#places[this.#index]
  }

  get y() {
    return this.#places[this.#index + 1]
  }

  get anchor() {
    return this.#wish.point.anchor
  }

  get displacement() {
    return this.#wish.point.displacement
  }

  get rotation() {
    return this.#wish.point.rotation
  }

  get maxDisplacement() {
    return this.#wish.point.maxDisplacement
  }

  get text() {
    return this.#wish.text
  }

  get priority() {
    return this.#wish.priority
  }

  get group() {
    return this.#wish.group
  }

  get minRepeat() {
    return this.#wish.minRepeat
  }

  get mayOverlap() {
    return this.#wish.mayOverlap
  }

  get spaceAround() {
    return this.#wish.spaceAround
  }

  get shield() {
    return this.#wish.shield
  }
}
