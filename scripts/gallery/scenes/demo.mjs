// Scenes of the demo: an invented village. They need nothing beside the project.
import { lacks } from './lacks.mjs'

const styles = name => `fixtures/styles/${name}`
const lambert = 'EPSG:2154'
const village = [885_900, 6_869_470, 886_320, 6_869_770]
const centre = [886_000, 6_869_540, 886_210, 6_869_690]
const commune = [885_230, 6_869_100, 886_700, 6_870_150]
const scene = (id, en, fr, layers, more = {}) => ({ id, group: 'village', title: { en, fr }, crs: lambert, bbox: village, layers, ...more })
const layer = (data, style, more = {}) => ({ data, ...(style && { style: typeof style === 'string' ? styles(style) : style }), ...more })

const like = name => ({ like: styles(`reference/${name}.qml`) })

export const demoScenes = [
  scene(
    'default-village',
    'No style at all: the whole village',
    'Sans aucun style : tout le village',
    [layer('parcelles'), layer('hydrographie'), layer('routes'), layer('batiments'), layer('arbres')],
    { reference: 'printed' },
  ),
  scene(
    'default-commune',
    'No style at all: the commune, small scale',
    'Sans aucun style : la commune, petite échelle',
    [layer('limite_communale'), layer('parcelles'), layer('hydrographie'), layer('routes'), layer('batiments')],
    { bbox: commune, reference: 'printed' },
  ),
  scene(
    'cadastre-sld',
    'Parcels by land use with numbers, buildings by use',
    'Parcelles par nature avec numéros, bâtiments par usage',
    [layer('parcelles', 'parcelles.sld'), layer('batiments', 'batiments.sld')],
    { bbox: centre },
  ),
  scene(
    'hatches',
    'Hatches by land use',
    'Hachures par nature',
    [layer('parcelles', 'parcelles-hachures.sld', like('parcelles-hachures'))],
    {
      bbox: [885_400, 6_869_300, 886_240, 6_869_900],
    },
  ),
  scene('patterns', 'Patterns of marks', 'Motifs de symboles', [layer('parcelles', 'parcelles-motifs.sld')], {
    lacks: lacks.patterns,
    bbox: [885_400, 6_869_300, 886_240, 6_869_900],
  }),
  scene('roads', 'Roads with casings, names along them', 'Routes à bords, noms le long', [layer('routes', 'routes.sld')]),
  scene(
    'roads-strokes',
    'Dashes, marks along lines, parallels',
    'Tirets, symboles le long, parallèles',
    [layer('routes', 'routes-traits.sld')],
    { lacks: lacks.gaps },
  ),
  scene(
    'tree-crowns',
    'Crowns in metres on the ground, translucent',
    'Houppiers en mètres au sol, translucides',
    [layer('hydrographie'), layer('arbres', 'arbres-couronnes.sld', like('arbres-couronnes'))],
    { bbox: centre, reference: 'printed' },
  ),
  scene('marks', 'Marks by kind of place', 'Symboles par contexte', [layer('arbres', 'arbres-marques.sld', like('arbres-marques'))]),
  scene('icons', 'Icons (SVG) at churches and farms', 'Icônes SVG : lieux de culte, fermes', [layer('batiments', 'batiments-icones.sld')], {
    bbox: [885_750, 6_869_250, 886_400, 6_869_714],
  }),
  scene(
    'addresses',
    'House numbers beside points',
    'Numéros à côté des points',
    [layer('batiments', 'batiments.sld'), layer('adresses', 'adresses.sld', like('adresses'))],
    { bbox: centre },
  ),
  scene('qml-graduated', 'QML: heights of buildings, graduated', 'QML : hauteurs des bâtiments, gradué', [
    layer('batiments', 'batiments-hauteur.qml'),
  ]),
  scene(
    'qml-rules',
    'QML: rules with line patterns, labels',
    'QML : règles, motifs de lignes, étiquettes',
    [layer('parcelles', 'parcelles-regles.qml')],
    { bbox: centre },
  ),
  scene(
    'ortho-parcels',
    'Outlines over the photograph',
    'Contours sur la photographie',
    [layer('orthophoto'), layer('parcelles', 'parcelles-contours.sld')],
    { bbox: centre },
  ),
  scene(
    'ortho-infrared',
    'Infrared, red, green',
    'Infrarouge, rouge, vert',
    [
      layer('orthophoto', {
        raster: {
          bands: [4, 1, 2],
          ranges: [
            [0, 255],
            [0, 255],
            [0, 255],
          ],
        },
      }),
    ],
    { bbox: centre },
  ),
  scene(
    'ortho-ndvi',
    'Vegetation index, computed from bands',
    'Indice de végétation, calculé des bandes',
    [
      layer('orthophoto', {
        raster: {
          value: '(b4 - b1) / (b4 + b1)',
          ramp: [
            [-0.2, '#a50026'],
            [0.2, '#ffffbf'],
            [0.6, '#006837'],
          ],
        },
      }),
    ],
    { bbox: centre, reference: false },
  ),
  ...['multiply', 'screen', 'overlay'].map(mode =>
    scene(
      `blend-${mode}`,
      `Blend mode ${mode}: land use over the photograph`,
      `Mode de fusion ${mode} : nature sur la photographie`,
      [layer('orthophoto'), layer('parcelles', `parcelles-${mode}.sld`, { blend: mode })],
      { bbox: centre },
    ),
  ),
  scene('countries', 'Names within countries', 'Noms dans les pays', [layer('countries', 'pays.sld')], {
    crs: 'EPSG:3857',
    bbox: [-1_500_000, 4_200_000, 4_380_000, 8_400_000],
    background: '#dbe9f2',
  }),
  scene('countries-polar', 'The world from above the pole, no style', 'Le monde vu du pôle, sans style', [layer('countries')], {
    crs: 'EPSG:3035',
    bbox: [1_000_000, -500_000, 9_400_000, 5_500_000],
    reference: 'printed',
    background: '#dbe9f2',
  }),
]
