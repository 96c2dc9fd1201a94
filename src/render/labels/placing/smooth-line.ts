import { type MeasuredLine, measureLine, placeAt } from './measured-line.js'

/** Of a smoothed line; longer ones are sampled more coarsely. */
const mostSamples = 4096
/** Places to both sides whose mean is taken. */
const sides = 3

/**
 * The line that text of a size in pixels is written along. One whose pieces are mostly shorter than half a letter, such as a river at a small scale, turns
 * within letters: each place moves to the mean of those within one size to both sides, so that letters stand evenly. Other lines stay as they are.
 */
export function smoothLine(line: MeasuredLine, size: number): MeasuredLine {
  const { length, ways } = line
  if (!(length > size) || length / (ways.length - 1) >= size / 2) return line
  const count = Math.min(mostSamples, Math.ceil((2 * length) / size))
  const points = new Float64Array(2 * (count + 1))
  for (let i = 0; i <= count; i++) {
    const way = (i / count) * length
    const [x, y] = placeAt(line, way)
    // less towards the ends, which stay
    const reach = Math.min(size, way, length - way)
    let [sumX, sumY] = [0, 0]
    for (let k = -sides; k <= sides; k++) {
      const [nearX, nearY] = placeAt(line, Math.min(length, Math.max(0, way + (k / sides) * reach)))
      // differences, so that level lines stay level to the last bit
      sumX += nearX - x
      sumY += nearY - y
    }
    points[2 * i] = x + sumX / (2 * sides + 1)
    points[2 * i + 1] = y + sumY / (2 * sides + 1)
  }
  return measureLine(points) ?? line
}
