import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { writeSld } from '#styles/sld/write-sld.js'
import { StyleError } from '#styles/style-error.js'
import { readXml, type XmlElement } from '#xml/read.js'
import { writeElement, type XmlTree } from '#xml/write-element.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'
import { everySymbolizer, sayableRules } from './every-construct.js'
import { judgeDocument } from './judge-document.js'

/** Values in places that want others. */
const values = ['', ' ', 'NaN', '-1', '0', '1e999', '1.5', '50%', '5m', '2px', '3 ft', '#fff', '#ffffff80', 'red', 'true', 'ttf://a#65', 'shape://slash', '\u20ac', '4 2', '0 0',
  'a,b', 'http://h/x.svg', 'x.svg?fill=%23ff0000', 'data:image/png;base64,AA', 'stroke', 'fill', 'font-size', 'intervals', 'metre'] // biome-ignore format: across

t.test('documents whose parts are changed, moved, doubled and taken away are read or refused, and never lie: seeded', async t => {
  const random = seeded(31)
  const documents = [
    writeSld(sayableRules, { version: '1.0.0', layer: 'l', isExtended: true }).text,
    ...Object.values(everySymbolizer).map((symbolizer, i) => {
      const style = { passes: [{ rules: [{ name: 'r', symbolizers: [symbolizer] }] }] }
      return writeSld(style, { version: i % 2 ? '1.0.0' : '1.1.0', layer: 'l', isExtended: true }).text
    }),
  ].map(text => readXml(text))
  const seen = { read: 0, refused: 0 }
  for (let i = 0; i < 800; i++) {
    const text = writeElement(changed(random, pick(random, documents), 0)).text
    try {
      judgeDocument(readSld(text))
      seen.read++
    } catch (error) {
      seen.refused++
      if (!(error instanceof StyleError)) t.fail(`case ${i}: ${(error as Error).stack}\n${text}`)
      else if (!/^Line \d+: |^The XML document/.test(error.message)) t.fail(`case ${i}: no line in ${error.message}`)
    }
  }
  t.ok(seen.read > 400 && seen.refused > 100, JSON.stringify(seen))
})

type Random = () => number

/** About one element in twenty is changed. */
function changed(random: Random, element: XmlElement, depth: number): XmlTree {
  const content = element.content.flatMap((item): (XmlElement | string)[] => {
    const chance = random() * (depth < 4 ? 4 : 1)
    if (chance < 0.01) return []
    if (chance < 0.02) return [item, item]
    if (chance < 0.04) return [pick(random, values)]
    return [item]
  })
  if (random() < 0.01) content.reverse()
  const attributes = element.attributes.map(one => (random() < 0.02 ? { ...one, value: pick(random, values) } : one))
  return {
    ...element,
    attributes,
    content: content.map(item => {
      if (typeof item !== 'string') return changed(random, item, depth + 1)
      return random() < 0.05 ? values[seededInteger(random, 0, values.length - 1)] : item
    }),
  }
}
