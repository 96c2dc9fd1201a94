/** mulberry32: uniform numbers in [0, 1), the same for the same seed. */
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    return mixed(state)
  }
}

/** A uniform number in [0, 1) for a place: what two neighbours share comes out the same for both. */
export function hashed(a, b, c = 0) {
  return mixed((Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)) >>> 0)
}

function mixed(state) {
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
