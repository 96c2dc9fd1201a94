/** Bytes of a PostgreSQL identifier, and what a number behind a taken name may need of them. */
const maxBytes = 63

/**
 * The table that a layer is loaded into, by one rule: Latin letters lose their accents, everything is lower case, each run of anything but
 * letters and digits becomes one `_`, a leading digit gets `t_` before it, 63 bytes at most. `Communes 2024 (été)` is `communes_2024_ete`.
 */
export function tableNameOf(name: string): string {
  const plain = name
    .replaceAll('œ', 'oe')
    .replaceAll('Œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('Æ', 'ae')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  return cut(/^\p{N}/u.test(plain) ? `t_${plain}` : plain || 'layer', maxBytes)
}

/** `name`, or `name_2`, `name_3`, … when it is taken. */
export function freeTableName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name
  let n = 2
  while (isTaken(numbered(name, n))) n++
  return numbered(name, n)
}

const numbered = (name: string, n: number) => `${cut(name, maxBytes - 1 - String(n).length)}_${n}`

function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return text.slice(0, read).replace(/_+$/, '')
}
