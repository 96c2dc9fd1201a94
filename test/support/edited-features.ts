/** Addresses and features for tests of editing: see `editedWorld`. */
export const items = '/collections/lieux/items'
export const ring = (x: number, y: number, side = 0.001) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
]
export const polygon = (x = 3.87, y = 43.61) => ({ type: 'Polygon', coordinates: [ring(x, y)] })
export const feature = (properties: object = {}, geometry: unknown = polygon(), more: object = {}) => ({
  type: 'Feature',
  ...more,
  geometry,
  properties: { nom: 'un', ...properties },
})
