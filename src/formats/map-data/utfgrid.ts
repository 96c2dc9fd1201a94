import { Problem } from '#core/problem.js'
import { TextSink } from '../text-sink.js'

/** A map that tells which feature is on top, pixel by pixel. */
export interface FeatureGrid {
  readonly width: number
  readonly height: number
  /** For each pixel 0 where there is nothing, else one more than the index of a feature. */
  readonly ids: Uint32Array
  readonly features: readonly GridFeature[]
  /** Pixels of the map in a cell of the grid, along each side. */
  readonly resolution: number
}

/** A feature that cells of the grid name. */
export interface GridFeature {
  readonly key: string
  /** What is told of it: a JSON object in UTF-8. */
  readonly data: Uint8Array
}

/** Code points end where surrogates begin: the standard knows no way around them. */
const mostKeys = 0xd800 - 34

/**
 * UTFGrid 1.3 of MapBox. A cell is of the feature that has most of its pixels, if any: so lines thinner than a cell are hit. Only features that are
 * seen have data. The first key is the empty one, of cells with nothing. Throws `too-large` for more features than the format has numbers for.
 */
export function writeUtfGrid({ width, height, ids, features, resolution }: FeatureGrid): Uint8Array {
  const indexes = new Map<number, number>([[0, 0]])
  const rows: string[] = []
  const [columns, lines] = [Math.ceil(width / resolution), Math.ceil(height / resolution)]
  for (let y = 0; y < lines; y++) {
    const codes = new Uint16Array(columns)
    for (let x = 0; x < columns; x++) {
      const id = commonest(ids, width, height, x * resolution, y * resolution, resolution)
      let index = indexes.get(id)
      if (index === undefined) {
        index = indexes.size
        if (index > mostKeys) throw new Problem('too-large', `A UTFGrid holds ${mostKeys} features; ask for a smaller map.`)
        indexes.set(id, index)
      }
      codes[x] = codeOf(index)
    }
    rows.push(JSON.stringify(String.fromCharCode(...codes)))
  }
  const seen = [...indexes.keys()].slice(1).map(id => features[id - 1])
  const out = new TextSink()
  out.ascii('{"grid":[').text(rows.join(',')).ascii('],"keys":[""')
  for (const { key } of seen) out.text(`,${JSON.stringify(key)}`)
  out.ascii('],"data":{')
  for (const [i, { key, data }] of seen.entries()) out.text(`${i ? ',' : ''}${JSON.stringify(key)}:`).bytes(data)
  out.ascii('}}')
  return out.take()
}

/** Numbers as characters that need no escape in JSON (UTFGrid 1.3, "Encoding Ids"). */
function codeOf(index: number): number {
  const code = index + 32
  return code < 34 ? code : code + 1 < 92 ? code + 1 : code + 2
}

/** The id of most pixels of a cell, of those with any; the greatest of those that have as many. Hot path. */
function commonest(ids: Uint32Array, width: number, height: number, left: number, top: number, side: number): number {
  const [right, bottom] = [Math.min(left + side, width), Math.min(top + side, height)]
  const counts = new Map<number, number>()
  let [best, most] = [0, 0]
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const id = ids[y * width + x]
      if (id === 0) continue
      const count = (counts.get(id) ?? 0) + 1
      counts.set(id, count)
      if (count > most || (count === most && id > best)) [best, most] = [id, count]
    }
  return best
}
