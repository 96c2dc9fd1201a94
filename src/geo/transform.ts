export { type Transform, transformBetween } from './point-transform.js'
export { type TransformBboxOptions, transformBbox, transformBboxes } from './transform-bbox.js'
