import { type MeasuredLine, measureLine } from './measured-line.js'

/** Of a smoothed line; longer ones are sampled more coarsely. */
const mostSamples = 4096
/** Places to both sides whose mean is taken, within a size. */
const sides = 3

/**
 * The line that text of a size in pixels is written along. One whose pieces are mostly shorter than half a letter, such as a river at a small scale, turns
 * within letters: each place moves to the mean of those within one size to both sides, so that letters stand evenly. Other lines stay as they are.
 */
export function smoothLine(line: MeasuredLine, size: number): MeasuredLine {
  const { length, ways } = line
  if (!(length > size) || length / (ways.length - 1) >= size / 2) return line
  const places = evenPlaces(line, Math.min(mostSamples, Math.ceil((sides * length) / size)))
  const last = places.length / 2 - 1
  const points = new Float64Array(places.length)
  for (let i = 0; i <= last; i++) {
    // less towards the ends, which stay
    const reach = Math.min(sides, i, last - i)
    const [x, y] = [places[2 * i], places[2 * i + 1]]
    let [sumX, sumY] = [0, 0]
    for (let k = i - reach; k <= i + reach; k++) {
      // differences, so that level lines stay level to the last bit
      sumX += places[2 * k] - x
      sumY += places[2 * k + 1] - y
    }
    points[2 * i] = x + sumX / (2 * reach + 1)
    points[2 * i + 1] = y + sumY / (2 * reach + 1)
  }
  return measureLine(points) ?? line
}

/** `count + 1` places from one end of the line to the other, equally far apart along it. */
function evenPlaces({ points, ways, length }: MeasuredLine, count: number): Float64Array {
  const places = new Float64Array(2 * (count + 1))
  let piece = 0
  for (let i = 0; i <= count; i++) {
    const way = (i / count) * length
    while (piece + 2 < ways.length && ways[piece + 1] <= way) piece++
    const share = (way - ways[piece]) / (ways[piece + 1] - ways[piece])
    const [x, y] = [points[2 * piece], points[2 * piece + 1]]
    places[2 * i] = x + share * (points[2 * piece + 2] - x)
    places[2 * i + 1] = y + share * (points[2 * piece + 3] - y)
  }
  return places
}
