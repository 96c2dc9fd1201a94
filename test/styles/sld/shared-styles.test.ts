import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import type { Style } from '#styles/style.js'
import { decodeXml } from '#xml/read.js'
import { sharedData } from '../../support/shared-data.js'

/** Real styles: of the French cadastre as GeoServer serves it, and of land cover as QGIS wrote it. */
const folders = ['styles/cadastre', 'styles/ocs/sld'].map(sharedData)
const skip = folders.map(folder => folder.skip).find(Boolean) ?? false
const files = skip
  ? []
  : folders.flatMap(({ path }) =>
      readdirSync(path)
        .filter(name => name.endsWith('.sld'))
        .map(name => ({ name, bytes: readFileSync(join(path, name)) })),
    )

/** All that these files hold and the model does not, by file and line. */
const losses: Record<string, readonly string[]> = {
  'geo_croix.sld': [
    '13 the Graphic of a picture that is not there: holds nothing that can be drawn, and is left out',
    '15 a picture from an address',
  ],
  'geo_zoncommuni.sld': ['41 followLine of a label at a point'],
  'parcelle_lgn_noire.sld': ['75 fill-opacity of a stroke'],
  'parcelle_lgn_rouge.sld': ['75 fill-opacity of a stroke'],
  'ocs2d_us_niv3_2021.sld': ['212 an empty Rotation'],
}

t.test('every real style is read, and what is not kept is named', { skip }, async t => {
  t.ok(files.length >= 97, `${files.length} files`)
  const named: Record<string, readonly (number | undefined)[]> = {}
  for (const { name, bytes } of files) {
    const { layers, notes } = readSld(bytes)
    t.ok(layers.length > 0, name)
    if (notes.length > 0) named[name] = notes.map(({ line }) => line)
  }
  for (const [name, lines] of Object.entries(losses))
    t.strictSame(
      named[name]?.slice(0, lines.length),
      lines.map(line => Number.parseInt(line, 10)),
      name,
    )
})

/**
 * Whatever stands in a file must be in the model or in the notes: counted by another parser, without a word of the reader. Colours, numbers, names of
 * properties, texts and fonts are compared as sets of words.
 */
t.test('nothing is dropped in silence', { skip }, async t => {
  for (const { name, bytes } of files) {
    const text = decodeXml(bytes)
    const { layers, notes } = readSld(bytes)
    const styles = layers.flatMap(layer => layer.styles.flatMap(one => (one.kind === 'user' ? [one.style] : [])))
    const count = (tag: string) => text.replaceAll(/<!--[\s\S]*?-->/g, '').match(new RegExp(`<(\\w+:)?${tag}[\\s>/]`, 'g'))?.length ?? 0
    const rules = styles.flatMap(style => style.passes.flatMap(pass => pass.rules))
    t.equal(styles.flatMap(({ passes }) => passes).length, count('FeatureTypeStyle'), `${name}: passes`)
    t.equal(rules.length, count('Rule'), `${name}: rules`)
    const drawn = rules.flatMap(rule => rule.symbolizers).length
    const told = notes.filter(({ path }) => /Symbolizer(\[\d+\])?\/Graphic$/.test(path)).length
    t.equal(drawn + told, count('(Polygon|Line|Point|Text|Raster)Symbolizer'), `${name}: symbolizers`)
    t.equal(rules.filter(rule => rule.filter).length, count('Filter'), `${name}: filters`)
    t.equal(rules.filter(rule => rule.minScaleDenominator !== undefined).length, count('MinScaleDenominator'), `${name}: least scales`)
    t.equal(rules.filter(rule => rule.maxScaleDenominator !== undefined).length, count('MaxScaleDenominator'), `${name}: greatest scales`)
    const kept = wordsOf(styles)
    // The size of a picture that is left out, as a note says.
    if (name === 'geo_croix.sld') kept.add('6')
    const missing = [...leaves(text)].filter(word => !kept.has(word) && !notes.some(({ message }) => message.toLowerCase().includes(word)))
    t.strictSame(missing, [], `${name}: values`)
  }
})

/** Elements whose texts are the file's own business, or say a default. */
const quiet = /^(Format|Name|Title|Abstract|IsDefault|WellKnownName)$/

/** The texts of parameters in a file, by fast-xml-parser: lower case, numbers as numbers are written. */
function leaves(text: string): Set<string> {
  const words = new Set<string>()
  const parser = new XMLParser({
    removeNSPrefix: true,
    ignoreAttributes: true,
    parseTagValue: false,
    preserveOrder: true,
    trimValues: true,
  })
  const visit = (nodes: readonly Record<string, unknown>[], parent: string) => {
    for (const node of nodes)
      for (const [key, value] of Object.entries(node)) {
        if (key === '#text') {
          // The wildcards of patterns are none of their texts.
          if (!quiet.test(parent)) for (const word of String(value).split(/[\s,]+/)) words.add(normal(word.replace(/\*$/, '')))
        } else if (Array.isArray(value)) visit(value, key)
      }
  }
  visit(parser.parse(text), '')
  words.delete('')
  return words
}

const normal = (word: string) => {
  const plain = word.toLowerCase()
  return plain !== '' && Number.isFinite(Number(plain)) ? String(Math.abs(Number(plain))) : plain
}

/** What a model says, likewise; and what its absent parts mean. */
function wordsOf(styles: readonly Style[]): Set<string> {
  const words = new Set(['1', '0', 'normal', 'bold', '400', '700', 'true', 'false', 'italic', 'mitre', 'miter'])
  const add = (...values: readonly number[]) => {
    for (const value of values) words.add(normal(String(Number(value.toPrecision(9)))))
  }
  const visit = (part: unknown) => {
    if (typeof part === 'object' && part !== null) {
      const { kind, angle, spacing, margin } = part as Partial<Record<'kind' | 'margin', unknown>> & {
        angle: number
        spacing: number | { metres: number }
      }
      // Lines between the corners of tiles, turned by an angle of the file's; gaps on both sides of a graphic.
      if (kind === 'hatch') add((typeof spacing === 'number' ? spacing : spacing.metres) * Math.SQRT2, angle - 45, angle - 90, angle - 135)
      if (Array.isArray(margin)) add(margin[0] / 2, margin[1] / 2)
      for (const inner of Object.values(part)) visit(inner)
    } else for (const word of String(part).split(/[\s,]+/)) words.add(normal(word))
  }
  visit(styles)
  return words
}
