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
