import { spawnSync } from 'node:child_process'
import t from 'tap'
import { fillInfoTemplate, infoTemplateFault, parseInfoTemplate } from '#formats/features/info-template.js'
import { missing, unlessAll } from '../../support/programs.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const fill = (template: string, ...features: Record<string, string | null>[]) =>
  fillInfoTemplate(
    parseInfoTemplate(template),
    features.map(values => name => (Object.hasOwn(values, name) ? values[name] : null)),
  )

t.test('values, sections, and nothing else', async t => {
  for (const [template, values, filled] of [
    ['<b>{{nom}}</b>', { nom: 'Metz' }, '<b>Metz</b>'],
    ['{{ nom de la rue }}', { 'nom de la rue': 'x' }, 'x'],
    ['{{nom}}{{autre}}', { nom: null }, ''],
    ['{{#a}}A{{a}}{{/a}}{{^a}}none{{/a}}', { a: '1' }, 'A1'],
    ['{{#a}}A{{a}}{{/a}}{{^a}}none{{/a}}', { a: null }, 'none'],
    ['{{#a}}A{{a}}{{/a}}{{^a}}none{{/a}}', { a: '' }, 'none'],
    ['{{#a}}{{^b}}x{{/b}}{{/a}}', { a: '1' }, 'x'],
    ['{{#a}}{{#a}}x{{/a}}{{/a}}', { a: '0' }, 'x'],
    ['<i title="{{a}}" class=\'k{{#a}} has{{/a}}\'>y</i>', { a: '"\'<>&' }, '<i title="&quot;&#39;&lt;&gt;&amp;" class=\'k has\'>y</i>'],
    ['{{a}}', { a: '{{b}}{{#b}}', b: 'x' }, '{{b}}{{#b}}'],
    ['<!-- a note --><br><hr/>', {}, '<!-- a note --><br><hr/>'],
    ['{{constructor}}{{__proto__}}', {}, ''],
  ] as const)
    t.equal(fill(template, values), filled, template)
  t.equal(fill('<p>{{a}}</p>', { a: '1' }, { a: '2' }), '<p>1</p><p>2</p>', 'once per feature')
})

t.test('addresses of the data are those of the web, of mail and of this server', async t => {
  const link = (a: string) => fill('<a href="{{a}}">x</a>', { a })
  for (const address of ['https://example.org/a?b=c', 'http://x', 'mailto:a@b.c', 'tel:+33', '/files/a.pdf'])
    t.equal(link(address), `<a href="${address}">x</a>`)
  for (const address of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:1',
    'java\nscript:1',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'x',
    'vbscript:x',
  ])
    t.equal(link(address), '<a href="">x</a>', address)
  t.equal(fill('<a href="https://example.org/{{a}}-{{b}}">', { a: '"x', b: 'y' }), '<a href="https://example.org/&quot;x-y">')
})

t.test('what would not be safe, or is not a template, is refused', async t => {
  for (const [template, fault] of [
    ['<script>{{a}}</script>', '<script> has no place in it'],
    ['<SVG><p>', '<SVG> has no place'],
    ['<a {{a}}>', 'stands within a tag'],
    ['<a href={{a}}>', 'stands within a tag'],
    ['<a onclick="{{a}}">', 'stands in onclick'],
    ['<a style="color:{{a}}">', 'stands in style'],
    ['<a srcdoc="{{a}}">', 'stands in srcdoc'],
    ['<a href="{{a}}{{b}}">', 'begins with nothing fixed'],
    ['<a href="java{{a}}">', 'begins with nothing fixed'],
    ['<a href="https://{{a}}">', 'begins with nothing fixed'],
    ['<a href="{{#a}}https://x/{{/a}}{{b}}">', 'begins within a tag or an address'],
    ['<a {{#x}}href={{/x}}"{{y}}">', 'begins within a tag'],
    ['<i title="{{#a}}" href="https://x{{/a}}{{b}}">', 'ends in another tag or attribute'],
    ['{{#a}}<b title="{{/a}}x">', 'ends in another tag or attribute'],
    ['<!-- {{a}} -->', 'within a tag or comment'],
    ['<!-- --!> {{a}}', 'within a tag or comment'],
    ['<b title="a', 'is not closed'],
    ['<a href=x"y">', 'is in no value'],
    ['{{{a}}}', 'is not a value'],
    ['{{&a}}', 'is not a value'],
    ['{{> a}}', 'is not a value'],
    ['{{=<% %>=}}', 'is not a value'],
    ['{{}}', 'is not a value'],
    ['{{a', 'has no }}'],
    ['{{#a}}', 'is not closed'],
    ['{{/a}}', 'closes nothing'],
    ['{{#a}}{{#b}}{{/a}}{{/b}}', 'closes nothing'],
    ['{{#a}}'.repeat(30), 'nested deeper'],
    ['1 < 2', 'begins no tag'],
  ])
    t.match(infoTemplateFault(template) ?? 'it is taken', fault, template)
})

