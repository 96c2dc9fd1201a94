/**
 * Memory of pieces, used again once they have been read: new memory for each would have the collectors of every thread at work all the time. What is not given
 * back is collected as any other.
 */
export const pieceMemoryBytes = 512 * 1024
/** What an answer that waits for its head takes, and some. */
const mostSpare = 24
const spare: ArrayBuffer[] = []
const taken = new WeakSet<ArrayBufferLike>()

/** So many bytes, whatever is in them. They may be handed to another thread. */
export function takePieceMemory(): Buffer<ArrayBuffer> {
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(pieceMemoryBytes).buffer
  taken.add(buffer)
  return Buffer.from(buffer)
}

/** Nobody reads it any more. */
export function giveBackPieceMemory(buffer: ArrayBuffer): void {
  if (buffer.byteLength === pieceMemoryBytes && spare.length < mostSpare) spare.push(buffer)
}

/** It is all of what `takePieceMemory` gave, so that nothing else lies in it. */
export const isPieceMemory = (buffer: ArrayBufferLike) => taken.has(buffer)
