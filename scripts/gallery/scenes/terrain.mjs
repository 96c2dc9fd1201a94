// Heights: ramps, classes, shading, and shading under what is translucent.
const mountains = [985_000, 6_208_000, 1_013_000, 6_228_000]
const scene = (id, en, fr, layers, more = {}) => ({
  id: `dem-${id}`,
  group: 'terrain',
  title: { en, fr },
  crs: 'EPSG:32733',
  bbox: mountains,
  layers,
  ...more,
})
const raster = (data, look) => ({ data, style: { raster: look } })
const ramp = [
  [0, '#5aa469'],
  [300, '#a7c27c'],
  [600, '#e8dfa0'],
  [1000, '#c99e63'],
  [1500, '#8f5f3c'],
  [2000, '#f5f2ee'],
]

const intervals = [
  [250, '#5aa469'],
  [500, '#a7c27c'],
  [900, '#e8dfa0'],
  [1400, '#c99e63'],
  [3000, '#8f5f3c'],
]

export const terrainScenes = [
  scene('default', 'No style: heights with light relief', 'Sans style : altitudes en léger relief', [{ data: 'srtm' }], {
    reference: false,
  }),
  scene('ramp', 'Ramp of heights (SLD)', 'Dégradé d’altitudes (SLD)', [
    { data: 'srtm', style: 'fixtures/styles/altitudes.sld', like: { ramp } },
  ]),
  scene('ramp-config', 'Ramp of heights, from the config', 'Dégradé d’altitudes, de la configuration', [
    raster('srtm', { value: 'b1', ramp }),
  ]),
  scene('intervals', 'Classes of height (SLD)', 'Classes d’altitude (SLD)', [
    { data: 'srtm', style: 'fixtures/styles/altitudes-classes.sld', like: { intervals } },
  ]),
  scene('hillshade', 'Hillshade', 'Ombrage', [raster('srtm', { value: 'hillshade(b1, 315, 45, 1)' })]),
  scene('hillshade-cover', 'Hillshade under translucent zones of vegetation', 'Ombrage sous étages translucides', [
    raster('srtm', { value: 'hillshade(b1, 315, 45, 1)' }),
    { data: 'heights', style: 'fixtures/styles/etages.sld' },
  ]),
  scene(
    'surface',
    'Surface model of 5 m, shaded',
    'Modèle de surface à 5 m, ombré',
    [raster('surface_5m', { value: 'hillshade(b1, 315, 45, 1)' })],
    { crs: 'EPSG:2154', bbox: [299_080, 6_801_200, 299_920, 6_801_800] },
  ),
  scene(
    'files',
    'Relief across two files',
    'Relief à travers deux fichiers',
    [raster('surface_files', { value: 'hillshade(b1, 315, 45, 1)' })],
    { crs: 'EPSG:2154', bbox: [299_580, 6_801_200, 300_420, 6_801_800] },
  ),
  scene(
    'palette',
    'Classes by the palette of their file',
    'Classes par la palette de leur fichier',
    [
      {
        data: 'height_classes',
        like: {
          values: [
            [1, '#5aa469'],
            [2, '#a7c27c'],
            [3, '#e8dfa0'],
            [4, '#c99e63'],
            [5, '#8f5f3c'],
          ],
        },
      },
    ],
    { bbox: [985_000, 6_222_000, 1_013_000, 6_242_000] },
  ),
  scene(
    'slope',
    'Slopes in classes',
    'Pentes en classes',
    [
      raster('srtm', {
        value: 'slope(b1)',
        intervals: [
          [5, '#1a9850'],
          [15, '#fee08b'],
          [30, '#fdae61'],
          [90, '#d7191c'],
        ],
      }),
    ],
    { reference: false },
  ),
  scene(
    'naip',
    'Aerial photograph, near infrared',
    'Photographie aérienne, proche infrarouge',
    [
      raster('naip', {
        bands: [4, 1, 2],
        ranges: [
          [0, 255],
          [0, 255],
          [0, 255],
        ],
      }),
    ],
    { crs: 'EPSG:26914', bbox: [487_200, 5_206_600, 489_300, 5_208_100] },
  ),
]
