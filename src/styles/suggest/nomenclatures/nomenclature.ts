/** Known codes of classes, with the labels and colours that those who made them chose. Labels are French: so are the nomenclatures or their users. */
export interface Nomenclature {
  readonly title: string
  /** Names of columns that hold its codes. */
  readonly columns: RegExp
  readonly entries: readonly NomenclatureEntry[]
  /** Of polygons. */
  readonly opacity: number
}

/** A class of a nomenclature. */
export interface NomenclatureEntry {
  /** The code, or all codes of a class. */
  readonly codes: readonly string[]
  readonly label: string
  readonly color: string
}

/** Entries from a table of lines `code  #rrggbb  label`. */
export function entriesOf(table: string): readonly NomenclatureEntry[] {
  return table
    .trim()
    .split('\n')
    .map(line => {
      const [, codes, color, label] = /^\s*(\S+)\s+(#[0-9a-f]{6})\s+(.+?)\s*$/.exec(line)!
      return { codes: codes.split('|'), color, label }
    })
}
