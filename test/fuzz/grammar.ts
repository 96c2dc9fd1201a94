/** What a client of one protocol can say, as data. Texts may hold the words of `demoWords` in braces: `{layer}`, `{bbox}`. */
export interface Grammar {
  readonly name: string
  readonly title: string
  /** Cases in continuous integration. */
  readonly cases: number
  readonly paths: readonly string[]
  /** Right requests by operation: parameters, each with its values; `?` behind the name means that it may be absent. */
  readonly operations: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
  /** Documents that are sent as bodies. */
  readonly documents: readonly string[]
  /** Values that mean something here, in the wrong place. */
  readonly values: readonly string[]
  /** Whole requests, letter by letter, that are no HTTP: no answer at all is an answer. */
  readonly broken?: readonly string[]
}

/** Words of the grammars, as the demo knows them. */
export const demoWords = {
  layer: ['orthophoto', 'limite_communale', 'parcelles', 'hydrographie', 'routes', 'batiments', 'arbres', 'adresses', 'pays', 'population_communes'],
  size: ['1', '17', '100', '256', '300'],
  'bbox:EPSG:2154': ['885676,6869468,886236,6869928', '885752,6869250,885900,6869400', '885240,6869115,886685,6870295'],
  'bbox:EPSG:3857': ['615932,6257614,616805,6258341', '-20037508,-20048966,20037508,18439976'],
  'bbox:lonlat': ['5.533,48.898,5.5408,48.9025', '-180,-90,180,83', '179,-20,181,20'],
  'bbox:latlon': ['48.898,5.533,48.9025,5.5408', '-90,-180,83,180'],
} as const // biome-ignore format: a table
