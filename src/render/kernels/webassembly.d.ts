/** The part of the WebAssembly JavaScript interface that the kernels use: the Node types leave it to those of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, Memory | ((...values: number[]) => number | undefined)>>)
    readonly exports: Record<string, unknown>
  }
  class Memory {
    constructor(pages: { initial: number; maximum: number; shared: boolean })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
}
