import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { writeSld } from '#styles/sld/write-sld.js'
import { rulesOf, type Style } from '#styles/style.js'
import { debianPython, seenBy } from '../../clients/support/python.js'
import { missing, unlessAll } from '../../support/programs.js'
import { sharedData } from '../../support/shared-data.js'

type Layer = readonly [type: string, properties: Readonly<Record<string, string>>, ...below: readonly unknown[]]

interface SeenRule {
  readonly label: string
  readonly filter: string
  readonly isElse: boolean
  readonly scales: readonly [number, number]
  readonly layers: readonly Layer[]
}

interface Seen {
  readonly ok: boolean
  readonly rules: readonly SeenRule[]
}

const folders = ['styles/cadastre', 'styles/ocs/sld'].map(sharedData)
const skip =
  unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core')) ||
  (folders.map(folder => folder.skip).find(Boolean) ?? false)

/** Files that QGIS reads otherwise than what is written from them, and why it is QGIS that errs. */
const misread: Readonly<Record<string, string>> = {
  'edi_test.sld': 'has only labels, and QGIS reads none',
  'geo_croix.sld': 'its picture from an address is left out here',
  'geo_subdfisc.sld': 'QGIS reads no scale denominators with decimals',
  'geo_subdsect.sld': 'likewise',
  'geo_zoncommuni.sld': 'likewise',
  'rest_test.sld': 'likewise',
  'rest_test2.sld': 'likewise',
  'geo_tline.sld': 'QGIS reads no literal in a Gap',
}

t.test('QGIS sees in the real styles what the model says, and the same in what is written from it', { skip }, async t => {
  const folder = t.testdir()
  const files = folders.flatMap(({ path }) =>
    readdirSync(path).flatMap(name => {
      const bytes = name.endsWith('.sld') ? readFileSync(join(path, name)) : undefined
      const kind = bytes && kindOf(bytes.toString('latin1'))
      const [style] = kind ? readSld(bytes).layers[0].styles : []
      return style?.kind === 'user' ? [{ name, kind, path: join(path, name), style: style.style }] : []
    }),
  )
  const asked = files.flatMap(({ name, kind, path, style }) => {
    const written = join(folder, `${name}.se`)
    writeFileSync(written, writeSld(style, { version: '1.1.0', layer: 'l' }).text)
    return [kind!, path, kind!, written]
  })
  const seen = await seenBy<Seen>(debianPython, 'qgis_sld.py', ...asked)

  let compared = 0
  for (const [i, { name, style }] of files.entries()) {
    const [source, written] = [seen[2 * i], seen[2 * i + 1]].map(({ rules }) => rules.map(rule => ({ ...rule, label: rule.label.trim() })))
    if (!(name in misread)) t.strictSame(written, source, `${name}: QGIS reads the same from what is written`)
    compared += compareFills(t, name, style, source)
  }
  t.ok(files.length >= 71, `${files.length} files`)
  t.ok(compared > 250, `${compared} fills and outlines were compared`)
})

function kindOf(text: string): string | undefined {
  if (/PolygonSymbolizer/.test(text)) return 'Polygon'
  return /LineSymbolizer/.test(text) ? 'LineString' : /PointSymbolizer/.test(text) ? 'Point' : undefined
}

/** Plain fills of rules with one symbolizer: colour, opacity, outline and its width in pixels. */
function compareFills(t: Test, name: string, style: Style, seen: readonly SeenRule[]): number {
  const rules = rulesOf(style)
  if (rules.length !== seen.length) return 0
  let count = 0
  for (const [i, { symbolizers }] of rules.entries()) {
    const [symbolizer] = symbolizers
    const [layer] = seen[i].layers
    if (symbolizers.length !== 1 || symbolizer.kind !== 'fill' || layer?.[0] !== 'SimpleFill' || typeof symbolizer.color !== 'string')
      continue
    const properties = layer[1]
    count++
    t.strictSame(rgba(properties.color), [symbolizer.color, symbolizer.opacity], `${name}: the fill of rule ${i}`)
    if (typeof symbolizer.outline?.width !== 'number') continue
    const { color, width } = symbolizer.outline
    t.strictSame([rgba(properties.outline_color)[0], Number(properties.outline_width)], [color, width], `${name}: the outline of rule ${i}`)
  }
  return count
}

/** `r,g,b,a` as a colour and an opacity of two digits. */
function rgba(text: string): readonly [color: string, opacity: number] {
  const [r, g, b, a] = text.split(',').map(Number)
  return [`#${[r, g, b].map(value => value.toString(16).padStart(2, '0')).join('')}`, Math.round((a / 255) * 100) / 100]
}
