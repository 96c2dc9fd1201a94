import type { Finding, Limits } from './atlas.js'
import type { AttachedOverviews } from './attach-overviews.js'
import type { Mosaic } from './mosaic.js'

/** What will hurt on maps of small scales: too many files and no overviews, or overviews of files that have changed. */
export function judgeOverviews(id: string, { files }: Mosaic, attached: AttachedOverviews, { mapFiles }: Limits): Finding[] {
  const { overviews, missing, outdated } = attached
  const cure = `arpent overviews ${id}`
  if (overviews && missing + outdated > 0) {
    const message = `${missing + outdated} overview tiles are of files that have changed since: maps of small scales show what was there before.`
    return [{ severity: 'warning', code: 'overviews-outdated', message, cure }]
  }
  if (overviews || files.length <= mapFiles) return []
  const started = missing > 0 ? ', or not all of them' : ''
  const message = `It has ${files.length} files and no overviews of all together${started}: maps that touch more than ${mapFiles} of them are refused.`
  return [{ severity: 'warning', code: 'no-regional-overviews', message, cure }]
}
