import { XMLValidator } from 'fast-xml-parser'
import { readXml, type XmlElement, XmlError } from '#xml/read.js'
import { bytesOf, oneFile, type Probe, refused } from '../probe.js'

const request = `<?xml version="1.0" encoding="UTF-8"?>
<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" service="WFS" version="2.0.0">
  <!-- a filter -->
  <wfs:Query typeNames="app:communes"><fes:Filter><fes:PropertyIsEqualTo>
    <fes:ValueReference>nom</fes:ValueReference><fes:Literal><![CDATA[L'Haÿ & co]]></fes:Literal>
  </fes:PropertyIsEqualTo></fes:Filter></wfs:Query>
</wfs:GetFeature>`

const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i} "${i ? `&e${i - 1};&e${i - 1};` : 'x'}">`).join('')

export const xml: Probe = {
  name: 'xml',
  title: 'XML documents of requests',
  cases: 1500,
  words: ['<', '>', '/>', '</a>', '<a>', '<a b="', '&amp;', '&#0;', '&#xD800;', '&#x10FFFF;', '&e8;', ']]>', '<![CDATA[', '<!--', '--', '<?x ', '<!DOCTYPE a [',
    entities, 'xmlns:a="', 'xmlns="', 'xml:', 'encoding="utf-16"', '\0', '\ufffe', '"', "'", ' a="1"', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'], // biome-ignore format: across
  samples: async () => ({
    request: oneFile('a.xml', request),
    utf16: oneFile('b.xml', Buffer.from(`\ufeff${request.replace('UTF-8', 'UTF-16')}`, 'utf16le')),
    latin: oneFile('c.xml', Buffer.from(request.replace('UTF-8', 'ISO-8859-1'), 'latin1')),
    attributes: oneFile('d.xml', `<a ${Array.from({ length: 200 }, (_, n) => `a${n}="${n}"`).join(' ')}/>`),
  }),
  /** What is taken must be well-formed by another parser, too, as far as that one looks. */
  async run(input) {
    const bytes = bytesOf(input)
    try {
      const root = readXml(bytes, { nodes: 10_000 })
      if (sizeOf(root) > bytes.length * 2) throw new Error('the document grew while it was read')
      const text = Buffer.from(bytes).toString('utf8')
      const other = text.includes('\ufffd') || text.includes('\0') ? true : XMLValidator.validate(text.replace(/^\ufeff/, ''))
      if (other !== true && other.err.code === 'InvalidTag') throw new Error(`taken, though ${other.err.msg}`)
      return { verdict: 'read', answer: JSON.stringify(root) }
    } catch (error) {
      if (!(error instanceof XmlError)) throw error
      return refused(error.message)
    }
  },
}

const sizeOf = ({ name, attributes, content }: XmlElement): number =>
  content.reduce<number>(
    (size, item) => size + (typeof item === 'string' ? item.length : sizeOf(item)),
    attributes.reduce((size, { name, value }) => size + name.length + value.length, name.length),
  )
