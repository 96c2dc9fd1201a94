import type { Scene } from '#render/vector/scene.js'

export interface VectorFormat {
  readonly mediaType: string
  /** The document. Throws `too-large` when it is larger than `mostBytes`. */
  write(scene: Scene): Uint8Array | Promise<Uint8Array>
}

/** Of a document: it is made in memory. */
export const mostBytes = 150e6
