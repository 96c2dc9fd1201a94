import { entriesOf, type Nomenclature } from './nomenclature.js'

/** Corine Land Cover, level 3, in the colours of the European Environment Agency; labels of the French edition. */
export const corineLandCover: Nomenclature = {
  title: 'Corine Land Cover',
  columns: /^(code_?(clc)?_?(90|00|06|12|18|24|19\d\d|20\d\d)|(code_?)?clc(_?(code|n3|niv3|niveau_?3))?(_?\d{2,4})?)$/,
  opacity: 0.75,
  entries: entriesOf(`
    111 #e6004d Tissu urbain continu
    112 #ff0000 Tissu urbain discontinu
    121 #cc4df2 Zones industrielles ou commerciales et installations publiques
    122 #cc0000 Réseaux routier et ferroviaire et espaces associés
    123 #e6cccc Zones portuaires
    124 #e6cce6 Aéroports
    131 #a600cc Extraction de matériaux
    132 #a64d00 Décharges
    133 #ff4dff Chantiers
    141 #ffa6ff Espaces verts urbains
    142 #ffe6ff Équipements sportifs et de loisirs
    211 #ffffa8 Terres arables hors périmètres d’irrigation
    212 #ffff00 Périmètres irrigués en permanence
    213 #e6e600 Rizières
    221 #e68000 Vignobles
    222 #f2a64d Vergers et petits fruits
    223 #e6a600 Oliveraies
    231 #e6e64d Prairies et autres surfaces toujours en herbe
    241 #ffe6a6 Cultures annuelles associées à des cultures permanentes
    242 #ffe64d Systèmes culturaux et parcellaires complexes
    243 #e6cc4d Surfaces agricoles interrompues par des espaces naturels importants
    244 #f2cca6 Territoires agroforestiers
    311 #80ff00 Forêts de feuillus
    312 #00a600 Forêts de conifères
    313 #4dff00 Forêts mélangées
    321 #ccf24d Pelouses et pâturages naturels
    322 #a6ff80 Landes et broussailles
    323 #a6e64d Végétation sclérophylle
    324 #a6f200 Forêt et végétation arbustive en mutation
    331 #e6e6e6 Plages, dunes et sable
    332 #cccccc Roches nues
    333 #ccffcc Végétation clairsemée
    334 #000000 Zones incendiées
    335 #a6e6cc Glaciers et neiges éternelles
    411 #a6a6ff Marais intérieurs
    412 #4d4dff Tourbières
    421 #ccccff Marais maritimes
    422 #e6e6ff Marais salants
    423 #a6a6e6 Zones intertidales
    511 #00ccf2 Cours et voies d’eau
    512 #80f2e6 Plans d’eau
    521 #00ffa6 Lagunes littorales
    522 #a6ffe6 Estuaires
    523 #e6f2ff Mers et océans
  `),
}
