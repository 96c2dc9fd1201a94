import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What `harfbuzz-subset.wasm` exports (hb-subset.h of HarfBuzz). Addresses are bytes in `memory`. */
interface SubsetExports {
  readonly memory: WebAssembly.Memory
  _initialize(): void
  malloc(bytes: number): number
  free(at: number): void
  hb_blob_create(at: number, length: number, mode: number, data: number, destroy: number): number
  hb_blob_destroy(blob: number): void
  hb_blob_get_data(blob: number, length: number): number
  hb_blob_get_length(blob: number): number
  hb_face_create(blob: number, index: number): number
  hb_face_destroy(face: number): void
  hb_face_reference_blob(face: number): number
  hb_set_add(set: number, value: number): void
  hb_subset_input_create_or_fail(): number
  hb_subset_input_destroy(input: number): void
  hb_subset_input_glyph_set(input: number): number
  hb_subset_input_set(input: number, kind: number): number
  hb_subset_input_set_flags(input: number, flags: number): void
  hb_subset_input_pin_all_axes_to_default(input: number, face: number): number
  hb_subset_or_fail(face: number, input: number): number
}

/** HB_MEMORY_MODE_READONLY. */
const readOnly = 1
/** HB_SUBSET_FLAGS_NO_HINTING, RETAIN_GIDS, NOTDEF_OUTLINE (what no font has is a box, as on maps of pixels), NO_LAYOUT_CLOSURE. */
const flags = 0x1 | 0x2 | 0x40 | 0x200
/** HB_SUBSET_SETS_DROP_TABLE_TAG. */
const droppedTables = 3
const needless = ['GSUB', 'GPOS', 'GDEF', 'BASE', 'kern', 'DSIG', 'meta']

/** Cuts fonts down to some of their glyphs, which keep their numbers. Undefined for fonts that cannot be cut. */
export type FontSubsetter = (font: Uint8Array, glyphs: Iterable<number>) => Uint8Array | undefined

/** Starts a subsetter: some milliseconds, and memory of its own that grows with the largest font. */
export function startFontSubsetter(): FontSubsetter {
  const file = fileURLToPath(import.meta.resolve('harfbuzzjs/dist/harfbuzz-subset.wasm'))
  const hb = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file))).exports as unknown as SubsetExports
  hb._initialize()
  return (font, glyphs) => {
    const at = hb.malloc(font.length)
    if (at === 0) return undefined
    new Uint8Array(hb.memory.buffer, at, font.length).set(font)
    const blob = hb.hb_blob_create(at, font.length, readOnly, 0, 0)
    const face = hb.hb_face_create(blob, 0)
    const input = hb.hb_subset_input_create_or_fail()
    const subset = input && subsetOf(hb, face, input, glyphs)
    const bytes = subset ? bytesOf(hb, subset) : undefined
    if (subset) hb.hb_face_destroy(subset)
    if (input) hb.hb_subset_input_destroy(input)
    hb.hb_face_destroy(face)
    hb.hb_blob_destroy(blob)
    hb.free(at)
    return bytes
  }
}

function subsetOf(hb: SubsetExports, face: number, input: number, glyphs: Iterable<number>): number {
  const wanted = hb.hb_subset_input_glyph_set(input)
  for (const glyph of glyphs) hb.hb_set_add(wanted, glyph)
  const dropped = hb.hb_subset_input_set(input, droppedTables)
  for (const tag of needless)
    hb.hb_set_add(dropped, tag.charCodeAt(0) * 2 ** 24 + (tag.charCodeAt(1) << 16) + (tag.charCodeAt(2) << 8) + tag.charCodeAt(3))
  hb.hb_subset_input_set_flags(input, flags)
  hb.hb_subset_input_pin_all_axes_to_default(input, face)
  return hb.hb_subset_or_fail(face, input)
}

function bytesOf(hb: SubsetExports, face: number): Uint8Array | undefined {
  const blob = hb.hb_face_reference_blob(face)
  const length = hb.hb_blob_get_length(blob)
  const at = hb.hb_blob_get_data(blob, 0)
  const bytes = length > 0 ? new Uint8Array(hb.memory.buffer, at, length).slice() : undefined
  hb.hb_blob_destroy(blob)
  return bytes
}
