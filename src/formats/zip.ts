import { deflateRawSync } from 'node:zlib'

/** A file of the archive. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  /** It is compressed already. */
  readonly isStored?: boolean
}

/** Bit 11: names are UTF-8 (APPNOTE 4.4.4). */
const utf8Flag = 0x800
const version = 20
/** The first of January 1980: the same entries give the same bytes. */
const date = 0x21

/** A ZIP archive (PKWARE APPNOTE 6.3) of some files, in their order, made in memory: for less than 4 GB. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, bytes, isStored = false } of entries) {
    const data = isStored ? bytes : deflateRawSync(bytes)
    const path = Buffer.from(name, 'utf8')
    const facts = factsOf(path, bytes, data, isStored)
    const head = Buffer.concat([signature(0x04034b50), facts, path])
    parts.push(head, data)
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([version, 0]), facts, attributes, path]))
    offset += head.length + data.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]))
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** What stands before each file and in the directory: 26 bytes from the version on. */
function factsOf(path: Uint8Array, bytes: Uint8Array, data: Uint8Array, isStored: boolean): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(version, 0)
  facts.writeUInt16LE(utf8Flag, 2)
  facts.writeUInt16LE(isStored ? 0 : 8, 4)
  facts.writeUInt16LE(date, 8)
  facts.writeUInt32LE(crc32(bytes), 10)
  facts.writeUInt32LE(data.length, 14)
  facts.writeUInt32LE(bytes.length, 18)
  facts.writeUInt16LE(path.length, 22)
  return facts
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8)
  return ~crc >>> 0
}
