import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { styleWriters } from '#styles/writers.js'
import { writeTiff } from '../support/make-tiff.js'
import { schemaFaults, withoutOgcSchemas } from '../support/ogc-schemas.js'
import { runProgram } from '../support/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-style-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')

// A raster: no database has to start for it.
const image = { width: 4, height: 4, bands: [() => 7], epsg: 2154, place: [930_000, 6_890_000, 1, 1] as const }
writeTiff(join(folder, 'dem.tif'), [image])
// In Latin-1, as many are; intervals are what strict SLD 1.0.0 cannot say.
const sld = `<?xml version="1.0" encoding="ISO-8859-1"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>dem</Name><UserStyle><Name>classes</Name><FeatureTypeStyle>
<Rule><Name>forêt</Name><RasterSymbolizer><ColorMap type="intervals"><ColorMapEntry color="#00aa00" quantity="10"/><ColorMapEntry color="#aa0000" quantity="20"/></ColorMap></RasterSymbolizer></Rule>
</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>`
writeFileSync(join(folder, 'dem.sld'), Buffer.from(sld, 'latin1'))

const style = (...args: string[]) => runProgram(['style', ...args, '--data', data])

t.test('prints the style that lies beside the data, in both versions', async t => {
  for (const as of ['sld', 'se']) {
    const { code, stdout, stderr } = await style('dem', folder, '--as', as)
    t.equal(code, 0, stderr)
    const { layers, notes } = readSld(stdout)
    t.strictSame(notes, [])
    const [own] = layers[0].styles
    t.equal(layers[0].name, 'dem')
    t.match(own, { kind: 'user', name: 'classes' })
    t.match(own.kind === 'user' && own.style.passes[0].rules[0], {
      name: 'forêt',
      symbolizers: [{ kind: 'raster', colorMap: { entries: [{ color: '#00aa00' }, { color: '#aa0000' }] } }],
    })
    t.match(
      stderr,
      /not said in (sld|se): FeatureTypeStyle\/Rule\[forêt\]\/RasterSymbolizer: (a colour map of intervals|values from 20 on)/,
    )
    await t.test('valid by its schema', { skip: withoutOgcSchemas }, async t => t.equal(schemaFaults(stdout), ''))
  }
})

t.test('names what is there when something is not', async t => {
  const cases: [args: string[], code: number, said: RegExp][] = [
    [['dme', folder], 1, /no collection "dme"; did you mean "dem"\?/],
    [['dem', folder, '--name', 'x'], 1, /no style "x"; it has classes/],
    [['dem', folder, '--as', 'qml'], 2, new RegExp(`Allowed choices are ${Object.keys(styleWriters).join(', ')}`)],
  ]
  for (const [args, expected, said] of cases) {
    const { code, stdout, stderr } = await style(...args)
    t.equal(code, expected)
    t.match(stderr, said)
    t.equal(stdout, '')
  }
})
