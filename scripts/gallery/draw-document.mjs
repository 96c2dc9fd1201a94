import { spawnSync } from 'node:child_process'
import sharp from 'sharp'

/** Pixels of 0.28 mm, of which maps are. */
const dpi = 25.4 / 0.28

/** A PNG of a document, by a reader of its format (librsvg, Poppler); undefined where that is not installed. At most `width` pixels wide. */
export async function drawDocument(bytes, format, width) {
  if (format === 'image/svg+xml') return sharp(bytes, { density: dpi }).resize({ width, withoutEnlargement: true }).png().toBuffer()
  const { status, stdout } = spawnSync('pdftoppm', ['-png', '-r', String(dpi), '-'], { input: bytes, maxBuffer: 1 << 28 })
  return status === 0 ? sharp(stdout).resize({ width, withoutEnlargement: true }).png().toBuffer() : undefined
}
