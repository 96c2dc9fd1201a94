import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { openFeatureFile } from '#formats/features/readers/index.js'
import { statisticsOf } from '#rows/column-statistics.js'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import { tellingColumns } from '#styles/suggest/telling-columns.js'
import { sharedData } from '../../support/shared-data.js'
import { titles } from './columns.js'

/** What a cartographer would draw a layer by, who knows nothing of it but what is in it; none: one colour for all. */
type Expected = readonly [layer: string, column: string | undefined, classes?: readonly string[]]

const demo: Readonly<Record<string, readonly Expected[]>> = {
  'saint-evrault.gpkg': [
    ['parcelles', 'nature', ['Bois', 'Jardin', 'Pré', 'Sol', 'Terre', 'Verger', 'Autre']],
    ['batiments', 'usage', ['Agricole', 'Annexe', 'Religieux', 'Résidentiel']],
    ['routes', 'importance', ['Desserte locale', 'Voie structurante de commune', 'Liaison entre communes']],
    ['limite_communale', undefined],
  ],
  'arbres.geojson': [['arbres', 'contexte']],
  'adresses.geojson': [['adresses', undefined]],
  'countries.geojson': [['countries', undefined]],
}

const shared: Readonly<Record<string, Expected>> = {
  'demo/admin/cantons-grand-est-2018.geojson': ['cantons-grand-est-2018', undefined],
  'demo/admin/departements-grand-est-2018.geojson': ['departements-grand-est-2018', undefined],
  'demo/montpellier/VilleMTP_MTP_MonumentsHist/VilleMTP_MTP_MonumentsHist.zip': ['', 'NATURE'],
  'demo/montpellier/VilleMTP_MTP_CoursEau/VilleMTP_MTP_CoursEau.zip': ['', 'SYM'],
  'demo/montpellier/VilleMTP_MTP_FilaireVoies/VilleMTP_MTP_FilaireVoies.zip': ['', 'DOMANIALIT'],
  'demo/montpellier/VilleMTP_MTP_EtabliPublic/VilleMTP_MTP_EtabliPublic.geojson': ['', 'DELTA_CAT'],
  'demo/montpellier/VilleMTP_MTP_Quartiers/VilleMTP_MTP_Quartiers.geojson': ['', undefined],
  'bench/montpellier/OSM_MTP_Restaurants/OSM_MTP_Restaurants.geojson': [
    '',
    'type',
    ['Bars', 'Cafés', 'Fast-Foods', 'Restaurants', 'Autre'],
  ],
  'bench/montpellier/VilleMTP_MTP_PlacesReserv/VilleMTP_MTP_PlacesReserv.geojson': ['', 'F01_TYPE_D'],
  'bench/montpellier/VilleMTP_MTP_BassinsVersants/VilleMTP_MTP_BassinsVersants.geojson': ['', undefined],
  'bench/cadastre/cadastre-91216-parcelles.geojson.gz': ['', undefined],
  'bench/natural-earth/ne_10m_rivers_europe.geojson.gz': ['', 'featurecla'],
  'bench/natural-earth/ne_50m_populated_places_simple.geojson.gz': ['', 'featurecla'],
  'bench/natural-earth/ne_50m_land.geojson.gz': ['', undefined],
  'bench/statistics/communes-cog.csv.gz': ['', 'population'],
  'bench/urbanisme/ign-tutoriel-installation.gpkg': ['installation', 'lib_regime', ['Autorisation', 'Autres régimes', 'Enregistrement']],
  'bench/urbanisme/200011781_PLUi_20180101/ZONE_URBA.shp': ['', 'TYPEZONE'],
  'bench/urbanisme/30014_PLU_20171013/30014_ZONE_URBA_20171013.shp': [
    '',
    'TYPEZONE',
    ['U Zone urbaine', 'AUc Zone à urbaniser', 'A Zone agricole', 'N Zone naturelle et forestière'],
  ],
  'bench/urbanisme/41175_PLU_20140603/ZONE_URBA.shp': ['', 'TYPEZONE'],
  'bench/urbanisme/41175_PLU_20140603/PRESCRIPTION_LIN.shp': [
    '',
    'LIBELLE',
    ['Alignement d’arbres', 'Haie', 'Mur ou muret'].map(text => text.replace('’', "'")),
  ],
}

/** Rows read of a file. */
const mostRows = 30_000

async function judge(t: Test, path: string, [name, column, classes]: Expected) {
  const file = await openFeatureFile(path)
  try {
    const layer = name === '' ? file.layers[0] : file.layers.find(layer => layer.name === name)
    if (!layer) return t.fail(`${name} is in ${path}`)
    const rows: (readonly unknown[])[] = []
    for await (const chunk of layer.read()) if (rows.push(...chunk.rows) > mostRows) break
    const columns = tellingColumns(layer.columns.map(column => ({ ...column, nativeType: column.kind })))
    const known = columns.map(column => {
      const at = layer.columns.findIndex(({ name }) => name === column.name)
      return statisticsOf(
        column,
        rows.map(row => row[at]),
        rows.length <= mostRows,
      )
    })
    const suggestion = suggestStyle(layer.name, layer.geometry?.type ?? 'POLYGON', known)
    t.equal(suggestion.column, column, `${basename(path)} ${layer.name}: ${suggestion.reason ?? 'one colour'}`)
    if (classes) t.same(titles(suggestion.style), classes)
  } finally {
    await file.close()
  }
}

t.test('the demo is drawn as a cartographer would', async t => {
  for (const [file, layers] of Object.entries(demo)) for (const layer of layers) await judge(t, join('fixtures/demo', file), layer)
})

t.test('and so are open data of France and of the world', { skip: sharedData('demo').skip }, async t => {
  const folder = t.testdir()
  for (const [name, layer] of Object.entries(shared)) {
    const { path } = sharedData(name)
    if (!existsSync(path)) continue
    const plain = path.endsWith('.gz') ? join(folder, basename(path, '.gz')) : path
    if (plain !== path) writeFileSync(plain, gunzipSync(readFileSync(path)))
    await judge(t, plain, layer)
  }
})
