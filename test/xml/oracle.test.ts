import { XMLParser } from 'fast-xml-parser'
import t from 'tap'
import { readXml, type XmlElement } from '#xml/read.js'
import { seeded } from '../support/seeded.js'

interface Node {
  readonly name: string
  readonly attributes: readonly [string, string][]
  readonly children: readonly (Node | string)[]
}

const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    character => `&${({ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' } as Record<string, string>)[character]};`,
  )
const write = ({ name, attributes, children }: Node): string =>
  `<${name}${attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}>${children.map(child => (typeof child === 'string' ? escaped(child) : write(child))).join('')}</${name}>`

/** A random document: accents, entities, nesting, no mixed content. */
function randomNode(random: () => number, depth: number): Node {
  const words = ['forêt', 'a&b', '<x>', "l'eau", '"q"', 'Ĳssel', '']
  const word = () => words[Math.floor(random() * words.length)]
  const name = ['Filter', 'Box', 'Literal', 'élément', 'a.b-c'][Math.floor(random() * 5)]
  const attributes: [string, string][] = random() < 0.4 ? [['n', word()]] : []
  const isLeaf = depth === 0 || random() < 0.3
  return {
    name,
    attributes,
    children: isLeaf ? [`t${word()}t`] : Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomNode(random, depth - 1)),
  }
}

/** The document as both parsers can say it: names, attributes and texts in order. */
type Plain = readonly [name: string, attributes: Record<string, string>, children: readonly (Plain | string)[]]

function ours(document: string): Plain {
  const plain = (element: XmlElement): Plain => [
    element.name,
    Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])),
    element.content.map(item => (typeof item === 'string' ? item : plain(item))),
  ]
  return plain(readXml(document))
}

function theirs(document: string): Plain {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
  })
  const plain = (item: Record<string, unknown>): Plain | string => {
    if ('#text' in item) return String(item['#text'])
    const name = Object.keys(item).find(key => key !== ':@') as string
    return [name, (item[':@'] ?? {}) as Record<string, string>, (item[name] as Record<string, unknown>[]).map(plain)]
  }
  const [root] = (parser.parse(document) as Record<string, unknown>[]).map(plain)
  return root as Plain
}

t.test('300 random documents say the same to another parser', async t => {
  const random = seeded(11)
  for (let i = 0; i < 300; i++) {
    const document = write(randomNode(random, 4))
    const [mine, other] = [ours(document), theirs(document)]
    if (JSON.stringify(mine) !== JSON.stringify(other)) t.same(mine, other, document)
  }
  t.pass('all of them')
})
