import sharp from 'sharp'
import { openCanvas } from '#render/canvas.js'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { type Pen, usePen } from '#render/pens.js'

export interface PenDrawing {
  readonly width: number
  readonly height: number
  /** Where the canvas lies among absolute pixels. */
  readonly left?: number
  readonly top?: number
  /** Of a source unit; 1 when absent. The source is y down. */
  readonly scale?: number
  readonly pens: readonly Pen[]
  readonly geometries: readonly Uint8Array[]
  readonly background?: number
  readonly kernel?: DrawKernel
}

export interface PenPicture {
  readonly width: number
  readonly height: number
  /** RGBA, straight alpha. */
  readonly rgba: Uint8Array
  alpha(x: number, y: number): number
}

/** Draws each geometry with each pen, pens outside. */
export function drawPens(drawing: PenDrawing): PenPicture {
  const { width, height, left = 0, top = 0, scale = 1, pens, geometries, background, kernel = startDrawKernel() } = drawing
  const canvas = openCanvas(width, height, background, kernel)
  canvas.reserve(0, 0, true)
  const { exports } = kernel
  exports.useAffine(left / scale, top / scale, scale, scale)
  exports.setPhase(left, top)
  for (const pen of pens) {
    usePen(kernel, pen, 0)
    for (const geometry of geometries) {
      exports.layInput(geometry.length)
      const at = exports.inputAt()
      new Uint8Array(exports.memory.buffer, at, geometry.length).set(geometry)
      const status = exports.draw(at, geometry.length)
      if (status !== 0) throw new Error(`draw says ${status}`)
    }
  }
  const rgba = canvas.finish()
  return { width, height, rgba, alpha: (x, y) => rgba[(y * width + x) * 4 + 3] }
}

/** The same by librsvg: the elements within an SVG of that size. */
export async function drawSvg(width: number, height: number, elements: string): Promise<PenPicture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${elements}</svg>`
  const rgba = new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer())
  return { width, height, rgba, alpha: (x, y) => rgba[(y * width + x) * 4 + 3] }
}

/** Mean difference of alpha (0 to 1), and the share of pixels off by more than a quarter. */
export function alphaDistance(a: PenPicture, b: PenPicture) {
  let sum = 0
  let off = 0
  for (let i = 3; i < a.rgba.length; i += 4) {
    const difference = Math.abs(a.rgba[i] - b.rgba[i])
    sum += difference
    if (difference > 64) off++
  }
  const pixels = a.rgba.length / 4
  return { mean: sum / pixels / 255, off: off / pixels }
}

export const ink = { kind: 'color', rgba: 0xff000000 } as const
