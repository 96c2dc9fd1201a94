import t from 'tap'
import { attributeOf, childOf, childrenOf, readXml, textOf, XmlError } from '#xml/read.js'

t.test('namespaces are resolved, order and text kept', async t => {
  const root = readXml(
    '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc" xmlns="urn:x" a="1" ogc:a="2"><Name>n&amp;<![CDATA[<m>]]></Name>t<ogc:b/></ogc:Filter>',
  )
  t.equal(root.name, 'Filter')
  t.equal(root.namespace, 'http://www.opengis.net/ogc')
  t.equal(attributeOf(root, 'a'), '1')
  t.equal(attributeOf(root, 'a', 'http://www.opengis.net/ogc'), '2')
  t.equal(root.attributes.length, 2, 'declarations are not attributes')
  t.equal(childOf(root, 'Name')?.namespace, 'urn:x')
  t.equal(textOf(childOf(root, 'Name')!), 'n&<m>')
  t.same(
    root.content.map(item => (typeof item === 'string' ? item : item.name)),
    ['Name', 't', 'b'],
  )
  t.same(
    childrenOf(root).map(child => child.name),
    ['Name', 'b'],
  )
})

t.test('lines of tags, sections that are meant exactly, prefixes bound beforehand', async t => {
  const root = readXml('<a>\n<b\n c="1"/> x <![CDATA[ y ]]><![CDATA[z]]> w</a>', {})
  t.equal(root.line, 1)
  t.equal(childOf(root, 'b')?.line, 3)
  t.strictSame(root.content.slice(2), [' x ', ' y ', 'z', ' w'])
  t.strictSame(root.exact, [3, 4])
  t.equal(readXml('<p:a/>', { prefixes: { p: 'urn:p' } }).namespace, 'urn:p')
  t.equal(readXml('<p:a xmlns:p="urn:q"/>', { prefixes: { p: 'urn:p' } }).namespace, 'urn:q')
})

t.test('encodings: declared, by byte order mark, UTF-8 otherwise', async t => {
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1')
  t.equal(textOf(readXml(latin)), 'é')
  t.equal(textOf(readXml(Buffer.from('\ufeff<a>é</a>', 'utf8'))), 'é')
  t.equal(textOf(readXml(Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>é</a>', 'utf16le'))), 'é')
  t.throws(() => readXml(Buffer.from('<a>é</a>', 'latin1')), { name: 'XmlError', message: /not valid utf-8/ })
  t.throws(() => readXml(Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>')), { name: 'XmlError', message: /klingon/ })
})

t.test('hostile documents are refused (T-60)', async t => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>'
  const cases: [string, string | Buffer, RegExp][] = [
    ['entity bomb', bomb, /DOCTYPE is not accepted/],
    ['external DTD', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', /DOCTYPE is not accepted/],
    [
      'XInclude',
      '<a>\n<b xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///etc/passwd"/></b></a>',
      /line 2: x:include is not accepted/,
    ],
    ['undefined entity', '<a>&xxe;</a>', /undefined entity/],
    ['unbound prefix', '<x:a/>', /unbound namespace prefix/],
    ['unclosed', '<a><b></a>', /unexpected close tag|unclosed tag/],
    ['truncated', '<a><b>', /unclosed tag/],
    ['two roots', '<a/><b/>', /line 1/],
    ['empty', '', /line 1/],
    ['not XML', '{"a":1}', /line 1/],
    ['control character', '<a>\u0001</a>', /disallowed character/],
    ['twice the same attribute', '<a b="1" b="2"/>', /duplicate attribute/],
    ['NUL', Buffer.from('<a>\0</a>'), /disallowed character/],
    ['deep', '<a>'.repeat(101) + '</a>'.repeat(101), /deeper than the 100 levels/],
    ['many elements', `<a>${'<b/>'.repeat(100_000)}</a>`, /more than the 100000 nodes/],
    ['many attributes', `<a ${Array.from({ length: 60_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`, /more than the 50000 nodes/],
    ['large', `<a>${'x'.repeat(1e6)}</a>`, /more than the 1000000 bytes/],
  ]
  for (const [name, document, message] of cases) {
    const limits = name === 'many attributes' ? { nodes: 50_000 } : {}
    t.throws(() => readXml(document, limits), { name: 'XmlError', message }, name)
  }
  t.ok(new XmlError('too-large', '') instanceof Error)
})

t.test('processing instructions and comments do nothing', async t => {
  const root = readXml('<?evil do?><a><b/><!-- c --></a>')
  t.same(textOf(root), '')
  t.equal(childrenOf(root).length, 1)
})
