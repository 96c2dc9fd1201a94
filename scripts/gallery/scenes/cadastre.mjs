// The French cadastre (EDIGEO sheet, PCI) in the styles that cadastrapp has for GeoServer, and Etalab's parcels.
import { lacks } from './lacks.mjs'

const style = name => `shared/styles/cadastre/${name}.sld`
const pci = (data, name) => ({ data: `pci_${data}`, style: style(name) })
const sheet = [952_560, 6_703_120, 952_728, 6_703_240]
const scene = (id, en, fr, layers, more = {}) => ({
  id: `cadastre-${id}`,
  group: 'cadastre',
  title: { en, fr },
  crs: 'EPSG:2154',
  bbox: sheet,
  layers,
  ...more,
})

export const cadastreScenes = [
  scene(
    'plan',
    'Parcels, buildings, water, lines',
    'Parcelles, bâtiments, eau, lignes',
    [
      pci('parcelle', 'geo_parcelle'),
      pci('tronfluv', 'geo_tronfluv'),
      pci('batiment', 'geo_batiment'),
      pci('tline', 'geo_tline'),
      pci('section', 'geo_section'),
    ],
    { lacks: lacks.turns },
  ),
  scene(
    'points',
    'Boundary marks and symbols of limits',
    'Bornes et symboles de limites',
    [pci('parcelle', 'geo_parcelle'), pci('borne', 'geo_borne'), pci('symblim', 'geo_symblim'), pci('tpoint', 'geo_tpoint')],
    {
      bbox: [952_476, 6_703_200, 952_560, 6_703_260],
      lacks: lacks.ground,
    },
  ),
  scene(
    'labels',
    'Numbers and street names, turned, in metres',
    'Numéros et noms de rues, tournés, en mètres',
    [pci('parcelle', 'geo_parcelle'), pci('batiment', 'geo_batiment'), pci('label', 'geo_label_3'), pci('label', 'geo_label')],
    { lacks: lacks.turns },
  ),
  scene('lines', 'Line signs', 'Signes linéaires', [pci('tline', 'geo_tline'), pci('tsurf', 'geo_tsurf')]),
  scene('red', 'Parcels in red lines', 'Parcelles en traits rouges', [
    pci('parcelle', 'parcelle_lgn_rouge'),
    pci('batiment', 'edi_bati_gris_plg'),
  ]),
  scene('etalab', 'Etalab’s parcels, no style', 'Parcelles d’Etalab, sans style', [{ data: 'etalab_parcelles' }], {
    bbox: [649_760, 6_842_340, 650_180, 6_842_640],
    reference: 'printed',
  }),
  scene('plu', 'Zones of a plan, no style: CNIG colours', 'Zones d’un PLU, sans style : couleurs du CNIG', [{ data: 'zone_urba' }], {
    bbox: [807_900, 6_321_200, 811_680, 6_323_900],
    reference: 'printed',
  }),
  scene(
    'prescriptions',
    'Prescriptions: hatches over zones',
    'Prescriptions : hachures sur zones',
    [{ data: 'zone_urba' }, { data: 'prescription_surf', style: 'fixtures/styles/prescriptions.sld' }],
    {
      bbox: [808_900, 6_321_900, 810_580, 6_323_100],
      lacks: lacks.patterns,
      reference: 'printed',
    },
  ),
]
