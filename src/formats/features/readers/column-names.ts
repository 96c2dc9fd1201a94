/** Bytes of a PostgreSQL identifier; longer names would be cut by the database, which could make two of them one. */
const maxNameBytes = 63

/**
 * Names as a table can have them, in order: control characters removed, trimmed, cut to 63 bytes, empty ones called `column_n`, repeated
 * ones numbered (`name_2`). Case and accents stay. `taken` names are avoided. A note tells each change.
 */
export function columnNames(raw: readonly string[], taken: readonly string[] = []): { names: string[]; notes: string[] } {
  const used = new Set(taken)
  const names: string[] = []
  const notes: string[] = []
  for (const [i, name] of raw.entries()) {
    const clean = cutBytes(withoutControls(name).trim(), maxNameBytes) || `column_${i + 1}`
    let unique = clean
    for (let n = 2; used.has(unique); n++) unique = `${cutBytes(clean, maxNameBytes - 1 - String(n).length)}_${n}`
    used.add(unique)
    names.push(unique)
    if (unique !== name) notes.push(`Column ${i + 1} “${printable(name)}” is called “${unique}”.`)
  }
  return { names, notes }
}

/** `name`, or `name_2`, `name_3`, … when it is taken. */
export function freeName(name: string, taken: readonly string[]): string {
  return columnNames([name], taken).names[0]
}

/** A text from a file as it may stand in a message: no control characters, at most 60 characters. */
export function printable(text: string): string {
  const clean = withoutControls(text)
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '')
}

function cutBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text)
  if (encoded.length <= bytes) return encoded.toString()
  let end = bytes
  while (end > 0 && (encoded[end] & 0xc0) === 0x80) end--
  return encoded.toString('utf8', 0, end)
}
