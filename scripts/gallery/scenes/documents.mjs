// The same maps as documents, drawn by readers that are not ours, beside our own PNG.
const styles = name => `fixtures/styles/${name}`
const lambert = { crs: 'EPSG:2154', group: 'documents' }
const centre = [886_000, 6_869_540, 886_210, 6_869_690]
const cadastre = [
  { data: 'parcelles', style: styles('parcelles.sld') },
  { data: 'batiments', style: styles('batiments.sld') },
]
const fields = [{ data: 'parcelles', style: styles('parcelles-hachures.sld') }]
const scene = (id, en, fr, document, layers, bbox, more = {}) => ({
  id,
  title: { en, fr },
  document,
  layers,
  bbox,
  reference: false,
  ...lambert,
  ...more,
})

export const documentScenes = [
  scene('svg-cadastre', 'SVG (by librsvg)', 'SVG (par librsvg)', 'image/svg+xml', cadastre, centre),
  scene('svg-hatches', 'SVG: hatches', 'SVG : hachures', 'image/svg+xml', fields, [885_400, 6_869_300, 886_240, 6_869_900]),
  scene('pdf-cadastre', 'PDF (by Poppler)', 'PDF (par Poppler)', 'application/pdf', cadastre, centre),
  scene(
    'pdf-page',
    'PDF: a page of A4 with title, scale and legend',
    'PDF : une page A4 avec titre, échelle et légende',
    'application/pdf',
    cadastre,
    centre,
    {
      isPage: true,
      parameters: { FORMAT_OPTIONS: 'layout:a4;title:Saint-Évrault-sur-Meuse;credits:CC0;scalebar:on;north:on;legend:on' },
    },
  ),
]
