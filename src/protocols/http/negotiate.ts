import { Problem } from '#core/problem.js'

/** One of the forms a resource comes in. */
export interface Representation {
  /** What `f=` says; the first is the one that links use. */
  readonly names: readonly string[]
  /** The first is what is answered, without parameters. */
  readonly mediaTypes: readonly string[]
}

/** Pages for people. */
export const htmlForm = { names: ['html'], mediaTypes: ['text/html'] } as const satisfies Representation
/** Documents for programs. */
export const jsonForm = { names: ['json'], mediaTypes: ['application/json'] } as const satisfies Representation

/**
 * The form a request wants: what `f` says, a short name or a media type, else the best that Accept takes, the first of `offered` where all are as good
 * (OGC 19-072, recommendation 3; RFC 9110, 12.5.1). Throws `invalid-parameter` and `not-acceptable`.
 */
export function negotiate<R extends Representation>(offered: readonly R[], f: string | null, accept: string | undefined): R {
  const said = formSaid(offered, f)
  if (said) return said
  const ranges = rangesOf(accept)
  if (ranges.length === 0) return offered[0]
  let [best, bestWeight] = [undefined as R | undefined, 0]
  for (const one of offered) {
    const weight = Math.max(...one.mediaTypes.map(type => weightOf(type, ranges)))
    if (weight > bestWeight) [best, bestWeight] = [one, weight]
  }
  if (best) return best
  throw new Problem(
    'not-acceptable',
    `Nothing of what Accept takes is there; there is ${offered.map(({ mediaTypes }) => mediaTypes[0]).join(', ')}.`,
  )
}

/**
 * Whether a request wants a page for people and not one of the other forms: `f=html`, or an Accept that likes HTML better than any of them, as browsers send
 * it. Throws `invalid-parameter` for an `f` that is none of them.
 */
export function isForPeople(
  { query, headers }: { readonly query: string; readonly headers: Readonly<Record<string, string | undefined>> },
  others: readonly Representation[],
): boolean {
  const said = formSaid([htmlForm, ...others], new URLSearchParams(query).get('f'))
  if (said) return said === htmlForm
  const ranges = rangesOf(headers.accept)
  const weight = ({ mediaTypes }: Representation) => Math.max(...mediaTypes.map(type => weightOf(type, ranges)))
  return ranges.length > 0 && weight(htmlForm) > Math.max(...others.map(weight))
}

/** What `f` says, a short name or a media type; undefined where it says nothing. Throws `invalid-parameter`, naming what would work. */
export function formSaid<R extends Representation>(offered: readonly R[], f: string | null): R | undefined {
  if (f === null || f === '') return undefined
  const asked = f.trim().toLowerCase().replaceAll(' ', '+')
  const bare = (type: string) => type.split(';')[0].replace(/\s+/g, '').toLowerCase()
  const exact = (type: string) => type.replace(/\s+/g, '').toLowerCase()
  const found =
    offered.find(({ names }) => names.includes(asked)) ??
    offered.find(({ mediaTypes }) => mediaTypes.some(type => exact(type) === exact(f) || exact(type) === asked)) ??
    offered.find(({ mediaTypes }) => mediaTypes.some(type => bare(type) === bare(asked)))
  if (found) return found
  throw new Problem(
    'invalid-parameter',
    `f=${f.slice(0, 60)} is not a format here; ${offered.map(({ names }) => names[0]).join(', ')} would work.`,
    {
      locator: 'f',
    },
  )
}

interface Range {
  readonly type: string
  readonly weight: number
  /** More exact ranges win over `*`. */
  readonly rank: number
}

function rangesOf(accept: string | undefined): readonly Range[] {
  return (accept ?? '')
    .slice(0, 1000)
    .split(',')
    .flatMap((part): Range[] => {
      const [type, ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
      if (!type) return []
      const q = parameters.find(parameter => parameter.startsWith('q='))
      return [
        {
          type,
          weight: q === undefined ? 1 : Number(q.slice(2)) || 0,
          rank: type === '*/*' || type === '*' ? 0 : type.endsWith('/*') ? 1 : 2,
        },
      ]
    })
}

/** How much a media type is wanted, 0 to 1; a little less where only a wildcard takes it. */
function weightOf(mediaType: string, ranges: readonly Range[]): number {
  const type = mediaType.split(';')[0].toLowerCase()
  const fitting = ranges.filter(
    range => range.rank === 0 || range.type === type || (range.rank === 1 && type.startsWith(range.type.slice(0, -1))),
  )
  if (fitting.length === 0) return 0
  const best = fitting.reduce((a, b) => (b.rank > a.rank ? b : a))
  return best.weight === 0 ? 0 : best.weight + best.rank * 1e-6
}
