import { elementsOf, unescapeXml } from './pam-text.js'

/** A row of a raster attribute table: whole values from `first` to `last`, and its fields as texts. */
export interface AttributeRow {
  readonly first: number
  readonly last: number
  readonly fields: readonly string[]
}

/** GDAL's raster attribute table, as far as it speaks of whole values. */
export interface AttributeTable {
  /** Index of the first column of a usage, -1 where there is none. */
  column(usage: keyof typeof usages): number
  readonly rows: readonly AttributeRow[]
}

/** Numbers of GDAL's GDALRATFieldUsage. */
const usages = { name: 2, min: 3, max: 4, value: 5, red: 6, green: 7, blue: 8, alpha: 9 } as const

/** More rows than any 16-bit sample can tell apart. */
const mostRows = 65536

/** The attribute table in the text of a band of a `.aux.xml`; undefined where there is none, or none of classes. */
export function attributeTable(band: string): AttributeTable | undefined {
  const [table] = elementsOf(band, 'GDALRasterAttributeTable')
  if (!table || table[0].includes('Row0Min=')) return undefined // equal intervals of values are no classes
  const columns = elementsOf(table[1], 'FieldDefn').map(([, field]) => ({
    usage: Number(/<Usage>(\d{1,3})<\/Usage>/.exec(field)?.[1] ?? 0),
    name: /<Name>([^<]*)<\/Name>/.exec(field)?.[1] ?? '',
  }))
  const column = (usage: keyof typeof usages) => columns.findIndex(column => column.usage === usages[usage])
  // writers that say no usages call it so
  const named = columns.findIndex(({ usage, name }) => usage === 0 && name.toLowerCase() === 'value')
  const least = [column('value'), column('min'), named].find(index => index >= 0)
  if (least === undefined) return undefined
  const greatest = column('max') < 0 ? least : column('max')
  const rows: AttributeRow[] = []
  for (const [, row] of elementsOf(table[1], 'Row')) {
    if (rows.length === mostRows) break
    const fields = [...row.matchAll(/<F>([^<]*)<\/F>|<F\s*\/>/g)].map(([, text = '']) => unescapeXml(text))
    const [first, last] = [fields[least], fields[greatest]].map(text => (text?.trim() ? Number(text) : Number.NaN))
    if (Number.isSafeInteger(first) && Number.isSafeInteger(last)) rows.push({ first, last, fields })
  }
  return { column, rows }
}
