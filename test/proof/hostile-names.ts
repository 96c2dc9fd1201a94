/** Names a table or a column may have, and a careless server trips over. 63 bytes is the most PostgreSQL takes. */
export const hostileNames: readonly string[] = [
  `Ta"ble' <script>alert(1)</script>`,
  `${'é'.repeat(31)}x`,
  '漢字 𝕏 \u202Egnp.exe',
  `x'; DROP TABLE parcels; --`,
  ' leading and trailing ',
  'two\nlines\tand a tab',
  '$1 %s \\ {} $(x) {{y}}',
  'a.b:c/d?e=f&g#h',
  'SELECT',
  ',comma,',
  '__proto__',
  '1st',
  '<!--]]>&amp;',
  '..',
]

/** A name as SQL writes it. */
export const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A text as SQL writes it. */
export const quotedText = (text: string) => `'${text.replaceAll("'", "''")}'`
