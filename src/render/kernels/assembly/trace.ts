// Whether geometries are told to the host instead of drawn.

/** The middle of a graphic, in units, and its turn. */
declare function askPlace(x: f64, y: f64, cos: f64, sin: f64): void

export let isTracing: bool = false

export function setTracing(value: bool): void {
  isTracing = value
}

export function tellPlace(x: f64, y: f64, cos: f64, sin: f64): void {
  askPlace(x, y, cos, sin)
}
