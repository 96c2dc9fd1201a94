import type { ColumnKind } from '#rows/batch.js'
import { isNumeric } from '#rows/column-statistics.js'
import { classWeight, isNeverAClass, quantityWeight, wordsOf } from './column-words.js'
import { isNomenclatureColumn } from './nomenclatures/find-nomenclature.js'
import { isRoadColumn } from './road-passes.js'

/** More columns of one table are not looked at. */
const mostColumns = 60

interface NamedColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly nativeType: string
}

/** Those of a table's columns that may tell how it is to be drawn, by name and type alone: only of these is it worth knowing what they hold. */
export function tellingColumns<Column extends NamedColumn>(columns: readonly Column[]): readonly Column[] {
  return columns.filter(mayTell).slice(0, mostColumns)
}

function mayTell({ name, kind, nativeType }: NamedColumn): boolean {
  if (isNumeric(kind) || kind === 'boolean' || (kind === 'text' && !notText.test(nativeType))) {
    if (isNomenclatureColumn(name) || isRoadColumn(name)) return true
    const words = wordsOf(name)
    if (isNeverAClass(words)) return false
    return !isNumeric(kind) || classWeight(words) >= 2 || quantityWeight(words) > 0
  }
  return false
}

/** Types without a kind of their own, which are carried as text and compare as something else. */
const notText =
  /\[\]$|^(bit|box|cidr|circle|hstore|inet|interval|line|lseg|ltree|macaddr8?|money|oid|path|pg_lsn|point|polygon|raster|tsquery|tsvector|xml|\w*range)\b/
