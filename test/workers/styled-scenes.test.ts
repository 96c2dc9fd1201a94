import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { inlineIcons } from '#cli/publish/inline-icons.js'
import type { FeatureSource } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import { fitStyle } from '#core/fit-style.js'
import { suggestedStyle } from '#core/suggested-style.js'
import { openFeatureFile } from '#formats/features/readers/index.js'
import type { Bbox } from '#geo/bbox.js'
import { languageOf } from '#styles/languages.js'
import type { Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { decodeXml } from '#xml/read.js'
import { distanceToGolden } from '../support/golden-image.js'
import { memoryStore } from '../support/memory-store.js'

// Scenes of the gallery (`scripts/gallery/scenes/demo.mjs`) that need no data beside the project, from their files to the picture; QGIS's of the same are there.

const store = memoryStore('demo', [])
for (const name of ['saint-evrault.gpkg', 'adresses.geojson', 'arbres.geojson', 'countries.geojson']) {
  const file = await openFeatureFile(`fixtures/demo/${name}`)
  for (const layer of file.layers) await store.load!({ schema: 'public', table: layer.name, mode: 'create' }, layer, {})
  await file.close()
}
const descriptions = new Map((await store.discover({})).map(description => [description.table, description]))
const sources = new Map<string, FeatureSource>()
for (const { schema, table, columns, geometries, key } of descriptions.values())
  sources.set(table, { kind: 'features', store: 'demo', schema, table, columns, geometries, key, geometry: geometries[0].name })
const renderer = inlineRenderer({
  features: () => store,
  raster: () => {
    throw new Error('no rasters here')
  },
})

/** The style of a file, or that of a layer nobody has styled. */
async function styleOf(t: Test, source: FeatureSource, file?: string): Promise<Style> {
  if (file === undefined) {
    const [statistics] = await store.columnStatistics!([descriptions.get(source.table)!])
    return suggestedStyle(source.table, source, statistics).style
  }
  const path = `fixtures/styles/${file}`
  const text = decodeXml(readFileSync(path))
  const { styles, notes } = languageOf(path, text)!.read(text)
  t.same(notes, [], `all of ${file} is read`)
  const { style, faults } = await inlineIcons(styles[0].style, path)
  t.same(faults, [], `its pictures are there`)
  return fitStyle(style, source).style
}

type Layer = readonly [table: string, style?: string]
const [village, centre, fields]: readonly Bbox[] = [
  [885_900, 6_869_470, 886_320, 6_869_770],
  [886_000, 6_869_540, 886_210, 6_869_690],
  [885_400, 6_869_300, 886_240, 6_869_900],
]
const scenes: Readonly<Record<string, { readonly layers: readonly Layer[]; readonly bbox: Bbox; readonly crs?: string }>> = {
  'parcels-and-numbers': {
    layers: [
      ['parcelles', 'parcelles.sld'],
      ['batiments', 'batiments.sld'],
    ],
    bbox: centre,
  },
  hatches: { layers: [['parcelles', 'parcelles-hachures.sld']], bbox: fields },
  patterns: { layers: [['parcelles', 'parcelles-motifs.sld']], bbox: fields },
  'roads-with-names': { layers: [['routes', 'routes.sld']], bbox: village },
  'strokes-and-parallels': { layers: [['routes', 'routes-traits.sld']], bbox: village },
  'crowns-in-metres': { layers: [['arbres', 'arbres-couronnes.sld']], bbox: centre },
  marks: { layers: [['arbres', 'arbres-marques.sld']], bbox: village },
  icons: { layers: [['batiments', 'batiments-icones.sld']], bbox: [885_750, 6_869_250, 886_400, 6_869_714] },
  'house-numbers': {
    layers: [
      ['batiments', 'batiments.sld'],
      ['adresses', 'adresses.sld'],
    ],
    bbox: centre,
  },
  'qml-graduated': { layers: [['batiments', 'batiments-hauteur.qml']], bbox: village },
  'qml-rules': { layers: [['parcelles', 'parcelles-regles.qml']], bbox: centre },
  'names-of-countries': { layers: [['countries', 'pays.sld']], bbox: [-1_500_000, 4_200_000, 4_380_000, 8_400_000], crs: 'EPSG:3857' },
  'no-style': { layers: [['parcelles'], ['routes'], ['batiments']], bbox: village },
}

for (const [name, { layers, bbox, crs = 'EPSG:2154' }] of Object.entries(scenes))
  t.test(`the scene ${name} looks as it was last approved`, async t => {
    const [width, height] = [280, 200]
    const { bytes } = await renderer.draw({
      width,
      height,
      crs,
      bbox,
      background: { color: 0xffffff, isTransparent: false },
      mediaType: 'image/png',
      scaleDenominator: (bbox[2] - bbox[0]) / width / 0.00028,
      pixelRatio: 1,
      layers: await Promise.all(
        layers.map(async ([table, file]) => {
          const source = sources.get(table)!
          return { kind: 'features' as const, source, geometry: source.geometries[0], style: await styleOf(t, source, file) }
        }),
      ),
      maxFeatures: 10_000,
      deadline: steadyNow() + 900_000,
    })
    const { mean, visible } = await distanceToGolden(`scenes/${name}.png`, bytes)
    t.ok(mean < 0.2 && visible < 0.004, `mean ${mean.toFixed(3)}, visible ${(visible * 100).toFixed(2)} %`)
  })
