import t from 'tap'
import { elementStream } from '#xml/element-stream.js'
import { defaultXmlLimits, readXml, textOf, type XmlElement } from '#xml/read.js'

const text = '<r xmlns:p="http://example.org/p"><p:m a="1"><f>Été &amp; <![CDATA[<b>]]></f></p:m>\n<m><f><g><f>in</f></g></f><x/></m></r>'
const isF = ({ name }: { name: string }, above: readonly { name: string }[]) => name === 'f' && above.at(-1)?.name === 'm'

t.test('wanted elements come whole, wherever the text is cut', async t => {
  const read = (size: number) => {
    const stream = elementStream(isF, defaultXmlLimits)
    const found: XmlElement[] = []
    for (let at = 0; at < text.length; at += size) found.push(...stream.push(text.slice(at, at + size)))
    stream.end()
    return found
  }
  const whole = read(text.length)
  t.same(whole.map(textOf), ['Été & <b>', 'in'])
  t.same(
    whole,
    [...text.matchAll(/<f>.*?<\/f>(?=<\/p:m>|<x)/gs)].map(([part], i) => ({
      ...readXml(part),
      line: i + 1,
      ...(i && { content: [{ ...(readXml(part).content[0] as XmlElement), line: 2, content: [{ ...readXml('<f>in</f>'), line: 2 }] }] }),
    })),
  )
  for (let size = 1; size < 40; size++) t.same(read(size), whole, `pieces of ${size}`)
})

t.test('limits are those of one element, and of what is between two', async t => {
  const many = (limits: Partial<typeof defaultXmlLimits>, inside: string, times = 1) => {
    const stream = elementStream(isF, { ...defaultXmlLimits, ...limits })
    stream.push('<r><m>')
    let count = 0
    for (let i = 0; i < times; i++) count += stream.push(inside).length
    return count
  }
  t.equal(many({ nodes: 4, bytes: 40 }, '<f><g/>text</f>', 1000), 1000)
  t.throws(() => many({ nodes: 4 }, '<f><g/><g/><g/><g/></f>'), { kind: 'too-large', message: /more than the 4 nodes/ })
  t.throws(() => many({ bytes: 40 }, `<f>${'x'.repeat(30)}`, 2), { kind: 'too-large', message: /more than the 40 characters/ })
  t.throws(() => many({ bytes: 40 }, 'x'.repeat(30), 2), { kind: 'too-large', message: /characters/ })
  t.throws(() => many({ bytes: 40 }, '<!--'.padEnd(50, 'x')), { kind: 'too-large', message: /characters/ })
  t.throws(() => many({ depth: 5 }, '<f><f><f><f>'), { kind: 'too-large', message: /deeper than the 5 levels/ })
  t.throws(() => many({ depth: 5 }, '<a><a><a><a>'), { kind: 'too-large', message: /levels/ })
})

t.test('what is not well-formed, and a DOCTYPE, are refused', async t => {
  const stream = () => elementStream(isF, defaultXmlLimits)
  t.throws(() => stream().push('<!DOCTYPE r [<!ENTITY a "b">]><r/>'), { kind: 'malformed', message: /DOCTYPE/ })
  t.throws(() => stream().push('<r>\n</s>'), { kind: 'malformed', message: /line 2/ })
  const open = stream()
  open.push('<r>')
  t.throws(() => open.end(), { kind: 'malformed', message: /cannot be read/ })
})
