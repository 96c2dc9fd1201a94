import t from 'tap'
import { openCanvas } from '#render/canvas.js'

/** Premultiplied pixels drawn on a transparent canvas, as image formats get them. */
function straightened(pixels: readonly number[]): string[] {
  const canvas = openCanvas(pixels.length, 1)
  canvas.drawImage(new Uint8Array(Uint32Array.from(pixels).buffer))
  return Array.from(new Uint32Array(canvas.finish().buffer), color => color.toString(16).padStart(8, '0'))
}

t.test('a finished canvas has straight alpha, wherever opaque pixels stand', t => {
  const [opaque, half, nothing] = [0xff102030, 0x80402010, 0]
  const right = new Map([
    [opaque, 'ff102030'],
    [half, '80804020'],
    [nothing, '00000000'],
  ])
  for (let length = 1; length <= 9; length++)
    for (let place = 0; place < length; place++) {
      for (const other of [half, nothing]) {
        const pixels = Array.from({ length }, (_, i) => (i === place ? other : opaque))
        t.same(
          straightened(pixels),
          pixels.map(color => right.get(color)),
          `${length} pixels, ${other.toString(16)} at ${place}`,
        )
      }
    }
  t.end()
})

t.test('straight channels are those of the rounded division, whatever the alpha', t => {
  for (let alpha = 0; alpha < 256; alpha++) {
    const canvas = openCanvas(256, 1)
    for (let value = 0; value < 256; value++) canvas.pixels().set([Math.min(value, alpha), 0, value >> 1, alpha], value * 4)
    const before = canvas.pixels().slice()
    const straight = (channel: number) => (alpha === 0 ? channel : Math.min(255, Math.floor((channel * 255 + (alpha >> 1)) / alpha)))
    t.same(
      canvas.finish(),
      before.map((channel, i) => (i % 4 === 3 ? alpha : straight(channel))),
    )
  }
  t.end()
})
