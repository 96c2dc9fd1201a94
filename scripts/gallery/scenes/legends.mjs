// Legends, as GetLegendGraphic draws them. QGIS lays its own out otherwise: nothing to compare.
const legend = (id, en, fr, data, style, options = {}) => ({
  id: `legend-${id}`,
  group: 'legends',
  title: { en, fr },
  reference: false,
  legend: options,
  layers: [{ data, ...(style && { style }) }],
})

export const legendScenes = [
  legend('ocs', 'Legend: cover, level 2', 'Légende : couverture, niveau 2', 'ocs', 'shared/styles/ocs/sld/ocs2d_cs_niv2_2021.sld'),
  legend(
    'columns',
    'Legend in two columns: use, level 2',
    'Légende en deux colonnes : usage, niveau 2',
    'ocs',
    'shared/styles/ocs/sld/ocs2d_us_niv2_2021.sld',
    { LEGEND_OPTIONS: 'columns:2;fontSize:10' },
  ),
  legend('hatches', 'Legend: hatches', 'Légende : hachures', 'parcelles', 'fixtures/styles/parcelles-hachures.sld', {
    WIDTH: 40,
    HEIGHT: 24,
  }),
  legend('marks', 'Legend: marks', 'Légende : symboles', 'arbres', 'fixtures/styles/arbres-marques.sld'),
  legend('roads', 'Legend: roads of OpenStreetMap, no style', 'Légende : routes d’OpenStreetMap, sans style', 'osm_roads'),
  legend('qml', 'Legend: graduated QML', 'Légende : QML gradué', 'batiments', 'fixtures/styles/batiments-hauteur.qml'),
  legend('ramp', 'Legend: ramp of heights', 'Légende : dégradé d’altitudes', 'srtm', 'fixtures/styles/altitudes.sld'),
  legend('gamma', 'Legend: heights with a gamma of 2.5', 'Légende : altitudes à gamma 2,5', 'srtm', {
    raster: { value: 'b1', range: [0, 2000], gamma: 2.5 },
  }),
  legend('palette', 'Legend: a palette and the names in its file', 'Légende : une palette et les noms de son fichier', 'height_classes'),
  legend('icons', 'Legend: icons', 'Légende : icônes', 'batiments', 'fixtures/styles/batiments-icones.sld'),
  legend(
    'cadastre',
    'Legend: line signs of the cadastre',
    'Légende : signes linéaires du cadastre',
    'pci_tline',
    'shared/styles/cadastre/geo_tline.sld',
  ),
  legend('density', 'Legend: density of population', 'Légende : densité de population', 'communes', 'fixtures/styles/densite.sld'),
]
