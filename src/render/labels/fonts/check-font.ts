/** More than any single font of the world's scripts has. */
const mostBytes = 64e6
const needed = ['cmap', 'head', 'hhea', 'hmtx', 'maxp']

/** Why a file cannot be taken as a font, or undefined when its directory of tables is whole (OpenType 1.9, "Organization of an OpenType Font"). */
export function faultOfFont(bytes: Uint8Array): string | undefined {
  if (bytes.length > mostBytes) return `It has ${bytes.length} bytes; fonts of up to ${mostBytes} are read.`
  if (bytes.length < 12) return 'It is too short for a font.'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  const kind = tag(0)
  if (kind === 'wOFF' || kind === 'wOF2') return 'It is packed as WOFF; unpack it to TTF or OTF.'
  if (kind === 'ttcf') return 'It is a collection of fonts; split it into TTF or OTF files.'
  if (kind !== 'OTTO' && kind !== 'true' && view.getUint32(0) !== 0x10000) return 'It is no TrueType or OpenType font.'
  const count = view.getUint16(4)
  if (12 + count * 16 > bytes.length) return 'Its list of tables is cut off.'
  const tables = new Set<string>()
  for (let at = 12; at < 12 + count * 16; at += 16) {
    const name = tag(at)
    if (view.getUint32(at + 8) + view.getUint32(at + 12) > bytes.length) return `Its table ${name.trim()} is cut off.`
    tables.add(name)
  }
  const absent = needed.find(name => !tables.has(name))
  if (absent) return `It has no table ${absent}.`
  if (!tables.has('glyf') && !tables.has('CFF ') && !tables.has('CFF2')) return 'It has no outlines (no table glyf, CFF or CFF2).'
  return undefined
}
