import { createHash } from 'node:crypto'
import { checkWkb } from '#formats/features/readers/geometry/wkb.js'
import { EwkbError, ewkbBbox, ewkbSrid, ewkbType, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { linearise } from '#geo/linearise.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { draw, fill, stroke } from '../../support/drawing.js'
import { randomGeometry } from '../../support/random-geometry.js'
import { seeded } from '../../support/seeded.js'
import { bytesOf, oneFile, type Probe, refused } from '../probe.js'

const kernel = startDrawKernel()
/** The most that the drawing kernel may take for one small geometry, in bytes. */
const kernelBytes = 16e6

export const ewkb: Probe = {
  name: 'ewkb',
  title: 'geometries as PostGIS and files hold them: read, measured, made straight, drawn',
  cases: 3000,
  async samples() {
    const random = seeded(5)
    const variants = [{}, { srid: 2154 }, { isIso: true }, { isBigEndian: true }]
    return Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`${n}`, oneFile('a.wkb', writeEwkb(randomGeometry(random), variants[n % variants.length]))]),
    )
  },
  /** Whatever the bytes, the kernel draws; what can be read can be written, and says the same again. */
  async run(input) {
    const bytes = new Uint8Array(bytesOf(input))
    draw({ width: 40, height: 40, passes: [fill(), stroke(3)], geometries: [bytes], kernel })
    if (kernel.exports.memory.buffer.byteLength > kernelBytes) throw new Error('the drawing kernel took memory for a count that lies')
    const state = checkWkb(bytes)
    try {
      const geometry = readEwkb(bytes)
      const again = writeEwkb(geometry)
      const box = ewkbBbox(bytes)
      if (box && !(box.every(Number.isFinite) && box[0] <= box[2] && box[1] <= box[3])) throw new Error(`a box of ${box}`)
      if (JSON.stringify(ewkbBbox(again)) !== JSON.stringify(box)) throw new Error('written again, its box is another')
      if (ewkbType(again).kind !== geometry.kind || ewkbSrid(again) !== (geometry.srid ?? 0))
        throw new Error('written again, it is another')
      if (!Buffer.from(writeEwkb(readEwkb(again))).equals(again)) throw new Error('written twice, it is another')
      const straight = linearise(again, 0.01)
      readEwkb(straight)
      return { verdict: 'read', answer: `${state} ${createHash('sha256').update(straight).digest('hex')}` }
    } catch (error) {
      if (!(error instanceof EwkbError)) throw error
      if (state === 'whole') throw new Error(`an import would take it, yet it cannot be read: ${error.message}`)
      return refused(error.message)
    }
  },
}
