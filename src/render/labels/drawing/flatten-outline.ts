import type { OutlineCommand } from '../fonts/font-face.js'

/** Chords stay this close to the curve, in 256ths of a pixel: a twenty-fifth of a pixel. */
const tolerance = 10
const mostChords = 64

/**
 * A glyph as the kernel wants it (see `outlines.ts` there): number of contours, winding, four words for its place, and the contours in 256ths
 * of a pixel, y down. `size` is that of the em, in pixels. Undefined for blanks.
 */
export function flattenOutline(commands: readonly OutlineCommand[], size: number): Int32Array | undefined {
  const scale = size * 256
  const words = [0, 1, 0, 0, 0, 0]
  let area = 0
  let head = 0
  let [x, y, lastX, lastY] = [0, 0, 0, 0]

  const begin = () => {
    head = words.length
    words.push(0)
  }
  const add = (toX: number, toY: number) => {
    const [nextX, nextY] = [Math.round(toX), Math.round(toY)]
    area += lastX * nextY - nextX * lastY
    lastX = nextX
    lastY = nextY
    words.push(nextX, nextY)
    words[head]++
  }
  const end = () => {
    if (words[head] === 0) {
      words.length = head
      return
    }
    area += lastX * words[head + 2] - words[head + 1] * lastY
    words[0]++
  }

  let isOpen = false
  for (const { type, values } of commands) {
    const v = values.map((value, i) => (i % 2 === 0 ? value : -value) * scale)
    switch (type) {
      case 'M':
        if (isOpen) end()
        begin()
        isOpen = true
        lastX = Math.round(v[0])
        lastY = Math.round(v[1])
        add(v[0], v[1])
        break
      case 'L':
        add(v[0], v[1])
        break
      case 'Q': {
        const bend = Math.hypot(x - 2 * v[0] + v[2], y - 2 * v[1] + v[3])
        const chords = chordsFor(bend / 4)
        for (let i = 1; i <= chords; i++) {
          const [t, s] = [i / chords, 1 - i / chords]
          add(s * s * x + 2 * s * t * v[0] + t * t * v[2], s * s * y + 2 * s * t * v[1] + t * t * v[3])
        }
        break
      }
      case 'C': {
        const bend = Math.max(
          Math.hypot(x - 2 * v[0] + v[2], y - 2 * v[1] + v[3]),
          Math.hypot(v[0] - 2 * v[2] + v[4], v[1] - 2 * v[3] + v[5]),
        )
        const chords = chordsFor(bend * 0.75)
        for (let i = 1; i <= chords; i++) {
          const [t, s] = [i / chords, 1 - i / chords]
          const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
          add(a * x + b * v[0] + c * v[2] + d * v[4], a * y + b * v[1] + c * v[3] + d * v[5])
        }
        break
      }
    }
    if (v.length > 0) [x, y] = v.slice(-2)
  }
  if (isOpen) end()
  if (words[0] === 0) return undefined
  words[1] = area < 0 ? -1 : 1
  return Int32Array.from(words)
}

/** Chords for a curve whose single chord would be `error` away; that falls with the square of their number. */
const chordsFor = (error: number) => Math.min(mostChords, Math.max(1, Math.ceil(Math.sqrt(error / tolerance))))
