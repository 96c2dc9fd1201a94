import type { Bbox } from './bbox.js'
import { type TileMatrixSet, type TileMatrixSetDefinition, tileMatrixSet } from './tile-matrix-set.js'

/** `levels` cell sizes, each half of the one before. */
const halving = (coarsest: number, levels: number): number[] => Array.from({ length: levels }, (_, level) => coarsest / 2 ** level)

const mercator = 20037508.3427892
const mercatorWorld: Bbox = [-mercator, -mercator, mercator, mercator]
const world: Bbox = [-180, -90, 180, 90]
/** Lambert-93 as GeoWebCache and MapProxy are set up for it in French regions. */
const lambertFrance: Bbox = [-357823.2365, 6037008.6939, 1313632.3628, 7230727.3772]
/** IGN counts tiles of Lambert-93 and of the overseas UTM zones from here. */
const ignOrigin = { x: 0, y: 12_000_000 }

/** IGN's own steps for Lambert-93: near to halves, made from a scale at the reference latitude of Web Mercator. */
const ignLambertCells = [
  104579.224549894, 52277.5323537905, 26135.4870785954, 13066.8913818, 6533.2286041135, 3266.5595244627, 1633.2660045974, 816.629554986,
  408.3139146768, 204.1567415109, 102.0783167832, 51.0391448966, 25.5195690743, 12.7597836936, 6.379891636, 3.1899457653, 1.5949728695,
  0.7974864315, 0.3987432149, 0.1993716073, 0.0996858037, 0.0498429018,
]

// IGN declares one column and one row more than the extent needs.
const ignLambert = { cellSizes: ignLambertCells, extent: [ignOrigin.x, 5_988_567, 1_290_265, ignOrigin.y], spare: 1 } as const
const ignLambert5cm = { cellSizes: halving(209715.2, 23), extent: [ignOrigin.x, 1_237_540, 1_290_240, ignOrigin.y] } as const

/** Same tiles as IGN's sets of these names; the matrices reach down to the equator, where IGN's end short of Guyane. */
const overseas = (crs: string, territory: string): TileMatrixSetDefinition => ({
  id: `${crs}_10cm`,
  title: `${territory}, 10 cm (IGN)`,
  crs: `EPSG:${crs}`,
  cellSizes: halving(209715.2, 22),
  extent: [ignOrigin.x, 0, 1_000_000, ignOrigin.y],
})

/** Named and numbered as GeoServer does: `EPSG:2154`, matrices `EPSG:2154:0`, … */
const geoServerLike = (crs: string, title: string, extent: Bbox, coarsest: number, levels: number): TileMatrixSetDefinition => ({
  id: crs,
  title,
  crs,
  cellSizes: halving(coarsest, levels),
  extent,
  idPrefix: `${crs}:`,
})

const definitions: readonly TileMatrixSetDefinition[] = [
  {
    id: 'WebMercatorQuad',
    title: 'Google Maps Compatible for the World',
    crs: 'EPSG:3857',
    cellSizes: halving(156543.03392804097, 25),
    extent: mercatorWorld,
    uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
  },
  {
    id: 'WorldCRS84Quad',
    title: 'CRS84 for the World',
    crs: 'OGC:CRS84',
    cellSizes: halving(0.703125, 24),
    extent: world,
    uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad',
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad',
  },
  { id: 'InspireCRS84Quad', title: 'INSPIRE CRS84 Quad', crs: 'OGC:CRS84', cellSizes: halving(0.703125, 18), extent: world },
  { id: 'PM', title: 'Pseudo-Mercator (IGN)', crs: 'EPSG:3857', cellSizes: halving(156543.033928041, 22), extent: mercatorWorld },
  { id: 'PM_5cm', title: 'Pseudo-Mercator, 5 cm (IGN)', crs: 'EPSG:3857', cellSizes: halving(156543.033928041, 23), extent: mercatorWorld },
  { id: 'LAMB93', title: 'Lambert-93 (IGN)', crs: 'EPSG:2154', ...ignLambert },
  { id: '2154_IGNF', title: 'Lambert-93 (IGN)', crs: 'EPSG:2154', ...ignLambert },
  { id: 'LAMB93_5cm', title: 'Lambert-93, 5 cm (IGN)', crs: 'IGNF:LAMB93', ...ignLambert5cm },
  { id: '2154_5cm', title: 'Lambert-93, 5 cm (IGN)', crs: 'EPSG:2154', ...ignLambert5cm },
  {
    id: 'cnigl93',
    title: 'Lambert-93 (MapProxy)',
    crs: 'EPSG:2154',
    cellSizes: ignLambertCells,
    extent: lambertFrance,
    anchor: 'lower-left',
  },
  geoServerLike('EPSG:3857', 'Web Mercator', mercatorWorld, (2 * mercator) / 256, 25),
  geoServerLike('EPSG:4326', 'WGS 84', world, 0.703125, 22),
  geoServerLike('EPSG:2154', 'Lambert-93', lambertFrance, (lambertFrance[2] - lambertFrance[0]) / 256, 23),
  overseas('2972', 'Guyane, UTM 22 N'),
  overseas('2975', 'Réunion, UTM 40 S'),
  overseas('4471', 'Mayotte, UTM 38 S'),
]

/** Other names of the same set, read and never written. */
const aliases: Readonly<Record<string, string>> = {
  GoogleMapsCompatible: 'WebMercatorQuad',
  GoogleCRS84Quad: 'WorldCRS84Quad',
  'EPSG:900913': 'EPSG:3857',
}

/** The sets every server has, by id. Built at each call: keep the answer. */
export function builtInTileMatrixSets(): ReadonlyMap<string, TileMatrixSet> {
  return new Map(definitions.map(definition => [definition.id, tileMatrixSet(definition)]))
}

/** The set of an id or alias; undefined when there is none. */
export function tileMatrixSetOf(sets: ReadonlyMap<string, TileMatrixSet>, id: string): TileMatrixSet | undefined {
  return sets.get(id) ?? sets.get(Object.hasOwn(aliases, id) ? aliases[id] : '')
}
