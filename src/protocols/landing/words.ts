/** What the pages say, per language; the first is the refuge of all others. */
const words = {
  en: {
    add: 'Add to QGIS',
    addHow: 'Layer ▸ Add Layer ▸ Add WMS/WMTS Layer ▸ New: paste this address.',
    address: 'Service address (WMS)',
    all: 'All data',
    areas: 'areas',
    columns: 'Columns',
    copied: 'Copied',
    copy: 'Copy',
    crs: 'Reference system',
    empty: 'Nothing is published here yet.',
    feature: 'feature',
    features: 'features',
    findings: 'What will hurt',
    leftOut: 'Left out',
    lines: 'lines',
    legal: 'Licence',
    map: 'Map',
    mixed: 'mixed shapes',
    next: 'Next',
    none: 'No dataset matches.',
    noGeometry: 'table without geometry',
    open: 'Open',
    pixels: 'pixels',
    files: 'files',
    points: 'points',
    previous: 'Previous',
    raster: 'image',
    ready: 'ready',
    report: 'Report',
    search: 'Search',
    show: 'Show on the map',
    warnings: 'to improve',
  },
  fr: {
    add: 'Ajouter dans QGIS',
    addHow: 'Couche ▸ Ajouter une couche ▸ Ajouter une couche WMS/WMTS ▸ Nouveau : coller cette adresse.',
    address: 'Adresse du service (WMS)',
    all: 'Toutes les données',
    areas: 'surfaces',
    columns: 'Colonnes',
    copied: 'Copié',
    copy: 'Copier',
    crs: 'Système de référence',
    empty: "Rien n'est encore publié ici.",
    feature: 'objet',
    features: 'objets',
    findings: 'Ce qui va gêner',
    leftOut: 'Laissés de côté',
    lines: 'lignes',
    legal: 'Licence',
    map: 'Carte',
    mixed: 'formes mêlées',
    next: 'Suivant',
    none: 'Aucun jeu de données ne correspond.',
    noGeometry: 'table sans géométrie',
    open: 'Ouvrir',
    pixels: 'pixels',
    files: 'fichiers',
    points: 'points',
    previous: 'Précédent',
    raster: 'image',
    ready: 'prêt',
    report: 'Rapport',
    search: 'Rechercher',
    show: 'Afficher sur la carte',
    warnings: 'à améliorer',
  },
} as const

export type Words = { readonly [name in keyof (typeof words)['en']]: string }
export type PageLanguage = keyof typeof words

/** The language of a page: the first accepted one that the pages speak. */
export function pageLanguage(accepted: readonly string[]): PageLanguage {
  return accepted.find((language): language is PageLanguage => Object.hasOwn(words, language)) ?? 'en'
}

export function wordsIn(language: PageLanguage): Words {
  return words[language]
}
