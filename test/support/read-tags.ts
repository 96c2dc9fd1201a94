/** One directory of a classic little-endian TIFF, and where it and its values end: read without any code under test. */
export interface TiffTags {
  readonly tags: ReadonlyMap<number, readonly number[]>
  readonly end: number
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8 }

export function readTags(bytes: Buffer): readonly TiffTags[] {
  const images: TiffTags[] = []
  for (let at = bytes.readUInt32LE(4); at !== 0; ) {
    const count = bytes.readUInt16LE(at)
    const tags = new Map<number, readonly number[]>()
    let end = at + 2 + count * 12 + 4
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + i * 12
      const [tag, type, length] = [bytes.readUInt16LE(entry), bytes.readUInt16LE(entry + 2), bytes.readUInt32LE(entry + 4)]
      const size = sizes[type]
      const from = length * size <= 4 ? entry + 8 : bytes.readUInt32LE(entry + 8)
      end = Math.max(end, from + length * size)
      const value = (k: number) =>
        size === 1
          ? bytes[from + k]
          : size === 2
            ? bytes.readUInt16LE(from + 2 * k)
            : type === 12
              ? bytes.readDoubleLE(from + 8 * k)
              : bytes.readUInt32LE(from + size * k)
      tags.set(
        tag,
        Array.from({ length }, (_, k) => value(k)),
      )
    }
    images.push({ tags, end })
    at = bytes.readUInt32LE(at + 2 + count * 12)
  }
  return images
}
