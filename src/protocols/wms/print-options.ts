import { type MapDecoration, pageSizes } from '#core/map-decoration.js'
import { Problem } from '#core/problem.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { formatOption } from './appearance.js'

/** Characters of a title or of credits. */
const longest = 300

/**
 * What `FORMAT_OPTIONS` of a map as SVG or PDF asks for around it (docs/printing.md): `layout`, `title`, `credits`, `scalebar`, `north`, `legend`, `margin`.
 * `titles`: of the layers, one each; `language`: of legends.
 * Undefined where it asks for nothing. Throws `invalid-parameter` for a layout that is not known.
 */
export function printOptions(kvp: Kvp, titles: () => readonly string[], language: string): MapDecoration | undefined {
  const [layout, title, credits] = ['layout', 'title', 'credits'].map(name => formatOption(kvp, name)?.slice(0, longest) || undefined)
  const [hasScaleBar, hasNorthArrow, hasLegend] = ['scalebar', 'north', 'legend'].map(name =>
    /^(on|true|yes|1)$/i.test(formatOption(kvp, name) ?? ''),
  )
  const margin = Number(formatOption(kvp, 'margin') || Number.NaN)
  const decoration: MapDecoration = {
    ...(layout !== undefined && { page: pageOf(layout) }),
    ...(title !== undefined && { title }),
    ...(credits !== undefined && { credits }),
    ...(hasScaleBar && { hasScaleBar }),
    ...(hasNorthArrow && { hasNorthArrow }),
    ...(hasLegend && { legendTitles: titles(), language }),
    ...(margin >= 0 && margin <= 100 && { margin }),
  }
  return Object.keys(decoration).length > 0 ? decoration : undefined
}

function pageOf(layout: string) {
  const name = layout.toLowerCase()
  if (Object.hasOwn(pageSizes, name)) return pageSizes[name]
  throw new Problem(
    'invalid-parameter',
    `FORMAT_OPTIONS=layout:${layout.slice(0, 40)} is no layout here; ${Object.keys(pageSizes).join(', ')} would work.`,
    { locator: 'format_options' },
  )
}
