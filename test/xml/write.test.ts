import t from 'tap'
import { readXml, textOf } from '#xml/read.js'
import { attributes, element, escapeXml, rawXml, xml, xmlDocument } from '#xml/write.js'

t.test('text is escaped wherever it stands (T-62)', async t => {
  t.equal(escapeXml(`<script>alert("1" & '2')</script>`), '&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;')
  t.equal(escapeXml('plain, é 😀 中'), 'plain, é 😀 中')
  t.equal(xml`<a b="${'"><x'}">${'</a>'}</a>`.text, '<a b="&quot;&gt;&lt;x">&lt;/a&gt;</a>')
})

t.test('what XML cannot hold becomes the replacement character', async t => {
  t.equal(escapeXml('a\0b\x1fc\ud800d\udc00e\ufffef\uffff'), 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd')
  t.equal(escapeXml('tab\tline\nreturn\r'), 'tab\tline\nreturn&#13;')
  t.equal(escapeXml('😀'), '😀', 'a pair of surrogates is a character')
})

t.test('templates leave out their own layout, nothing, and keep written XML', async t => {
  const list = ['a', 'b'].map(name => xml`<li>${name}</li>`)
  const document = xml`
    <ul>
      ${list}
      ${undefined}${null}${false}
      ${element('empty', '')}${element('zero', 0)}
      <p${attributes({ x: 1, y: undefined, z: 'é"' })}/>
      ${rawXml('<raw/>')}
    </ul>`
  t.equal(document.text, '<ul><li>a</li><li>b</li><zero>0</zero><p x="1" z="é&quot;"/><raw/></ul>')
  t.equal(xml`<a>${'line\n  two'}</a>`.text, '<a>line\n  two</a>', 'only the layout of the template goes, not that of the text')
})

t.test('a document names its encoding and its DTD', async t => {
  t.equal(
    xmlDocument(xml`<a/>`, { root: 'a', system: 'http://example.org/a.dtd' }),
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE a SYSTEM "http://example.org/a.dtd">\n<a/>\n',
  )
})

t.test('whatever text goes in, the reader gets it back, seeded', async t => {
  let seed = 7
  const random = (n: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return (seed >>> 8) % n
  }
  for (let i = 0; i < 300; i++) {
    const text = String.fromCharCode(...Array.from({ length: 30 }, () => (random(2) ? random(0x80) : random(0x10000))))
    const wanted = Array.from(text, character => (isXmlCharacter(character.codePointAt(0)!) ? character : '\ufffd')).join('')
    t.equal(textOf(readXml(xmlDocument(xml`<a b="${text}">${text}</a>`))), wanted)
  }
})

/** XML 1.0, production 2, written out once more. */
function isXmlCharacter(code: number): boolean {
  const isLow = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff)
  return isLow || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000
}
