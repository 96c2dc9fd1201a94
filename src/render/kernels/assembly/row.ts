// A row as PostgreSQL sends it: per column a length in four bytes, the highest first (negative: null), and that many bytes.

/** What was found: where its bytes begin, and how many there are; none or fewer where there is no value. */
export let field: usize = 0
export let fieldLength: i32 = 0

/** Finds a column of the row between `at` and `end`; false where the row breaks off before its end. */
export function findField(at: usize, end: usize, column: i32): bool {
  for (; column >= 0; column--) {
    if (at + 4 > end) return false
    fieldLength = bswap<i32>(load<i32>(at))
    field = at + 4
    if (fieldLength > <i32>(end - field)) return false
    at = field + <usize>max<i32>(fieldLength, 0)
  }
  return true
}
