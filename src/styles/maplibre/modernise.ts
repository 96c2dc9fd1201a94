/**
 * Functions as styles had them before expressions (`{"stops": …}`), made expressions; what is none stays. `isMixed`: values between stops are mixed
 * when the function does not say. `otherwise`: what the property is worth where the function says nothing.
 */
export function modernise(value: unknown, isMixed: boolean, otherwise: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { stops, property, base, default: own = otherwise, type, ...rest } = value as Record<string, unknown>
  if (Object.keys(rest).some(key => key !== 'colorSpace' && key !== 'name')) return value
  if (type === 'identity') return ['coalesce', ['get', property], constant(own)]
  if (!Array.isArray(stops) || stops.length === 0 || !stops.every(stop => Array.isArray(stop) && stop.length === 2)) return value
  const kind = String(type ?? (isMixed ? 'exponential' : 'interval'))
  if (property === undefined) return pieces(kind, ['zoom'], stops, base)
  const zooms = new Map<unknown, unknown[]>()
  for (const [key, output] of stops) {
    if (typeof key !== 'object' || key === null) return ofProperty(kind, property, stops, base, own)
    const { zoom, value: input } = key as Record<string, unknown>
    const inner = zooms.get(zoom)
    if (inner) inner.push([input, output])
    else zooms.set(zoom, [[input, output]])
  }
  return pieces(
    isMixed ? 'exponential' : 'interval',
    ['zoom'],
    [...zooms].map(([zoom, inner]) => [zoom, ofProperty(kind, property, inner, base, own)]),
    1,
  )
}

function ofProperty(kind: string, property: unknown, stops: readonly unknown[], base: unknown, otherwise: unknown): unknown {
  const input = ['get', property]
  if (kind !== 'categorical') return ['case', ['has', property], pieces(kind, input, stops, base), constant(otherwise)]
  const list = stops as readonly [unknown, unknown][]
  if (list.some(([key]) => typeof key === 'boolean'))
    return ['case', ...list.flatMap(([key, output]) => [['==', input, key], constant(output)]), constant(otherwise)]
  return ['match', input, ...list.flatMap(([key, output]) => [key, constant(output)]), constant(otherwise)]
}

function pieces(kind: string, input: unknown, stops: readonly unknown[], base: unknown): unknown {
  const list = (stops as readonly [unknown, unknown][]).map(([at, output]) => [at, constant(output)])
  if (list.length === 1) return list[0][1]
  if (kind === 'exponential') return ['interpolate', ['exponential', base ?? 1], input, ...list.flat()]
  return ['step', input, list[0][1], ...list.slice(1).flat()]
}

/** Lists are values here and not expressions; expressions that this file made stay. */
const made = new Set(['case', 'match', 'interpolate', 'step', 'get', 'coalesce', 'literal'])
function constant(value: unknown): unknown {
  if (value === undefined) return null
  return Array.isArray(value) && !(typeof value[0] === 'string' && made.has(value[0])) ? ['literal', value] : value
}

/** Zooms at which a value that cannot be mixed changes. */
export function zoomSteps(value: unknown): readonly number[] {
  if (!isZoomStep(value)) return []
  return value.filter((at, i): at is number => i >= 3 && i % 2 === 1 && typeof at === 'number')
}

/** What it is at a zoom: a value itself, or whatever expression stands there. */
export function atZoom(value: unknown, zoom: number): unknown {
  if (!isZoomStep(value)) return value
  let found: unknown = value[2]
  for (let i = 3; i + 1 < value.length; i += 2) if (zoom >= (value[i] as number)) found = value[i + 1]
  return atZoom(found, zoom)
}

function isZoomStep(value: unknown): value is unknown[] {
  return Array.isArray(value) && value[0] === 'step' && Array.isArray(value[1]) && value[1][0] === 'zoom'
}

/** An expression whose results are lists, for one of their members. */
export function memberOf(value: unknown, index: number, depth = 0): unknown {
  if (!Array.isArray(value) || depth > 60) return value
  if (value[0] === 'literal') return Array.isArray(value[1]) ? (value[1][index] ?? null) : value
  if (typeof value[0] === 'number') return value[index] ?? null
  return value.map((part, i) => (i > 0 ? memberOf(part, index, depth + 1) : part))
}
