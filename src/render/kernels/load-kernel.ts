import { readFileSync } from 'node:fs'

/** Compiles `name`.wasm, which the build puts beside this file. Some milliseconds: once a thread, at its start. */
export function loadKernel(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`./${name}.wasm`, import.meta.url)))
}
