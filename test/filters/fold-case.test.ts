import { spawnSync } from 'node:child_process'
import pg from 'pg'
import t from 'tap'
import { withoutAccents } from '#filters/accents.js'
import { foldCase } from '#filters/fold-case.js'
import { functionSql } from '#stores/postgis/function-sql.js'
import { Values } from '#stores/postgis/sql.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { missing, unlessAll } from '../support/programs.js'

/** Python knows full case folding. Characters that it has no name for are newer than it. */
const casefold = `import json, unicodedata
print(json.dumps([[chr(c), chr(c).casefold()] for c in range(1, 0x2ffff) if unicodedata.category(chr(c)) not in ('Cs', 'Cn')]))`
/** The letters of Cherokee are folded to upper case, and here to lower case: what is one is one. */
const isCherokee = (letter: string) => /[Ꭰ-Ᏽᏸ-ᏽꭰ-ꮿ]/.test(letter)

t.test('case is folded as Unicode has it', { skip: unlessAll(missing('Python', '/usr/bin/python3', '-c', '')) }, async t => {
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', casefold], { encoding: 'utf8', maxBuffer: 1e8 })
  const pairs: readonly (readonly [letter: string, folded: string])[] = JSON.parse(stdout)
  t.ok(pairs.length > 130_000, String(pairs.length))
  t.same(
    pairs.filter(([letter, folded]) => !isCherokee(letter) && foldCase(letter) !== folded),
    [],
  )
  t.same(
    pairs.filter(([letter, folded]) => foldCase(letter) !== foldCase(folded)),
    [],
  )
})

t.test('texts without accents', async t => {
  for (const [text, plain] of [
    ['Évêché', 'Eveche'],
    ['e\u0301te\u0301', 'ete'],
    ['cœur Œuvre Æsir', 'coeur OEuvre AEsir'],
    ['København Łódź Đakovo', 'Kobenhavn Lodz Dakovo'],
    ['ǿ', 'o'],
    ['Άθήνα', 'Αθηνα'],
    ['ё й', 'е и'],
    ['שָׁלוֹם', 'שלום'],
    // words that would be others are left alone
    ['が', 'が'],
    ['हिन्दी', 'हिन्दी'],
    ['한국', '한국'],
    ['ß', 'ß'],
    ['', ''],
  ] as const)
    t.equal(withoutAccents(text), plain, text)
})

t.test('a database folds case and accents in the same way', { skip: withoutDatabase }, async t => {
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  // scripts of which no version of Unicode adds letters any more
  const blocks = [[1, 0x530], [0x590, 0x700], [0x900, 0x980], [0x1e00, 0x2200], [0x3040, 0x3100], [0xac00, 0xac80], [0xfb00, 0xfb50]] as const // biome-ignore format: short
  const letters = blocks.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => String.fromCharCode(from + i)))
  const texts = [...letters, ...letters.map((letter, i) => `a${letter}\u0301${letters[(i * 7) % letters.length]}`)]
  for (const [name, fold] of [
    ['casei', foldCase],
    ['accenti', withoutAccents],
  ] as const) {
    // biome-ignore format: short
    const text = `SELECT t AS text, ${functionSql(name)!(['t'], new Values())} AS folded FROM unnest($1::text[]) t`
    const { rows } = await client.query<{ text: string; folded: string }>(text, [texts])
    t.equal(rows.length, texts.length)
    t.same(
      rows.filter(row => fold(row.text) !== row.folded),
      [],
      name,
    )
  }
})
