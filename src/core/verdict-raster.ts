import type { Finding } from './atlas.js'

/** Findings of the files of one mosaic, one for each kind: the first file's message and cure, and how many others share the trouble. */
export function mergeFindings(ofFiles: readonly (readonly Finding[])[]): Finding[] {
  const byCode = new Map<string, { readonly first: Finding; count: number }>()
  for (const findings of ofFiles) {
    for (const finding of findings) {
      const known = byCode.get(finding.code)
      if (known) known.count++
      else byCode.set(finding.code, { first: finding, count: 1 })
    }
  }
  return [...byCode.values()].map(({ first, count }) =>
    count === 1 ? first : { ...first, message: `${first.message} So it is with ${count} files of ${ofFiles.length}.` },
  )
}
