import type { FontLibrary } from '../fonts/font-library.js'
import type { ShapedLine } from './shaped-text.js'
import { splitRuns, type TextRun } from './split-runs.js'

/** Shapes one line at a size in pixels. Letter spacing goes behind each letter, and breaks no joined script apart. */
export function shapeLine(line: string, fonts: FontLibrary, faces: readonly number[], size: number, letterSpacing: number): ShapedLine {
  const shaped = splitRuns(line, fonts, faces).map(run => ({ run, glyphs: shapeRun(line, fonts, run) }))
  const count = shaped.reduce((sum, { glyphs }) => sum + glyphs.glyphs.length, 0)
  const out = {
    text: line,
    letters: new Uint16Array(count),
    faces: new Uint16Array(count),
    glyphs: new Uint16Array(count),
    x: new Float32Array(count),
    y: new Float32Array(count),
    clusters: new Uint16Array(count),
    starts: new Float32Array(count),
    advances: new Float32Array(count),
  }
  let pen = 0
  let to = 0
  for (const { run, glyphs: part } of shaped) {
    const spacing = isJoined(run.script) ? 0 : letterSpacing
    for (let i = 0, first = to; i < part.glyphs.length; i++, to++) {
      if (i === 0 || part.clusters[i] !== part.clusters[i - 1]) {
        if (i > 0) pen += spacing
        first = to
        out.starts[first] = pen
      }
      out.faces[to] = run.face
      out.glyphs[to] = part.glyphs[i]
      out.x[to] = pen + part.xOffsets[i] * size
      out.y[to] = -part.yOffsets[i] * size
      out.clusters[to] = first
      out.letters[to] = part.clusters[i]
      pen += part.advances[i] * size
      out.advances[first] = pen - out.starts[first]
    }
    pen += spacing
  }
  return { ...out, ink: inkOf(out, fonts, size), width: Math.max(0, pen - (count > 0 ? letterSpacing : 0)) }
}

const joined = new Set(['Arab', 'Syrc', 'Nkoo', 'Mong', 'Deva', 'Beng', 'Guru'])
const isJoined = (script: string | undefined) => script !== undefined && joined.has(script)

const nothing = { glyphs: [], clusters: [], advances: [], xOffsets: [], yOffsets: [] }

function shapeRun(line: string, fonts: FontLibrary, run: TextRun) {
  const face = fonts.face(run.face)
  return face?.shape(line, run.start, run.end, run.isRightToLeft, run.script === 'Zzzz' ? undefined : run.script) ?? nothing
}

function inkOf(
  { faces, glyphs, x, y }: Pick<ShapedLine, 'faces' | 'glyphs' | 'x' | 'y'>,
  fonts: FontLibrary,
  size: number,
): ShapedLine['ink'] {
  let [minX, minY, maxX, maxY] = [0, 0, 0, 0]
  for (let i = 0; i < glyphs.length; i++) {
    const box = fonts.face(faces[i])?.box(glyphs[i])
    if (!box || box[0] === box[2]) continue
    minX = Math.min(minX, x[i] + box[0] * size)
    maxX = Math.max(maxX, x[i] + box[2] * size)
    minY = Math.min(minY, y[i] - box[3] * size)
    maxY = Math.max(maxY, y[i] - box[1] * size)
  }
  return [minX, minY, maxX, maxY]
}
