import { readSld } from '#styles/sld/read-sld.js'
import { writeSld } from '#styles/sld/write-sld.js'
import type { Style } from '#styles/style.js'
import { StyleError } from '#styles/style-error.js'
import { everySymbolizer, sayableRules } from '../../styles/sld/every-construct.js'
import { judgeDocument } from '../../styles/sld/judge-document.js'
import { bytesOf, oneFile, type Probe, refused } from '../probe.js'

const sample = (style: Style, version: '1.0.0' | '1.1.0') =>
  oneFile('a.sld', writeSld(style, { version, layer: 'l', isExtended: true }).text)

export const sld: Probe = {
  name: 'sld',
  title: 'styles in SLD and SE',
  cases: 600,
  words: ['NaN', '-1', '1e999', '', '<Fill/>', '<Rule>', '</Rule>', '<ElseFilter/>', '<Graphic/>', '<ogc:Function name="', '<ogc:Literal/>', '$' + '{', `\${x}`,
    `\${'x'}`, 'ttf://', 'ttf://a#0x110000', 'http://127.0.0.1/', 'file:///etc/passwd', '../', 'data:text/html,', 'uom="', '#fff', '#ffffff80', '5m', '5px', '%',
    '<VendorOption name="', 'xlink:href="', '<ogc:Filter/>', '<![CDATA[', ']]>', '<!DOCTYPE a>', 'type="values"', '<InlineContent encoding="xml"><a/></InlineContent>'], // biome-ignore format: across
  // Small ones: of a large document most changes spoil it all.
  samples: async () => ({
    rules: sample(sayableRules, '1.0.0'),
    ...Object.fromEntries(
      Object.entries(everySymbolizer).map(([name, symbolizer], i) => [
        name.replaceAll(' ', '-'),
        sample({ passes: [{ rules: [{ name, symbolizers: [symbolizer] }] }] }, i % 2 ? '1.0.0' : '1.1.0'),
      ]),
    ),
  }),
  /** What is read holds no number that is none and no picture from elsewhere, and what is written from it is read again and then stays the same. */
  async run(input) {
    try {
      const document = readSld(bytesOf(input))
      judgeDocument(document)
      return { verdict: 'read', answer: JSON.stringify(document) }
    } catch (error) {
      if (!(error instanceof StyleError)) throw error
      return refused(error.message)
    }
  },
}
