import type { CodedEntry } from './find-nomenclature.js'

/** How a class of roads is drawn. */
export interface RoadLook {
  readonly color: string
  /** Times the width of a line in the default style. */
  readonly width: number
  /** Paths have none. */
  readonly casing?: string
  /** Of what is no road for cars: lengths of dash and gap. */
  readonly dashes?: readonly [number, number]
  /** Drawn over roads of lower levels. */
  readonly level: 0 | 1 | 2
}

/** Kinds of roads, and how each is drawn. */
export interface RoadNomenclature {
  readonly title: string
  readonly columns: RegExp
  readonly entries: readonly (CodedEntry & { readonly look: RoadLook })[]
}

/** From the widest to paths: the more a road matters the darker and wider it is, so that no hue is needed to tell. */
const motorway: RoadLook = { color: '#9c2a4f', width: 1.8, casing: '#5d1630', level: 2 }
const trunk: RoadLook = { color: '#c8503c', width: 1.6, casing: '#7a2d20', level: 2 }
const primary: RoadLook = { color: '#e8893a', width: 1.4, casing: '#94501a', level: 2 }
const secondary: RoadLook = { color: '#f4bf58', width: 1.2, casing: '#99752f', level: 1 }
const tertiary: RoadLook = { color: '#f6e3a1', width: 1.05, casing: '#948a66', level: 1 }
const street: RoadLook = { color: '#e4dfd6', width: 0.9, casing: '#8d877c', level: 0 }
const quiet: RoadLook = { color: '#dcd6e0', width: 0.8, casing: '#8d877c', level: 0 }
const access: RoadLook = { color: '#cfc9bf', width: 0.6, casing: '#8d877c', level: 0 }
const track: RoadLook = { color: '#8a6d3f', width: 0.5, dashes: [6, 3], level: 0 }
const path: RoadLook = { color: '#5f6b3a', width: 0.4, dashes: [3, 2], level: 0 }

const road = (codes: string, label: string, look: RoadLook) => ({ codes: codes.split('|'), label, look })

/** OpenStreetMap's `highway`, `fclass` in the files of Geofabrik. */
export const osmHighways: RoadNomenclature = {
  title: 'OpenStreetMap, highway',
  columns: /^(highway|fclass)$/,
  entries: [
    road('motorway|motorway_link', 'Autoroute', motorway),
    road('trunk|trunk_link', 'Voie rapide', trunk),
    road('primary|primary_link', 'Route principale', primary),
    road('secondary|secondary_link', 'Route secondaire', secondary),
    road('tertiary|tertiary_link', 'Route tertiaire', tertiary),
    road('residential|unclassified|road', 'Rue, petite route', street),
    road('living_street|pedestrian', 'Zone de rencontre, rue piétonne', quiet),
    road('service|services|busway|raceway', 'Voie de service', access),
    road('track|track_grade1|track_grade2|track_grade3|track_grade4|track_grade5', 'Chemin agricole ou forestier', track),
    road('path|footway|cycleway|bridleway|steps|corridor|platform', 'Sentier, voie piétonne ou cyclable', path),
  ],
}

/** `importance` of the roads of IGN's BD TOPO. */
export const bdTopoImportance: RoadNomenclature = {
  title: 'BD TOPO, importance',
  columns: /^importance$/,
  entries: [
    road('1', 'Liaison entre métropoles', motorway),
    road('2', 'Liaison entre départements', trunk),
    road('3', 'Liaison entre communes', primary),
    road('4', 'Voie structurante de commune', secondary),
    road('5', 'Desserte locale', street),
    road('6', 'Chemin, accès', track),
  ],
}

/** `nature` of the roads of BD TOPO. */
export const bdTopoNature: RoadNomenclature = {
  title: 'BD TOPO, nature',
  columns: /^nature$/,
  entries: [
    road('Type autoroutier', 'Type autoroutier', motorway),
    road('Route à 2 chaussées', 'Route à 2 chaussées', trunk),
    road('Bretelle|Rond-point', 'Bretelle, rond-point', primary),
    road('Route à 1 chaussée', 'Route à 1 chaussée', tertiary),
    road('Route empierrée', 'Route empierrée', access),
    road('Chemin', 'Chemin', track),
    road('Sentier|Escalier|Piste cyclable|Bac ou liaison maritime', 'Sentier, escalier, piste cyclable, bac', path),
  ],
}
