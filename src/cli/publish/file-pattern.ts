/**
 * Tells which relative paths match a pattern: `*` and `?` stand for anything within one name, `**` for any number of folders. A pattern that
 * names a folder means everything in it. Compared without regard to case. Works in time linear in both for any pattern.
 */
export function patternMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern.toLowerCase().replace(/^\.\//, '').split('/').filter(Boolean)
  const below = [...parts, '**']
  return path => {
    const names = path.toLowerCase().split(/[\\/]/)
    return matchParts(names, parts) || matchParts(names, below)
  }
}

function matchParts(names: readonly string[], parts: readonly string[]): boolean {
  return wildcard(
    names.length,
    parts,
    part => part === '**',
    (part, i) => matchName(names[i], part),
  )
}

const matchName = (name: string, part: string): boolean =>
  wildcard(
    name.length,
    part.split(''),
    letter => letter === '*',
    (letter, i) => letter === '?' || letter === name[i],
  )

/** The classic two-pointer match: on failure, the last star swallows one more. */
function wildcard(
  length: number,
  parts: readonly string[],
  isStar: (part: string) => boolean,
  matches: (part: string, i: number) => boolean,
): boolean {
  let [i, j, star, swallowed] = [0, 0, -1, 0]
  while (i < length) {
    if (j < parts.length && isStar(parts[j])) [star, swallowed, j] = [j, i, j + 1]
    else if (j < parts.length && matches(parts[j], i)) [i, j] = [i + 1, j + 1]
    else if (star >= 0) [j, swallowed, i] = [star + 1, swallowed + 1, swallowed + 1]
    else return false
  }
  while (j < parts.length && isStar(parts[j])) j++
  return j === parts.length
}
