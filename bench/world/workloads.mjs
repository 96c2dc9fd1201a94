// What is asked: workloads as data. A workload is `{ name, title, kind, needs, make(world) }`; `make` gives it its layer and its requests. A request is
// `{ crs, bbox, width, height, mediaType }`, x,y in its CRS, or beside that `tile`, `{ z, x, y, matrix, row, column }`; every peer writes it in its own address.
import { defaultStyle } from '../../dist/styles/default-style.js'
import { exportWorkloads, featureWorkloads } from './features.mjs'
import { realData } from './index.mjs'
import { rowsPerBox } from './real.mjs'
import { aligned, apart, around, boxes, mercatorBoxes, middleOf, tile } from './requests.mjs'
import { styledMaps, styledWorkloads } from './styled.mjs'

/** What Arpent's default style draws at a scale, as a style that says nothing else. */
function styleAt(name, type, metres) {
  const denominator = metres / tile / 0.00028
  const inForce = ({ minScaleDenominator: least = 0, maxScaleDenominator: most = Infinity }) => denominator >= least && denominator < most
  const passes = defaultStyle(name, type).passes.map(({ rules }) => ({
    rules: rules.filter(inForce).map(({ name, symbolizers }) => ({ name, symbolizers })),
  }))
  return { passes: passes.filter(({ rules }) => rules.length > 0) }
}

/** The same as the peers are told it: what lies below (an outline's fill, a casing, a halo) belongs to what lies on it. */
function lookOf({ passes }) {
  const symbolizers = passes.flatMap(({ rules }) => rules.flatMap(({ symbolizers }) => symbolizers))
  const [below, above = below] = symbolizers
  if (below.kind === 'fill') return { ...below, outline: above.stroke }
  if (below.kind === 'line') return { kind: 'line', stroke: above.stroke, ...(above !== below && { casing: below.stroke }) }
  const circle = ({
    graphic: {
      shapes: [{ color, opacity }],
      size,
    },
  }) => ({ color, opacity, radius: size / 2 })
  const [halo, mark] = [circle(below), circle(above)]
  return { kind: 'mark', ...mark, halo: { ...halo, width: halo.radius - mark.radius } }
}

const vector = (name, title, table, type, metres, salt) => ({
  name, title, kind: 'map', needs: ['vectors'], grows: 'features',
  make: world => ({ layer: vectorLayer(name, table, type, metres, world.extent), requests: boxes(world, metres, salt) }),
}) // biome-ignore format: like the others

const real = (name, what, table, metres) => ({
  name, title: what, kind: 'map', needs: ['real'], isReal: true,
  async make({ real: tables, postgres }) {
    const { type, extent, middles } = tables[table]
    const requests = around(middles, metres)
    const title = `PNG: ${Number((await rowsPerBox(postgres, table, requests)).toPrecision(2)).toLocaleString('en')} ${what}`
    return { title, layer: vectorLayer(name, table, type, metres, extent), requests }
  },
}) // biome-ignore format: like the others

function vectorLayer(name, table, type, metres, extent) {
  const style = styleAt(table, type, metres)
  return { name: name.replace(/-/g, '_'), published: table, table, type, extent, style, rule: { symbolizers: [lookOf(style)] } }
}
const rasterLayer = (name, raster) => ({ name, published: name, type: 'raster', raster, extent: raster.box })

const ortho = (name, title, kind, need, requests, more = {}) => ({
  name, title, kind, needs: [need], ...more,
  make: world => ({ layer: rasterLayer(need.toLowerCase(), world[need]), requests: requests(world[need]) }),
}) // biome-ignore format: like the others

