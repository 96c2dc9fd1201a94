// Chunks of a PNG (W3C PNG, third edition, 5.3): length, type, data, and a CRC of the latter two.

/** Eight tables: what a byte does to the sum, and what it does with one to seven bytes behind it. */
const crcs = memory.data(8 * 256 * 4, 16)

/** Fills the tables; once an instance. */
export function prepareChunks(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let c = i
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    store<u32>(crcs + ((<usize>i) << 2), c)
  }
  for (let i: usize = 0; i < 7 * 1024; i += 4) {
    const c = load<u32>(crcs + i)
    store<u32>(crcs + i + 1024, load<u32>(crcs + ((<usize>(c & 255)) << 2)) ^ (c >>> 8))
  }
}

/** What the four bytes of a number do with `behind` bytes behind the last of them, in tables of 1024 bytes. */
function ofFour(four: u32, behind: usize): u32 {
  const tables = crcs + (behind << 10)
  return (
    load<u32>(tables + ((<usize>(four & 255)) << 2), 3072) ^
    load<u32>(tables + ((<usize>((four >>> 8) & 255)) << 2), 2048) ^
    load<u32>(tables + ((<usize>((four >>> 16) & 255)) << 2), 1024) ^
    load<u32>(tables + ((<usize>(four >>> 24)) << 2))
  )
}

function crcOf(from: usize, end: usize): u32 {
  let crc: u32 = 0xffffffff
  for (; from + 8 <= end; from += 8) crc = ofFour(crc ^ load<u32>(from), 4) ^ ofFour(load<u32>(from, 4), 0)
  for (; from < end; from++) crc = load<u32>(crcs + ((<usize>((crc ^ <u32>load<u8>(from)) & 255)) << 2)) ^ (crc >>> 8)
  return ~crc
}

/** Big-endian. */
export function big(at: usize, value: u32): void {
  store<u32>(at, bswap<u32>(value))
}

/** Ends the chunk whose length field is at `start`, its data ending at `end`; returns the address behind it. */
export function closeChunk(start: usize, end: usize): usize {
  big(start, <u32>(end - start - 8))
  big(end, crcOf(start + 4, end))
  return end + 4
}
