import type { Scene } from '#render/vector/scene.js'

export interface VectorFormat {
  readonly mediaType: string
  /** The document. Throws `too-large` when it is larger than `mostBytes`, and what `check` throws, which is called again and again. */
  write(scene: Scene, check?: () => void): Uint8Array | Promise<Uint8Array>
}

/** Of a document: it is made in memory. */
export const mostBytes = 150e6
