// The polynomials of a patch (see src/geo/patched-transform.ts): the middle, then 15 coefficients, 16 bytes each, x and y.

/** Where the patch at `at` has a place that is given from -1 to 1, x and y: as `horner` in the host, to the last bit. */
export function imageIn(at: usize, place: v128): v128 {
  const u = v128.shuffle<u64>(place, place, 0, 0)
  const v = v128.shuffle<u64>(place, place, 1, 1)
  const none = plus(at, 1, f64x2.mul(u, plus(at, 2, f64x2.mul(u, plus(at, 3, f64x2.mul(u, plus(at, 4, f64x2.mul(u, v128.load(at, 80)))))))))
  const one = plus(at, 6, f64x2.mul(u, plus(at, 7, f64x2.mul(u, plus(at, 8, f64x2.mul(u, v128.load(at, 144)))))))
  const two = plus(at, 10, f64x2.mul(u, plus(at, 11, f64x2.mul(u, v128.load(at, 192)))))
  const three = plus(at, 13, f64x2.mul(u, v128.load(at, 224)))
  const all = f64x2.add(three, f64x2.mul(v, v128.load(at, 240)))
  return plus(at, 0, f64x2.add(none, f64x2.mul(v, f64x2.add(one, f64x2.mul(v, f64x2.add(two, f64x2.mul(v, all)))))))
}

/** A coefficient and what goes with it. */
function plus(at: usize, index: usize, value: v128): v128 {
  return f64x2.add(v128.load(at + (index << 4)), value)
}
