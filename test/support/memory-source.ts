import { Problem } from '#core/problem.js'
import type { ByteSource, SourceFile } from '#stores/cog/sources/byte-source.js'

/** Files in memory, by location, as a source of rasters. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): ByteSource {
  return {
    isRemote: false,
    async open(location, name) {
      const bytes = files.get(location)
      if (!bytes) throw new Problem('not-found', `"${name}" does not exist.`)
      return fileOf(bytes, name)
    },
    async close() {},
  }
}

function fileOf(bytes: Uint8Array, name: string): SourceFile {
  const read = (offset: number, length: number) => {
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
      throw new Problem('invalid-data', `"${name}" is cut off: it points beyond its own end (${bytes.length} bytes).`)
    return bytes.slice(offset, offset + length)
  }
  return {
    size: bytes.length,
    version: 'in-memory',
    isCurrent: () => true,
    read: async (offset, length) => read(offset, length),
    readMany: async ranges => ranges.map(({ offset, length }) => read(offset, length)),
    async close() {},
  }
}
