import { type Bbox, unionBbox } from '#geo/bbox.js'
import { transformBetween } from '#geo/transform.js'

/** Points a side at which the border and the inside of the map are looked at. */
const samples = 16

/** The part of `sourceCrs` that a box of `mapCrs` shows, a little more rather than less; undefined when no point of it can be transformed. */
export function sourceBox([minX, minY, maxX, maxY]: Bbox, mapCrs: string, sourceCrs: string): Bbox | undefined {
  const { point } = transformBetween(mapCrs, sourceCrs)
  let box: Bbox | undefined
  for (let j = 0; j <= samples; j++) {
    for (let i = 0; i <= samples; i++) {
      const at = point(minX + ((maxX - minX) * i) / samples, minY + ((maxY - minY) * j) / samples)
      if (at) box = unionBbox(box, [at[0], at[1], at[0], at[1]])
    }
  }
  if (!box) return undefined
  const [dx, dy] = [(box[2] - box[0]) / samples, (box[3] - box[1]) / samples]
  return [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy]
}
