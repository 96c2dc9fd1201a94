import { attributeTable } from './attribute-table.js'
import { elementsOf, unescapeXml } from './pam-text.js'

/** Names of values. */
export type ClassNames = ReadonlyMap<number, string>

/** Classes of a nomenclature, not of measurements; what names more names the first of them. */
const most = 1024
const longest = 200
/** Values of one class: what names more are ranges of measurements. */
const widest = 256

/** The names that a band of a `.aux.xml` has for its values: in its attribute table, else its category names, which count from 0. */
export function classNamesOf(band: string): ClassNames | undefined {
  const names = attributeNames(band) ?? categoryNames(band)
  return names && names.size > 0 ? names : undefined
}

function attributeNames(band: string): ClassNames | undefined {
  const table = attributeTable(band)
  const column = table?.column('name') ?? -1
  if (!table || column < 0) return undefined
  const names = new Map<number, string>()
  for (const { first, last, fields } of table.rows) {
    if (last - first >= widest) continue
    const name = cleaned(fields[column] ?? '')
    for (let value = first; name !== '' && value <= last && names.size < most; value++) names.set(value, name)
  }
  return names
}

function categoryNames(band: string): ClassNames {
  const [categories] = elementsOf(band, 'CategoryNames')
  const names = new Map<number, string>()
  let value = 0
  for (const [, text = ''] of (categories?.[1] ?? '').matchAll(/<Category>([^<]*)<\/Category>|<Category\s*\/>/g)) {
    const name = cleaned(unescapeXml(text))
    if (name !== '' && names.size < most) names.set(value, name)
    value++
  }
  return names
}

/** On one line, without what databases refuse (NUL, half characters). */
const cleaned = (text: string) =>
  text
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
