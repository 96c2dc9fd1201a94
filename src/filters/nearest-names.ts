/** The names most like `asked`, best first: for messages that say what would have worked. */
export function nearestNames(asked: string, names: Iterable<string>, count = 3): string[] {
  const wanted = plain(asked)
  const scored = [...names].map(name => ({ name, distance: distanceOf(wanted, plain(name)) }))
  const near = scored.filter(({ distance }) => distance <= Math.max(2, wanted.length / 2))
  return near
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}

const plain = (name: string) =>
  name
    .slice(0, 60)
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase()

/** Levenshtein's; a name that holds the other is near. */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 && (b.includes(a) || (b.length > 2 && a.includes(b)))) return Math.abs(a.length - b.length) / 10
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}
