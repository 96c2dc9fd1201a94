import type { Grammar } from '../grammar.js'

const grids = [
  'WebMercatorQuad',
  'WebMercatorQuad',
  'WorldCRS84Quad',
  'PM',
  'LAMB93_5cm',
  '2154_IGNF',
  'EPSG:2154',
  'native',
  'nothing',
  '__proto__',
  '{junk}',
]
const places = [
  '0/0/0',
  '15/11256/16891',
  '14/5628/8445',
  '3/7/7',
  '3/8/0',
  '2/-1/0',
  '00/0/0',
  '1e1/0/0',
  '99/0/0',
  '0/4294967296/0',
  '15/11256/16891.5',
  '{junk}/0/0',
  '0/{junk}/0',
]
const collections = grids.flatMap(grid => [
  `/collections/{layer}/map/tiles/${grid}`,
  ...places.map(place => `/collections/{layer}/map/tiles/${grid}/${place}`),
])

/** Map tiles of OGC API Tiles: everything is in the path but the format. */
export const tiles: Grammar = {
  name: 'tiles',
  title: 'OGC API map tiles: paths, formats',
  cases: 500,
  paths: [...collections, '/collections/{layer}/map/tiles', '/collections/{junk}/map/tiles/WebMercatorQuad/0/0/0', '/datasets/{layer}/collections/{layer}/map/tiles/PM/0/0/0'],
  operations: {
    tile: { 'f?': ['png', 'jpeg', 'webp', 'avif', 'json', 'html', 'gif', ''], 'transparent?': ['true', 'false', 'perhaps'], 'bgcolor?': ['0xff8800', 'red'] },
    'tile of a format': { f: ['png', 'jpeg', 'webp', 'json'] },
    'tile of a quality': { f: ['png', 'jpeg', 'webp'], quality: ['20', '85', '96', '0', 'best'] },
  },
  documents: ['{"a":1}'],
  values: ['png', 'json', 'image/png', 'true', 'false'],
} // biome-ignore format: a table to be read across
