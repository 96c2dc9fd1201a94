// Land cover of Liechtenstein (OpenStreetMap, recoded) in the styles of OCS2D and OCS GE: five levels, cover and use, SLD and QML.
import { lacks } from './lacks.mjs'

const ocs = name => `shared/styles/ocs/${name}`
const vaduz = [2_756_400, 1_222_000, 2_761_440, 1_225_600]
const wide = [2_752_000, 1_216_000, 2_768_800, 1_228_000]
/** `like`: the same style as QML, where QGIS does not read the filters of the SLD (`strSubstring`). */
const scene = (id, en, fr, style, { like, ...more } = {}) => ({
  id: `ocs-${id}`,
  group: 'land cover',
  title: { en, fr },
  crs: 'EPSG:2056',
  bbox: vaduz,
  layers: [{ data: 'ocs', style: ocs(style), ...(like && { like: ocs(like) }) }],
  ...more,
})

export const landCoverScenes = [
  scene('cs1', 'Cover, level 1', 'Couverture, niveau 1', 'sld/ocs2d_cs_niv1_2021.sld', { like: 'qml/ocs2d_2021_cs_niv1.qml' }),
  scene('cs2', 'Cover, level 2', 'Couverture, niveau 2', 'sld/ocs2d_cs_niv2_2021.sld', { like: 'qml/ocs2d_2021_cs_niv2.qml' }),
  scene('cs3', 'Cover, level 3', 'Couverture, niveau 3', 'sld/ocs2d_cs_niv3_2021.sld', { lacks: lacks.patterns }),
  scene('us1', 'Use, level 1', 'Usage, niveau 1', 'sld/ocs2d_us_niv1_2021.sld', { like: 'qml/ocs2d_2021_us_niv1.qml' }),
  scene('us2', 'Use, level 2', 'Usage, niveau 2', 'sld/ocs2d_us_niv2_2021.sld', { like: 'qml/ocs2d_2021_us_niv2.qml' }),
  scene('us3', 'Use, level 3', 'Usage, niveau 3', 'sld/ocs2d_us_niv3_2021.sld', { lacks: lacks.patterns }),
  scene('cs2-wide', 'Cover, level 2, small scale', 'Couverture, niveau 2, petite échelle', 'sld/ocs2d_cs_niv2_2021.sld', {
    like: 'qml/ocs2d_2021_cs_niv2.qml',
    bbox: wide,
  }),
  scene(
    'enaf',
    'Natural, farmed, forest; built by kind',
    'Espaces naturels, agricoles, forestiers ; urbain par type',
    'sld/style_enaf_detail.sld',
  ),
  scene('qml-cs1', 'QML: cover, level 1', 'QML : couverture, niveau 1', 'qml/ocs2d_2021_cs_niv1.qml'),
  scene('qml-us2', 'QML: use, level 2', 'QML : usage, niveau 2', 'qml/ocs2d_2021_us_niv2.qml'),
  scene('qml-ocsge-cs', 'QML: OCS GE, cover', 'QML : OCS GE, couverture', 'qml/ocsge_cs.qml'),
  scene('qml-ocsge-us', 'QML: OCS GE, use', 'QML : OCS GE, usage', 'qml/ocsge_us.qml'),
  {
    ...scene('default', 'No style: the nomenclature is recognised', 'Sans style : la nomenclature est reconnue', ''),
    layers: [{ data: 'ocs' }],
    reference: 'printed',
  },
]
