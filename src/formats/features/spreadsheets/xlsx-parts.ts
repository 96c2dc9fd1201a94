import { escapeXml } from '#xml/write.js'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const officeTypes = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** Numbers of cell formats (`s=`), as the styles part lists them. */
export const xlsxStyles = { heading: 1, date: 2, moment: 3, time: 4 } as const

/** The parts of a workbook (ISO/IEC 29500-1, 12.3) of one sheet but for that sheet, `xl/worksheets/sheet1.xml`. */
export function xlsxParts(sheetName: string): { readonly name: string; readonly content: string }[] {
  return [
    {
      name: '[Content_Types].xml',
      content: `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${officeTypes}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${officeTypes}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${officeTypes}.styles+xml"/></Types>`,
    },
    { name: '_rels/.rels', content: relations([['officeDocument', 'xl/workbook.xml']]) },
    {
      name: 'xl/workbook.xml',
      content: `${declaration}<workbook xmlns="${main}" xmlns:r="${officeRelations}"><sheets><sheet name="${escapeXml(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations([
        ['worksheet', 'worksheets/sheet1.xml'],
        ['styles', 'styles.xml'],
      ]),
    },
    { name: 'xl/styles.xml', content: styles },
  ]
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${officeRelations}/${type}" Target="${target}"/>`)
  return `${declaration}<Relationships xmlns="${packageRelations}">${each.join('')}</Relationships>`
}

const xf = (format: number, font: number) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0"${format ? ' applyNumberFormat="1"' : ''}${font ? ' applyFont="1"' : ''}/>`

const font = (inner: string) => `<font>${inner}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`

/** The order of `xlsxStyles`. The first two fills are Excel's own, whatever a file says. */
const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="hh:mm:ss"/></numFmts><fonts count="2">${font('')}${font('<b/>')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">${xf(0, 0)}${xf(0, 1)}${xf(164, 0)}${xf(165, 0)}${xf(166, 0)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

/** All of a sheet before its rows: the first line stays in sight. `widths` in characters. */
export function xlsxSheetHead(widths: readonly number[]): string {
  const cols = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
  return `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData>`
}

/** What follows the last row. */
export const xlsxSheetFoot = '</sheetData></worksheet>'

/** A title as the name of a sheet: Excel allows 31 characters, and not all. */
export function xlsxSheetName(title: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const allowed = title.replace(/[[\]:*?/\\\0-\x1f]/g, ' ').trim()
  const short = Array.from(allowed).reduce((name, character) => (name.length + character.length > 31 ? name : name + character), '')
  const name = short.replace(/^'|'$/g, ' ').trim()
  return name === '' || /^history$/i.test(name) ? 'Data' : name
}
