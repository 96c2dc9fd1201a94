import type { ColumnStatistics } from '#rows/column-statistics.js'
import { defaultStyle } from '#styles/default-style.js'
import type { Style } from '#styles/style.js'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import type { FeatureSource, Finding } from './atlas.js'
import { shellWord } from './shell-word.js'

/** The style of a table nobody has styled, and what the operator is told of it. */
export interface SuggestedStyle {
  readonly style: Style
  readonly findings: readonly Finding[]
}

/** By what the columns of `source` hold, where something is known of them; of columns that are not in `source` nothing shows. */
export function suggestedStyle(id: string, source: FeatureSource, statistics: readonly ColumnStatistics[] = []): SuggestedStyle {
  const type = source.geometries.find(({ name }) => name === source.geometry)?.type
  if (type === undefined) return { style: { passes: [] }, findings: [] }
  if (statistics.length === 0) return { style: defaultStyle(id, type), findings: [] }
  const seen = new Set(source.columns.map(({ name }) => name))
  const { style, reason } = suggestStyle(
    id,
    type,
    statistics.filter(({ name }) => seen.has(name)),
  )
  if (reason === undefined) return { style, findings: [] }
  const message = `No style is given, so it is drawn by ${reason}. To have it otherwise, change what the command writes, and put it beside the file or name it in the config.`
  const cure = `arpent style ${shellWord(id)} --as sld > ${shellWord(`${id}.sld`)}`
  return { style, findings: [{ severity: 'info', code: 'styled-by', message, cure }] }
}
