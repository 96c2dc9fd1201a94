/**
 * Memory of encoded images, used again once they are sent. Collectors count it against what a thread may hold, so that new memory for each large image
 * had all that the thread keeps walked through every few images. What is not given back is collected as any other.
 */
const steps = 1 << 16
/** Larger images are rare, and their memory is better given back to the system. */
const mostBytes = 4 << 20
const mostSpare = 2
const spare: ArrayBuffer[] = []
const taken = new WeakSet<ArrayBufferLike>()

/** So many bytes, whatever is in them: of few their own, of more perhaps the beginning of a longer buffer, which may be handed to another thread. */
export function takeImageMemory(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes < steps || bytes > mostBytes) return new Uint8Array(bytes)
  const fit = spare.findIndex(({ byteLength }) => byteLength >= bytes)
  // half as much again: the next image is as large, about
  const [buffer] = fit < 0 ? [Buffer.allocUnsafeSlow(Math.ceil((bytes * 1.5) / steps) * steps).buffer] : spare.splice(fit, 1)
  taken.add(buffer)
  return new Uint8Array(buffer, 0, bytes)
}

/** A copy in such memory. */
export function keptImage(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = takeImageMemory(bytes.length)
  kept.set(bytes)
  return kept
}

/** Nobody reads it any more. The largest are kept. */
export function giveBackImageMemory(buffer: ArrayBuffer): void {
  spare.push(buffer)
  spare.sort((a, b) => a.byteLength - b.byteLength)
  if (spare.length > mostSpare) spare.shift()
}

/** It is all of what `takeImageMemory` took, so that nothing else lies in it. */
export const isImageMemory = (buffer: ArrayBufferLike): buffer is ArrayBuffer => taken.has(buffer)
