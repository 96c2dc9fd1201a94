import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { schemaFaults, withoutOgcSchemas } from '../support/ogc-schemas.js'
import { runProgram } from '../support/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-style-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')

const feature = { type: 'Feature', properties: { kind: 'a' }, geometry: { type: 'Point', coordinates: [1, 45] } }
writeFileSync(join(folder, 'places.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
// In Latin-1, as many are; a label stands for what strict SLD cannot say.
const sld = `<?xml version="1.0" encoding="ISO-8859-1"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc"><NamedLayer><Name>places</Name><UserStyle><Name>trees</Name><FeatureTypeStyle>
<Rule><Name>forêt</Name><PointSymbolizer><Graphic><Mark><WellKnownName>star</WellKnownName><Fill><CssParameter name="fill">#00aa00</CssParameter></Fill></Mark><Size>9</Size></Graphic></PointSymbolizer>
<TextSymbolizer><Label><ogc:PropertyName>kind</ogc:PropertyName></Label><VendorOption name="autoWrap">60</VendorOption></TextSymbolizer></Rule>
</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>`
writeFileSync(join(folder, 'places.sld'), Buffer.from(sld, 'latin1'))

const style = (...args: string[]) => runProgram(['style', ...args, '--data', data])

t.test('prints the style that lies beside the data, in both versions', async t => {
  for (const as of ['sld', 'se']) {
    const { code, stdout, stderr } = await style('places', folder, '--as', as)
    t.equal(code, 0, stderr)
    const { layers, notes } = readSld(stdout)
    t.strictSame(notes, [])
    const [own] = layers[0].styles
    t.equal(layers[0].name, 'places')
    t.match(own, { kind: 'user', name: 'trees' })
    t.match(own.kind === 'user' && own.style.passes[0].rules[0], { name: 'forêt', symbolizers: [{ kind: 'point' }, { kind: 'text' }] })
    t.match(stderr, /not said in (sld|se): FeatureTypeStyle\/Rule\[forêt\]\/TextSymbolizer: autoWrap \(60\)/)
    await t.test('valid by its schema', { skip: withoutOgcSchemas }, async t => t.equal(schemaFaults(stdout), ''))
  }
})

t.test('without a style of its own it prints the default one', async t => {
  const { code, stdout, stderr } = await style('parcelles', '--as', 'se')
  t.equal(code, 0, stderr)
  t.ok(readSld(stdout).layers[0].styles.length > 0)
})

t.test('names what is there when something is not', async t => {
  const cases: [args: string[], code: number, said: RegExp][] = [
    [['plces', folder], 1, /no collection "plces"; did you mean "places"\?/],
    [['places', folder, '--name', 'x'], 1, /no style "x"; it has trees/],
    [['places', folder, '--as', 'qml'], 2, /Allowed choices are sld, se/],
  ]
  for (const [args, expected, said] of cases) {
    const { code, stdout, stderr } = await style(...args)
    t.equal(code, expected)
    t.match(stderr, said)
    t.equal(stdout, '')
  }
})