/** Every workload there is for these sizes. `kind` names a file of `kinds/`; `isTiny` answers are compared with their limits at every concurrency; `grows` says what `--grow` grows. */
export function workloadsFor({ cogs, layerCounts, importRows, files, tiles }) {
  const again = vector('png-same', 'PNG light, one address again and again', 'parcels', 'MULTIPOLYGON', 310, 5)
  const many = cogs > 1 ? ` over ${cogs.toLocaleString('en')} files` : ''
  return [
    vector('png-dense', 'PNG dense: some 3,500 parcels', 'parcels', 'MULTIPOLYGON', 2600, 1),
    vector('png-light', 'PNG light: some 80 parcels', 'parcels', 'MULTIPOLYGON', 310, 2),
    { ...again, make: world => { const made = again.make(world); return { ...made, requests: made.requests.slice(0, 1) } } },
    vector('png-lines', 'PNG: some 1,300 streets', 'streets', 'LINESTRING', 1300, 3),
    vector('png-points', 'PNG: some 900 places', 'places', 'POINT', 1300, 4),
    ...styledWorkloads,
    real('real-dense', 'parcels of a real land register', 'real_parcels', 3000),
    real('real-light', 'parcels of a real land register', 'real_parcels', 160),
    real('real-lines', 'real streets', 'real_streets', 6000),
    real('real-points', 'real addresses', 'real_addresses', 1000),
    real('real-communes', 'communes of France', 'real_communes', 60_000),
    ortho('ortho-warm', `JPEG of the ortho, 2154 to 3857, blocks decoded before${many}`, 'map', 'ortho', raster => mercatorBoxes(middleOf(raster), 6), { grows: 'cogs' }),
    ortho('ortho-cold', `JPEG of the ortho, 2154 to 3857, server restarted${many}`, 'cold', 'ortho', apart, { grows: 'cogs' }),
    ortho('ortho-real', 'JPEG of a real aerial photograph, 2154 to 3857, blocks decoded before', 'map', 'realOrtho', raster => mercatorBoxes(middleOf(raster), 7), { isReal: true }),
    ortho('tile-256', 'Aligned tile of 256 px: a stored block', 'map', 'tiled256', aligned, { isTiny: true }),
    ortho('tile-512', 'Aligned tile of 512 px: a stored block', 'map', 'tiled512', aligned, { isTiny: true }),
    ...layerCounts.map(count => ({ name: `capabilities-${count}`, title: `WMS capabilities of ${count.toLocaleString('en')} layers`, kind: 'capabilities', needs: ['vectors'], count })),
    { name: 'start', title: 'Start until the first map', kind: 'start', needs: ['vectors', 'ortho'], make: startWorkload },
    { name: 'import', title: `Import of ${importRows.toLocaleString('en')} points into PostGIS`, kind: 'import', needs: ['postgres'] },
    { name: 'remote', title: 'Cold tile of a COG behind HTTP', kind: 'remote', needs: ['tiled512', 'ortho'] },
    { name: 'files', title: `${files.toLocaleString('en')} files: first start, next start, a tile`, kind: 'files', needs: ['files'] },
    ...featureWorkloads,
    ...exportWorkloads,
    { name: 'memory', title: `Memory over ${tiles.toLocaleString('en')} distinct tiles of 2,000 files`, kind: 'memory', needs: ['mosaic'], isAlone: true, make: mosaicTiles },
    { name: 'styled-memory', title: `Memory over ${tiles.toLocaleString('en')} distinct styled maps`, kind: 'memory', needs: ['vectors'], isAlone: true, make: world => ({ parts: styledMaps(world, world.tiles) }) },
  ].filter(({ isReal }) => !isReal || realData()) // biome-ignore format: a table
}

/** A light map of parcels, beside an orthophoto that has to be described as well. */
function startWorkload(world) {
  const light = vector('png-light', '', 'parcels', 'MULTIPOLYGON', 310, 2).make(world)
  return { ...light, layers: [light.layer, rasterLayer('ortho', world.ortho)] }
}

/** Tiles of a mosaic at three resolutions. */
function mosaicTiles({ mosaic, tiles }) {
  const layer = rasterLayer('mosaic', mosaic)
  const count = Math.ceil(tiles / 3)
  return { parts: [{ layer, requests: [0.5, 1, 2].flatMap((perPixel, level) => mercatorBoxes(mosaic, 20 + level, { count, perPixel })) }] }
}

/** The workloads that words mean: a whole name that one, the beginning of names all of them; none means all but those that only run when asked for. */
export function chosenWorkloads(all, words) {
  const meant = (word, name) => (all.some(one => one.name === word) ? name === word : name.startsWith(word))
  const unknown = words.find(word => !all.some(({ name }) => meant(word, name)))
  if (unknown) throw new Error(`There is no workload ${unknown}; there are ${all.map(({ name }) => name).join(' ')}.`)
  return all.filter(({ name, isAlone }) => (words.length === 0 ? !isAlone : words.some(word => meant(word, name))))
}

/** The address of a WMS 1.3.0 GetMap; all CRS in use are x,y there. */
export function getMap(prefix, layer, { crs, bbox, width, height, mediaType }) {
  return `${prefix}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${layer}&STYLES=&CRS=${crs}&BBOX=${bbox.join(',')}&WIDTH=${width}&HEIGHT=${height}&FORMAT=${mediaType}&TRANSPARENT=FALSE`
}

export const getCapabilities = prefix => `${prefix}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities`
