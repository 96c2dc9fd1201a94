// Towns, regions, continents: choropleths, roads, labels, styles of MapLibre.
import { lacks } from './lacks.mjs'

const styles = name => `fixtures/styles/${name}`
const vaduz = [2_756_700, 1_222_600, 2_758_800, 1_224_100]
const scene = (id, group, en, fr, crs, bbox, layers, more = {}) => ({ id, group, title: { en, fr }, crs, bbox, layers, ...more })
const gl = (id, en, fr, file, bbox, layers, background) =>
  scene(
    `maplibre-${id}`,
    'maplibre',
    en,
    fr,
    'EPSG:2056',
    bbox,
    layers.map(name => ({ data: name, as: name, style: `shared/styles/mapbox-gl/${file}.json` })),
    { background, reference: 'printed', lacks: lacks.functions },
  )
const streets = ['landuse', 'water', 'waterway', 'building', 'road', 'road_label', 'place_label']
const grandEst = [728_000, 6_700_000, 1_092_000, 6_960_000]

export const smallScaleScenes = [
  scene('population', 'thematic', 'Density of population (SLD)', 'Densité de population (SLD)', 'EPSG:2154', grandEst, [
    { data: 'communes', style: styles('densite.sld') },
    { data: 'departements', style: styles('departements.sld') },
  ]),
  scene(
    'population-default',
    'thematic',
    'No style: a quantity is recognised',
    'Sans style : une quantité est reconnue',
    'EPSG:2154',
    grandEst,
    [{ data: 'communes' }],
    { reference: 'printed' },
  ),
  scene(
    'roads-default',
    'roads',
    'Roads of OpenStreetMap, no style',
    'Routes d’OpenStreetMap, sans style',
    'EPSG:2056',
    vaduz,
    [{ data: 'osm_buildings' }, { data: 'osm_roads' }],
    { reference: 'printed' },
  ),
  scene(
    'roads-default-wide',
    'roads',
    'The same at a smaller scale',
    'De même, à plus petite échelle',
    'EPSG:2056',
    [2_754_000, 1_219_000, 2_765_200, 1_227_000],
    [{ data: 'osm_roads' }],
    { reference: 'printed' },
  ),
  gl(
    'basic',
    'Mapbox basic v9',
    'Mapbox basic v9',
    'basic-v9',
    vaduz,
    streets.filter(name => name !== 'road_label').concat('road_label'),
    '#dedede',
  ),
  gl('bright', 'Mapbox bright v9', 'Mapbox bright v9', 'bright-v9', vaduz, streets, '#f8f4f0'),
  gl(
    'bright-wide',
    'Mapbox bright v9, smaller scale',
    'Mapbox bright v9, plus petite échelle',
    'bright-v9',
    [2_752_000, 1_216_000, 2_768_800, 1_228_000],
    streets.filter(name => name !== 'building'),
    '#f8f4f0',
  ),
  scene(
    'rivers',
    'labels',
    'Names along rivers',
    'Noms le long des fleuves',
    'EPSG:3035',
    [3_200_000, 2_300_000, 4_600_000, 3_300_000],
    [
      { data: 'land', style: styles('terres.sld') },
      { data: 'lakes', style: styles('lacs.sld') },
      { data: 'rivers', style: styles('fleuves.sld') },
    ],
    { background: '#d5e5ef' },
  ),
  scene(
    'cities',
    'labels',
    'Cities, the largest first',
    'Villes, les plus grandes d’abord',
    'EPSG:3035',
    [2_700_000, 1_600_000, 5_500_000, 3_600_000],
    [
      { data: 'land', style: styles('terres.sld') },
      { data: 'cities', style: styles('villes.sld') },
    ],
    { lacks: lacks.places, background: '#d5e5ef' },
  ),
  scene(
    'quarters',
    'labels',
    'Names within quarters, broken into lines',
    'Noms dans les quartiers, sur plusieurs lignes',
    'EPSG:2154',
    [765_600, 6_276_200, 774_000, 6_282_200],
    [{ data: 'quartiers', style: styles('quartiers.sld') }],
  ),
  scene(
    'restaurants',
    'labels',
    'Icons with names',
    'Icônes avec noms',
    'EPSG:2154',
    [770_200, 6_278_900, 771_040, 6_279_500],
    [{ data: 'bati_montpellier' }, { data: 'voies' }, { data: 'restaurants', style: styles('restaurants.sld') }],
    { lacks: lacks.places, reference: 'printed' },
  ),
  scene(
    'montpellier',
    'roads',
    'A town without a word of style',
    'Une ville sans un mot de style',
    'EPSG:2154',
    [769_900, 6_278_700, 772_000, 6_280_200],
    [{ data: 'cours_eau' }, { data: 'bati_montpellier' }, { data: 'voies' }],
    { reference: 'printed' },
  ),
]
