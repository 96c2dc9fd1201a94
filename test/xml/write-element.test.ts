import t from 'tap'
import { readXml, textOf } from '#xml/read.js'
import { treeBuilder, writeElement } from '#xml/write-element.js'

const tree = treeBuilder({ a: 'urn:a', b: 'urn:b', xlink: 'http://www.w3.org/1999/xlink' })

t.test('what was read is written the same', async t => {
  const documents = [
    '<a:x xmlns:a="urn:a" a:n="1" m="&lt;&amp;&quot;"><a:y/>t<b:z xmlns:b="urn:b">u&amp;v</b:z></a:x>',
    '<x xmlns="urn:a"><y xmlns=""/></x>',
    '<x xmlns:l="http://www.w3.org/1999/xlink" l:href="y"/>',
    '<x><![CDATA[ <y> ]]> z</x>',
    '<x><![CDATA[]]]]><![CDATA[>]]></x>',
  ]
  const plain = (text: string) => JSON.stringify(readXml(text), (key, value) => (key === 'line' || key === 'prefix' ? undefined : value))
  for (const document of documents) t.equal(plain(writeElement(readXml(document)).text), plain(document), document)
})

t.test('elements are made of tags, attributes and content', async t => {
  const made = tree('a:x', { m: 1, n: undefined, 'xlink:href': 'é"' }, undefined, [tree('b:y', {}, 2), 'text'], { exact: ' <z> ' })
  t.equal(
    writeElement(made).text,
    '<a:x xmlns:a="urn:a" xmlns:xlink="http://www.w3.org/1999/xlink" m="1" xlink:href="é&quot;"><b:y xmlns:b="urn:b">2</b:y>text<![CDATA[ <z> ]]></a:x>',
  )
  t.equal(writeElement(tree('a:x'), { declared: { b: 'urn:b' } }).text, '<a:x xmlns:b="urn:b" xmlns:a="urn:a"/>')
})

t.test('only elements of elements are laid out', async t => {
  const made = tree('a:x', {}, tree('a:y', {}, tree('a:z')), tree('a:t', {}, 'm', tree('a:u')))
  t.equal(writeElement(made, { indent: true }).text, '<a:x xmlns:a="urn:a">\n  <a:y>\n    <a:z/>\n  </a:y>\n  <a:t>m<a:u/></a:t>\n</a:x>')
})

t.test('what XML cannot hold and what would end a section', async t => {
  const hostile = ' ]]> \u0000 \ud800 ]]]> '
  const text = writeElement(tree('a:x', {}, { exact: hostile }, hostile)).text
  t.equal(textOf(readXml(text)), ' ]]> \ufffd \ufffd ]]]>  ]]> \ufffd \ufffd ]]]> ')
})
