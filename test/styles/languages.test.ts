import t from 'tap'
import { languageOf, styleExtensions } from '#styles/languages.js'

const qml = `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version="3.22"><renderer-v2 type="nullSymbol"/></qgis>`
const mapLibre = `{"version":8,"name":"n","sources":{"s":{}},"layers":[
  {"id":"b","type":"background"},
  {"id":"r","type":"line","source":"s","source-layer":"roads"},
  {"id":"p","type":"fill","source":"s","source-layer":"parks"}]}`

t.test('a file is of the language that its ending or its text says', async t => {
  t.equal(languageOf('a.qml', qml)?.name, 'QML')
  t.equal(languageOf('a.mbstyle', mapLibre)?.name, 'MapLibre')
  t.equal(languageOf('a.json', mapLibre)?.name, 'MapLibre', 'named, whatever it ends with')
  t.equal(languageOf('a.txt', qml)?.name, 'QML')
  t.equal(languageOf('a.json', '{"type":"FeatureCollection","features":[]}'), undefined)
  t.notOk(styleExtensions().includes('.json'), 'data are not taken for styles')
})

t.test('a MapLibre style has one for each layer of its sources', async t => {
  const { styles, notes } = languageOf('a.json', mapLibre)!.read(mapLibre)
  t.match(styles, [
    { layer: 'roads', name: 'n' },
    { layer: 'parks', name: 'n' },
  ])
  t.match(notes, [{ path: 'background', message: /belongs to a map/ }])
  t.throws(() => languageOf('a.json', mapLibre)!.read('{"layers":[]}'), { name: 'StyleError', message: /None of its layers/ })
})

t.test('a QML file is one style', async t => {
  t.same(languageOf('a.qml', qml)!.read(qml), { styles: [{ style: { passes: [] } }], notes: [] })
})
