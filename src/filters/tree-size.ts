/**
 * Whether a filter or expression has more than `most` parts, those that stand in several places counted in each. Readers that put one part in two
 * places make trees that double with every level; this looks at no more than `most` of it.
 */
export function isLargerThan(tree: unknown, most: number): boolean {
  let left = most
  const stack: unknown[] = [tree]
  while (stack.length > 0) {
    const part = stack.pop()
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) continue
    if (--left < 0) return true
    for (const inner of Object.values(part)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
  return false
}

/** Whether parts stand within parts more than `most` levels deep, lists counted as levels. Of trees that `isLargerThan` has let pass. */
export function isDeeperThan(tree: unknown, most: number): boolean {
  if (typeof tree !== 'object' || tree === null || tree instanceof Uint8Array) return false
  return most === 0 || Object.values(tree).some(inner => isDeeperThan(inner, most - 1))
}
