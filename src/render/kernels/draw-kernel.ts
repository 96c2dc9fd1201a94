import { patchNumbers } from '../placement.js'
import { RenderError } from '../render-error.js'
import { loadKernel } from './load-kernel.js'

/** What `assembly/draw.kernel.ts` exports, and says more of. Addresses are bytes in `memory`; booleans come back as numbers. */
export interface DrawExports {
  readonly memory: WebAssembly.Memory
  layOut(width: number, height: number, planes: number, patches: number, shelfBytes: number): number
  layouts(): number
  layInput(bytes: number): number
  planeAt(index: number): number
  inputAt(): number
  shelfAt(): number
  clear(plane: number, rgba: number): void
  compose(from: number, to: number, opacity: number, mode?: number): void
  straighten(plane: number): void
  useAffine(x: number, y: number, pixelsPerX: number, pixelsPerY: number): void
  usePatches(patchesPerUnit: number, piecesPerUnit: number): void
  useClip(minX: number, minY: number, maxX: number, maxY: number): void
  setLocated(x: number, y: number): void
  setPhase(x: number, y: number): void
  usePen(kind: number, classes: number, plane: number, rgba: number): void
  setShift(x: number, y: number): void
  useStroke(halfWidth: number, caps: number, joins: number): void
  setDashOffset(offset: number): void
  addDash(length: number): void
  setOffset(units: number): void
  useHatch(cos: number, sin: number, spacing: number, offset: number, halfWidth: number, rgba: number): void
  addHatchDash(length: number, offset: number): void
  useTexture(at: number, width: number, height: number): void
  setPatternOpacity(value: number): void
  useMark(at: number, contours: number, reach: number, fill: number, line: number): void
  useUnder(at: number, contours: number, reach: number, fill: number): void
  useImage(at: number, width: number, height: number, opacity: number): void
  setGraphicPlace(cos: number, sin: number, anchorX: number, anchorY: number, shiftX: number, shiftY: number): void
  setPart(part: number, isTurned: number): void
  setSpacing(first: number, step: number, extent: number, isUpright: number): void
  setCrisp(value: number): void
  draw(at: number, length: number): number
  drawRows(offsets: number, bytes: number, row: number, end: number, column: number): number
  trace(at: number, length: number): number
  tracedPaths(): number
  tracedAt(): number
  drawOutlines(at: number, length: number, halo: number, haloColor: number, rgba: number, plane: number): number
  useLetterRows(from: number, end: number): void
  drawMasks(at: number, halos: number, haloColor: number, letters: number, rgba: number, plane: number): number
}

/** Pixel position of a source point, or undefined where the map has none. */
export type Locate = (x: number, y: number) => readonly [number, number] | undefined

/** What of a placement by patches the kernel asks for. */
export interface AskedPlacement {
  /** Answers the points that no patch can place. */
  readonly locate: Locate
  /** Puts the patch of a square, in pixels; false where there is none. See `putPatch`. */
  putPatch(column: number, row: number, out: Float64Array): boolean
}

export type Placed = (x: number, y: number, cos: number, sin: number) => void

/** Patches that the kernel holds at once. */
export const mostPatches = 1024

/** Bytes of the shelf: what pens may hold in the kernel at once, and so the largest image (1,048,576 pixels). */
export const shelfBytes = 1 << 22

/** One instance with its own memory. It draws one canvas at a time; open the next when the last one is finished. */
export interface DrawKernel {
  readonly exports: DrawExports
  /** Answers while coordinates go by patches. */
  setPlacement(placement: AskedPlacement | undefined): void
  /** Told of each graphic that `trace` finds: its middle in 256ths of a pixel, and its turn. */
  setPlaced(placed: Placed | undefined): void
  /**
   * Where `bytes` lie on the shelf of the kernel; they are copied there unless they still are from the last time. Addresses hold until the next
   * call. Throws `RenderError` when they are more than the shelf holds.
   */
  shelve(bytes: Uint8Array): number
}

/** Starts the drawing kernel, from `module` where it has been compiled before. */
export function startDrawKernel(module: WebAssembly.Module = loadKernel('draw')): DrawKernel {
  let placement: AskedPlacement | undefined
  let placed: Placed | undefined
  const located = {
    askHost(x: number, y: number): number {
      const at = placement?.locate(x, y)
      if (!at) return 0
      exports.setLocated(at[0], at[1])
      return 1
    },
    askPatch: (column: number, row: number, at: number): number =>
      placement?.putPatch(column, row, new Float64Array(exports.memory.buffer, at, patchNumbers)) ? 1 : 0,
  }
  const trace = {
    askPlace(x: number, y: number, cos: number, sin: number): undefined {
      placed?.(x, y, cos, sin)
    },
  }
  const exports = new WebAssembly.Instance(module, { locate: located, trace }).exports as unknown as DrawExports
  return {
    exports,
    setPlacement(next) {
      placement = next
    },
    setPlaced(next) {
      placed = next
    },
    shelve: openShelf(exports),
  }
}

function openShelf(exports: DrawExports): DrawKernel['shelve'] {
  const places = new Map<Uint8Array, number>()
  let layout = -1
  let used = 0
  const empty = () => {
    places.clear()
    used = 0
  }
  return bytes => {
    if (exports.layouts() !== layout) {
      layout = exports.layouts()
      empty()
    }
    const known = places.get(bytes)
    if (known !== undefined) return exports.shelfAt() + known
    if (bytes.length > shelfBytes) throw new RenderError('too-large', `A graphic takes ${bytes.length} bytes; ${shelfBytes} are allowed.`)
    if (used + bytes.length > shelfBytes) empty()
    const at = used
    new Uint8Array(exports.memory.buffer, exports.shelfAt() + at, bytes.length).set(bytes)
    places.set(bytes, at)
    // whole vectors
    used = Math.min(shelfBytes, (used + bytes.length + 15) & ~15)
    return exports.shelfAt() + at
  }
}
