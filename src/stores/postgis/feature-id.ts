import type { FeatureSource } from '#core/atlas.js'

/**
 * Feature ids: the key column as text; for a key of several columns their texts joined by `.`, in which `~` is written `~0` and `.` is written
 * `~1`; without a key the row's physical address, `block-row` (a ctid of `(12,3)` is `12-3`).
 */
export function splitFeatureId(source: FeatureSource, id: string): readonly string[] | undefined {
  if (source.key.kind === 'none') return undefined
  if (source.key.kind === 'ctid') {
    const match = /^(\d{1,10})-(\d{1,5})$/.exec(id)
    return match ? [`(${match[1]},${match[2]})`] : undefined
  }
  if (source.key.columns.length === 1) return [id]
  const parts = id.split('.').map(part => part.replaceAll('~1', '.').replaceAll('~0', '~'))
  return parts.length === source.key.columns.length ? parts : undefined
}
