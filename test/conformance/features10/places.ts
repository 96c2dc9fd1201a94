import assert from 'node:assert/strict'
import { type Feature, positionsOf } from './world.js'
import { type Town, towns, zones } from './world-data.js'
import { halfWood } from './world-server.js'

type Position = readonly [number, number]

/** A reference system the tests know: how PROJ places a town in it, its axis order, and a box that holds what `middle` holds in CRS84. */
interface System {
  /** x,y, which is easting, northing or longitude, latitude. */
  readonly place: (town: Town) => Position
  readonly isNorthFirst: boolean
  /** How far positions may be off, in its units. */
  readonly tolerance: number
  readonly boxes: Readonly<Record<string, { readonly own: string; readonly lonLat: string }>>
}

/** Around five of the towns, none near its sides; around eight zones. */
const middle = '0.1,42.5,6.5,48.2'
const guinea = '-0.75,-4.5,7.5,-0.5'

const degrees = 1e-7
const metres = 0.01
const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`
const around = (towns: string, zones?: string) => ({
  towns: { own: towns, lonLat: middle },
  woods: { own: towns, lonLat: middle },
  ...(zones !== undefined && { zones: { own: zones, lonLat: guinea } }),
})

export const systems: Readonly<Record<string, System>> = {
  'http://www.opengis.net/def/crs/OGC/1.3/CRS84': {
    place: ({ lonLat }) => lonLat,
    isNorthFirst: false,
    tolerance: degrees,
    boxes: around(middle, guinea),
  },
  [epsg(4326)]: {
    place: ({ lonLat }) => lonLat,
    isNorthFirst: true,
    tolerance: degrees,
    boxes: around('42.5,0.1,48.2,6.5', '-4.5,-0.75,-0.5,7.5'),
  },
  [epsg(2154)]: {
    place: ({ x2154 }) => x2154,
    isNorthFirst: false,
    tolerance: metres,
    boxes: around('482215,6238035,937723,6780004'),
  },
  [epsg(3035)]: {
    place: ({ x3035 }) => x3035,
    isNorthFirst: true,
    tolerance: metres,
    boxes: around('2245772,3582798,2823301,4028886'),
  },
  [epsg(3857)]: {
    place: ({ x3857 }) => x3857,
    isNorthFirst: false,
    tolerance: metres,
    boxes: around('13219,5348212,679600,6116870', '-83489.6,-501453.5,834896.2,-55660.5'),
  },
}

/** Where a feature of a collection lies in a system, x,y, and how many units off its corners may be in the mean. */
type Places = (id: number, crs: string) => { readonly positions: readonly Position[]; readonly tolerance?: number }

export function placesOf(collection: string): Places | undefined {
  if (collection === 'towns') return (id, crs) => ({ positions: [known(crs).place(towns[id - 1])] })
  if (collection === 'woods') return woodPlaces
  if (collection === 'zones') return zonePlaces
  return undefined
}

function woodPlaces(id: number, crs: string): ReturnType<Places> {
  const [x, y] = known(crs).place(towns[id - 1])
  if (crs === epsg(3035)) return { positions: rectangle(x - halfWood, y - halfWood, x + halfWood, y + halfWood) }
  // the middle of a square lies a little beside the middle of its image
  return { positions: [[x, y]], tolerance: known(crs).tolerance === degrees ? 2e-4 : 20 }
}

function zonePlaces(id: number, crs: string): ReturnType<Places> {
  const { box } = zones[id - 1]
  if (!box) return { positions: [] }
  const corners = rectangle(...box)
  return { positions: crs === epsg(3857) ? corners.map(mercator) : corners }
}

const rectangle = (west: number, south: number, east: number, north: number): readonly Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
]

/** EPSG guidance note 7-2, 3.2.1.2: a sphere with the larger axis of WGS 84. */
function mercator([lon, lat]: Position): Position {
  const radius = 6_378_137
  const radians = Math.PI / 180
  return [radius * lon * radians, radius * Math.log(Math.tan(Math.PI / 4 + (lat * radians) / 2))]
}

function known(crs: string): System {
  const system = systems[crs]
  assert.ok(system, `the test knows no place in ${crs}`)
  return system
}

/** Fails unless a geometry has these corners, or these in the mean, in the axis order of the system. */
export function expectNear(
  { positions, tolerance }: ReturnType<Places>,
  geometry: NonNullable<Feature['geometry']>,
  crs: string,
  what: string,
): void {
  const { isNorthFirst, tolerance: usual } = known(crs)
  const given = positionsOf(geometry).map(([a, b]): Position => (isNorthFirst ? [b, a] : [a, b]))
  const corners = given.length > 1 ? given.slice(0, -1) : given
  const near = (a: Position, b: Position) => Math.abs(a[0] - b[0]) <= (tolerance ?? usual) && Math.abs(a[1] - b[1]) <= (tolerance ?? usual)
  if (tolerance !== undefined) {
    const mean: Position = [0, 1].map(
      axis => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length,
    ) as unknown as Position
    assert.ok(near(mean, positions[0]), `the middle of ${what} is ${mean.join(', ')} and not ${positions[0].join(', ')}`)
    return
  }
  for (const position of positions)
    assert.ok(
      corners.some(corner => near(corner, position)),
      `${what} has no corner ${position.join(', ')} but ${corners.join(' ')}`,
    )
}
