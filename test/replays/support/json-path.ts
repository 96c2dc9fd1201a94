/**
 * Texts at a path such as `collections[id=arbres].links[rel=enclosure].href`: members by name, of arrays all elements, or those with `[member=text]`.
 * Throws on what is no such path, and no JSON.
 */
export function jsonValues(document: string, path: string): string[] {
  const steps = path.match(/[\w-]+(?:\[[\w-]+=[^\]]*\])*(?:\.|$)/g) ?? []
  if (steps.join('') !== path || steps.length === 0) throw new Error(`${path} is not a path`)
  let found: unknown[] = [JSON.parse(document)]
  for (const step of steps) {
    const [name] = /^[\w-]+/.exec(step)!
    const tests = [...step.matchAll(/\[([\w-]+)=([^\]]*)\]/g)]
    found = found
      .flatMap(holder => memberOf(holder, name) ?? [])
      .filter(element => tests.every(([, member, wanted]) => String(memberOf(element, member)) === wanted))
  }
  return found.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
}

const memberOf = (holder: unknown, name: string): unknown =>
  typeof holder === 'object' && holder !== null ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined
