// The warp kernel for a memory that holds decoded blocks, too, and that other threads read: `render/pixel-memory.ts`.
export { copyRows } from './copy-rows'
export * from './warp.kernel'
