import { open } from 'node:fs/promises'

const pieceBytes = 256 * 1024

/** The bytes of a file in pieces, each its own memory; closed at the end and when it is left. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await open(path, 'r')
  try {
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(pieceBytes)
      const { bytesRead } = await file.read(piece, 0, pieceBytes)
      if (bytesRead === 0) return
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
