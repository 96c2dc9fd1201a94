import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { awaited, scenes } from './scenes/index.mjs'

/** Writes `figures.json` and `index.html`. What was not drawn or read this time stays as it was. */
export function writePage(folder, rows, styles, version) {
  const file = join(folder, 'figures.json')
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { scenes: [], styles: [] }
  const made = new Map(before.scenes.map(row => [row.id, row]))
  for (const { scene, picture, reference, differing } of rows)
    made.set(scene.id, { id: scene.id, ...picture, ...(reference && { differing: Math.round(differing * 10_000) / 10_000 }) })
  const figures = {
    qgis: version ?? before.qgis,
    counted: howCounted.en,
    scenes: scenes.filter(({ id }) => made.has(id)).map(({ id }) => made.get(id)),
    styles: styles.length > 0 ? styles : before.styles,
  }
  writeFileSync(file, `${JSON.stringify(figures, undefined, 1)}\n`)
  writeFileSync(join(folder, 'index.html'), page(figures))
}

const howCounted = {
  en: 'Differing pixels: both pictures over white, blurred by a box of 3 x 3 pixels; a pixel differs where a channel is off by more than 32 of 255. QGIS draws the same data with the same style file, at the same size with pixels of 0.28 mm, and the same fonts. Where QGIS cannot read the style (none at all, MapLibre) it draws the SLD that “arpent style” prints; its ElseFilter, which QGIS overlooks, is written out for it.',
  fr: 'Pixels différents : les deux images sur blanc, floutées par une boîte de 3 x 3 pixels ; un pixel diffère où un canal s’écarte de plus de 32 sur 255. QGIS dessine les mêmes données avec le même fichier de style, à la même taille, pixels de 0,28 mm, mêmes polices. Quand QGIS ne lit pas le style (aucun, MapLibre), il dessine le SLD qu’imprime « arpent style » ; son ElseFilter, que QGIS ignore, y est écrit en toutes lettres.',
}
const groups = {
  village: ['The village of the demo', 'Le village de la démonstration'],
  'land cover': ['Land cover', 'Occupation du sol'],
  cadastre: ['Cadastre and plans', 'Cadastre et urbanisme'],
  thematic: ['Thematic maps', 'Cartes thématiques'],
  roads: ['Roads', 'Routes'],
  maplibre: ['Styles of MapLibre', 'Styles MapLibre'],
  labels: ['Labels', 'Étiquettes'],
  documents: ['Documents', 'Documents'],
  terrain: ['Terrain and photographs', 'Relief et photographies'],
  legends: ['Legends', 'Légendes'],
}
const escaped = text => String(text).replace(/[&<>"]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])
const both = ({ en, fr }) => `${escaped(en)}<br><i lang="fr">${escaped(fr)}</i>`
const percent = share => `${(100 * share).toFixed(1)} %`
const styleNames = ({ layers }) =>
  [...new Set(layers.map(({ style }) => (typeof style === 'string' ? style.split('/').at(-1) : style ? 'config' : '–')))].join(', ')

const remarksOn = ({ lacks, layers, reference }) => [
  ...(layers.some(({ like }) => like) ? [likeRemark] : []),
  ...(reference === 'printed' ? [printedRemark] : []),
  ...(lacks ? [lacks] : []),
]
const likeRemark = { en: 'QGIS: the same look, in a style of its own.', fr: 'QGIS : la même apparence, dans un style à lui.' }
const printedRemark = { en: 'QGIS: as “arpent style” prints it.', fr: 'QGIS : tel que « arpent style » l’imprime.' }

function figure({ id, width, height, differing }) {
  const scene = scenes.find(one => one.id === id)
  const image = (suffix, program) =>
    `<td><img src="${id}${suffix}.png" width="${width}" height="${height}" alt="${escaped(scene.title.en)}, ${program}" loading="lazy"></td>`
  const reference = differing === undefined ? '<td class="none">–</td>' : image('.reference', 'reference')
  const names = `<small>${escaped(styleNames(scene))}</small>${remarksOn(scene)
    .map(remark => `<br><small>${both(remark)}</small>`)
    .join('')}`
  return `<tr id="${id}"><th>${both(scene.title)}<br>${names}</th>${image('', 'Arpent')}${reference}<td class="number">${differing === undefined ? '–' : percent(differing)}</td></tr>`
}

const head = reference => `<tr><th></th><th>Arpent</th><th>${reference}</th><th>differing<br><i lang="fr">différents</i></th></tr>`

function page({ qgis, scenes: figures, styles }) {
  const sections = Object.entries(groups).map(([group, [en, fr]]) => {
    const rows = figures.filter(({ id }) => scenes.find(scene => scene.id === id).group === group)
    return rows.length === 0
      ? ''
      : `<h2>${en} · <i lang="fr">${fr}</i></h2>\n<table>\n${head(group === 'documents' ? 'PNG' : `QGIS ${qgis ?? ''}`)}\n${rows.map(figure).join('\n')}\n</table>`
  })
  const waiting = awaited.map(({ title }) => `<li>${escaped(title.en)} · <i lang="fr">${escaped(title.fr)}</i></li>`).join('\n')
  const read = styles.map(
    ({ file, language, rules, notes }) =>
      `<tr><td>${escaped(file)}</td><td>${language}</td><td class="number">${rules}</td><td>${notes.map(escaped).slice(0, 6).join('<br>')}${notes.length > 6 ? `<br>… ${notes.length - 6} more` : ''}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Arpent: gallery</title>
<style>
body { font: 15px/1.45 sans-serif; margin: 2rem auto; max-width: 1180px; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem 0.35rem 0; font-weight: normal; }
tr + tr { border-top: 1px solid #ddd; }
table th { min-width: 10rem; }
img { border: 1px solid #ccc; max-width: 100%; height: auto; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.none { color: #888; text-align: center; }
i { color: #666; }
small { color: #888; }
</style>
</head>
<body>
<h1>Gallery · <i lang="fr">Galerie</i></h1>
<p>${figures.length} scenes, each answered by the built server over HTTP (GetMap, GetLegendGraphic), beside the same map by QGIS. Made by <code>npm run gallery</code>.</p>
<p lang="fr"><i>${figures.length} scènes, chacune la réponse du serveur par HTTP (GetMap, GetLegendGraphic), à côté de la même carte par QGIS. Faites par <code>npm run gallery</code>.</i></p>
<p>${howCounted.en}</p>
<p lang="fr"><i>${howCounted.fr}</i></p>
${sections.filter(Boolean).join('\n')}
<h2>To come · <i lang="fr">À venir</i></h2>
<ul>
${waiting}
</ul>
${
  styles.length === 0
    ? ''
    : `<h2>Styles of others, as they are read · <i lang="fr">Styles d’ailleurs, tels que lus</i></h2>
<p>Whatever a style holds is in the map or in a note. · <i lang="fr">Tout ce qu’un style contient est sur la carte ou dans une note.</i></p>
<table>
<tr><th>file · <i lang="fr">fichier</i></th><th>language</th><th>rules</th><th>notes</th></tr>
${read.join('\n')}
</table>`
}
<p><small>Data · <i lang="fr">Données</i>: © OpenStreetMap contributors (ODbL); DGFiP, IGN, INSEE, Ville de Montpellier, Etalab (Licence Ouverte); USGS, USDA, NASA; Natural Earth. Styles: Géo2France, geOrchestra / Rennes Métropole (GPL-3.0), Mapbox (BSD).</small></p>
</body>
</html>
`
}