t.test('a column with a book in it makes no book of books', async t => {
  t.throws(() => fill('{{a}}'.repeat(2000), { a: 'x'.repeat(10_000) }), /fills more than 10000000 characters/)
})

const skip = unlessAll(missing('Python', '/usr/bin/python3', '-c', 'import html.parser'))

t.test("values change nothing of a page's structure, as Python reads it", { skip }, async t => {
  const random = seeded(7)
  const pieces = [
    '<p>',
    '</p>',
    '<a href="',
    '<i title="',
    "<img src='",
    '">',
    "'>",
    '"',
    "'",
    ' ',
    '=',
    '>',
    '<!--',
    '-->',
    'x',
    '/',
    'https://e.org/',
    '{{v}}',
    '{{v}}',
    '{{#v}}',
    '{{/v}}',
    '{{^w}}',
    '{{/w}}',
    ' title="',
    ' href=',
    ' onclick="',
    '<br/>',
  ]
  const harmful = [
    `"><script>alert(1)</script>`,
    `' onmouseover='x`,
    'javascript:alert(1)',
    '--><img src=x onerror=y>',
    '</p><svg/onload=z>',
    '{{#v}}<b>',
    '&lt;script&gt;',
    ' x=y ',
    '\0<x>',
    '`',
  ]
  const pairs: [string, string][] = []
  for (let tries = 0; tries < 200_000 && pairs.length < 1500; tries++) {
    const template = Array.from({ length: seededInteger(random, 2, 9) }, () => pick(random, pieces)).join('')
    if (!template.includes('{{v}}') || infoTemplateFault(template) !== undefined) continue
    pairs.push([fill(template, { v: 'harmless' }), fill(template, { v: pick(random, harmful) })])
  }
  t.equal(pairs.length, 1500)
  t.ok(pairs.filter(([page]) => /="[^"]*harmless/.test(page)).length > 20, 'values of attributes among them')
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', readPages], {
    input: JSON.stringify(pairs.flat()),
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  t.equal(stderr, '')
  const read = JSON.parse(stdout) as { tags: string; addresses: string[] }[]
  const different = pairs.filter((_, i) => read[2 * i].tags !== read[2 * i + 1].tags)
  t.same(different, [])
  const addresses = read.flatMap(({ addresses }) => addresses).filter(address => /^\s*(javascript|data|vbscript):/i.test(address))
  t.same(addresses, [])
})

const readPages = `
import sys, json
from html.parser import HTMLParser
class Reader(HTMLParser):
    def __init__(self):
        super().__init__(); self.tags = []; self.addresses = []
    def handle_starttag(self, tag, attrs):
        self.tags.append([tag] + [name for name, _ in attrs])
        self.addresses += [value or '' for name, value in attrs if name in ('href', 'src')]
    def handle_endtag(self, tag): self.tags.append('/' + tag)
    def handle_comment(self, data): self.tags.append('comment')
    def handle_decl(self, data): self.tags.append('decl')
out = []
for page in json.load(sys.stdin):
    reader = Reader(); reader.feed(page); reader.close()
    out.append({'tags': json.dumps(reader.tags), 'addresses': reader.addresses})
json.dump(out, sys.stdout)
`
