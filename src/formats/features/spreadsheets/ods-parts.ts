import { escapeXml } from '#xml/write.js'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const oasis = 'urn:oasis:names:tc:opendocument:xmlns'
const version = 'office:version="1.3"'

/** Media type of OpenDocument spreadsheets. */
export const odsMediaType = 'application/vnd.oasis.opendocument.spreadsheet'

/** What a package (OASIS OpenDocument 1.3, part 2) holds beside its type and its content: the list of its files, and that the first line stays in sight. */
export function odsParts(tableName: string): { readonly name: string; readonly content: string }[] {
  const entry = (path: string, type: string) => `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`
  const item = (name: string, type: string, value: string | number) =>
    `<config:config-item config:name="${name}" config:type="${type}">${value}</config:config-item>`
  const frozen = `${item('VerticalSplitMode', 'short', 2)}${item('VerticalSplitPosition', 'int', 1)}${item('ActiveSplitRange', 'short', 2)}${item('PositionBottom', 'int', 1)}`
  const map = (kind: string, name: string, inner: string) =>
    `<config:config-item-map-${kind} config:name="${name}"><config:config-item-map-entry${inner}</config:config-item-map-entry></config:config-item-map-${kind}>`
  const tables = map('named', 'Tables', ` config:name="${escapeXml(tableName)}">${frozen}`)
  return [
    {
      name: 'settings.xml',
      content: `${declaration}<office:document-settings xmlns:office="${oasis}:office:1.0" xmlns:config="${oasis}:config:1.0" ${version}><office:settings><config:config-item-set config:name="ooo:view-settings">${map('indexed', 'Views', `>${tables}`)}</config:config-item-set></office:settings></office:document-settings>`,
    },
    {
      name: 'META-INF/manifest.xml',
      content: `${declaration}<manifest:manifest xmlns:manifest="${oasis}:manifest:1.0" manifest:version="1.3">${entry('/', odsMediaType)}${entry('content.xml', 'text/xml')}${entry('settings.xml', 'text/xml')}</manifest:manifest>`,
    },
  ]
}

/** Names of the styles of cells. */
export const odsStyles = { heading: 'heading', date: 'date', moment: 'moment', time: 'time' } as const

const part = (name: string) => `<number:${name} number:style="long"/>`
const dash = '<number:text>-</number:text>'
const colon = '<number:text>:</number:text>'
const day = `${part('year')}${dash}${part('month')}${dash}${part('day')}`
const clock = `${part('hours')}${colon}${part('minutes')}${colon}${part('seconds')}`
const cell = (name: string, attributes: string, inner = '') =>
  `<style:style style:name="${name}" style:family="table-cell"${attributes}>${inner}</style:style>`

const styles = [
  `<number:date-style style:name="N1">${day}</number:date-style>`,
  `<number:date-style style:name="N2">${day}<number:text> </number:text>${clock}</number:date-style>`,
  `<number:time-style style:name="N3">${clock}</number:time-style>`,
  cell(odsStyles.heading, '', '<style:text-properties fo:font-weight="bold"/>'),
  cell(odsStyles.date, ' style:data-style-name="N1"'),
  cell(odsStyles.moment, ' style:data-style-name="N2"'),
  cell(odsStyles.time, ' style:data-style-name="N3"'),
].join('')

/** All of `content.xml` before the rows. `widths` in characters, of about 2 mm. */
export function odsHead(tableName: string, widths: readonly number[]): string {
  const columnStyles = [...new Set(widths)].map(
    width =>
      `<style:style style:name="w${width}" style:family="table-column"><style:table-column-properties style:column-width="${width * 2}mm"/></style:style>`,
  )
  const columns = widths.map(width => `<table:table-column table:style-name="w${width}"/>`)
  const namespaces = ['office', 'table', 'text', 'style'].map(name => `xmlns:${name}="${oasis}:${name}:1.0"`)
  return `${declaration}<office:document-content ${namespaces.join(' ')} xmlns:fo="${oasis}:xsl-fo-compatible:1.0" xmlns:number="${oasis}:datastyle:1.0" ${version}><office:automatic-styles>${styles}${columnStyles.join('')}</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="${escapeXml(tableName)}">${columns.join('')}`
}

/** What follows the last row. */
export const odsFoot = '</table:table></office:spreadsheet></office:body></office:document-content>'

/**
 * A text as paragraphs (OpenDocument 1.3, part 3, 6.1.2): line breaks begin new ones, tabs are elements, and so are spaces that would be collapsed.
 * Characters that XML cannot hold become U+FFFD.
 */
export function odsText(text: string): string {
  return escapeXml(text.replace(/\r\n?/g, '\n'))
    .split('\n')
    .map(line => {
      const spaced = line.replace(/^ +| {2,}| $/g, run => `<text:s text:c="${run.length}"/>`).replaceAll('\t', '<text:tab/>')
      return `<text:p>${spaced}</text:p>`
    })
    .join('')
}
