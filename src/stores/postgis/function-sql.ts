import { accents } from '#filters/accents.js'
import { foldings } from '#filters/fold-case.js'
import type { Values } from './sql.js'

type Build = (args: readonly string[], values: Values) => string

const infix =
  (operator: string): Build =>
  args =>
    `(${args.join(` ${operator} `)})`
const call =
  (name: string): Build =>
  args =>
    `${name}(${args.join(', ')})`

/** `forms` and `spelledOut` of few texts: one look tells whether there is anything to do. */
const further = `[${[...foldings.forms.from, ...foldings.spelledOut.map(([letter]) => letter)].join('')}]`
const spelledOut = foldings.spelledOut.reduce(
  (sql, [letter, letters]) => `replace(${sql}, '${letter}', '${letters}')`,
  `translate(l, '${foldings.forms.from}', '${foldings.forms.to}')`,
)

/**
 * PostgreSQL writes what the inner SELECT says into each place of the outer one, which is quick, and three times the work for each further level of a request
 * that nests; OFFSET keeps it from that.
 */
const foldCaseSql: Build = ([text]) => {
  const [dotted, letters] = foldings.dotted
  const fence = text.includes(' folded)') ? ' OFFSET 0' : ''
  return `(SELECT CASE WHEN l ~ '${further}' THEN ${spelledOut} ELSE l END FROM (SELECT lower(replace(${text}, '${dotted}', '${letters}')) AS l${fence}) folded)`
}

/** By `normalize`, which PostgreSQL 13 and later have in databases of UTF-8. */
const withoutAccentsSql: Build = ([text]) => {
  const bare = `regexp_replace(normalize(${text}, NFD), '${accents.marks}', '', 'g')`
  const plain = `translate(${bare}, '${accents.stroked.from}', '${accents.stroked.to}')`
  return `normalize(${accents.ligatures.reduce((sql, [letter, letters]) => `replace(${sql}, '${letter}', '${letters}')`, plain)}, NFC)`
}

/**
 * Functions that SQL computes to the last bit as `filters/functions` does, arguments and results being float8, text and boolean. Powers, logarithms,
 * roots, rounding and upper case are left out: their last digit, their ties, their errors or (of ß) their letters differ from one system to the next; so is
 * `replace`, by which a request of a few hundred characters makes texts of gigabytes in the database: in memory they are bounded.
 */
const table: Readonly<Record<string, Build>> = {
  '+': infix('+'),
  '-': args => (args.length === 1 ? `(- ${args[0]})` : `(${args.join(' - ')})`),
  '*': infix('*'),
  '/': ([a, b]) => `(${a} / nullif(${b}, 0))`,
  intdiv: ([a, b]) => `trunc(${a} / nullif(${b}, 0))`,
  abs: call('abs'),
  floor: call('floor'),
  ceil: call('ceil'),
  lower: call('lower'),
  casei: foldCaseSql,
  accenti: withoutAccentsSql,
  concat: call('concat'),
  trim: (args, values) => `btrim(${args[0]}, ${args[1] ?? `${values.bind(' \t\r\n')}::text`})`,
  strLength: call('char_length'),
  coalesce: call('coalesce'),
  strStartsWith: call('starts_with'),
}

/** How a function is said in SQL; undefined when it cannot be, exactly. */
export function functionSql(name: string): Build | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
