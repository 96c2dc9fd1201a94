import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { getCapabilities, getMap } from '../world/workloads.mjs'
import { firstPath, isFeatures, readyType, untilReady } from './ready.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

export const arpent = {
  name: 'arpent',
  title: 'Arpent',
  settings:
    'as it comes: one process, a drawing thread a core; caches at their defaults: decoded raster blocks 256 MB in all, no encoded maps or tiles, no rows',
  async check() {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return { version: `${version}, node ${process.version}` }
  },
  async start(world, { cleanup, layers, ready, count }) {
    const folder = cleanup.folder('arpent')
    const config = join(folder, 'arpent.json')
    writeFileSync(config, JSON.stringify(count ? manyLayers(world, count) : configOf(world, layers)))
    for (const { published, sld } of layers?.filter(layer => layer.sld) ?? []) writeFileSync(join(folder, `${published}.sld`), sld)
    const program = await startArpent(cleanup, ['--config', config], folder)
    const mapPath = ({ layer: { published } }, request) =>
      isFeatures(request)
        ? itemsPath(published, request)
        : request.tile
          ? tilePath(published, request)
          : getMap('/wms?', published, request)
    const capabilitiesPath = getCapabilities('/wms?')
    // A door of tiles that is not there must not look like a server that does not start.
    const path = count ? capabilitiesPath : firstPath(ready, (workload, request) => mapPath(workload, { ...request, tile: undefined }))
    await untilReady(program, program.port, path, readyType(ready, count))
    return { port: program.port, pid: program.pid, mapPath, capabilitiesPath, stop: program.stop }
  },
}

/** The built program on a free port, with its data in `folder`; resolves before it answers. `ARPENT_BENCH_PROFILE` names a folder for CPU profiles. */
export async function startArpent(cleanup, args, folder) {
  const port = await freePort()
  const profile = process.env.ARPENT_BENCH_PROFILE ? ['--cpu-prof', '--cpu-prof-dir', process.env.ARPENT_BENCH_PROFILE] : []
  const command = [...profile, join(root, 'dist/main.js'), 'serve', ...args, '--data', join(folder, 'data'), '--port', String(port)]
  return { port, ...startProgram(cleanup, process.execPath, command, { env: { ARPENT_LOG: 'error', DATABASE_URL: '' } }) }
}

/** The address of features of a box, in CRS84 or in the CRS that they are stored in. */
export const itemsPath = (id, { lonLat, isStored, limit = 100_000, format = 'json' }) =>
  `/collections/${id}/items?f=${format}&limit=${limit}&bbox=${lonLat.join(',')}${isStored ? `&crs=${encodeURIComponent('http://www.opengis.net/def/crs/EPSG/0/2154')}` : ''}`

/** The address of a stored tile. Those of 256 px are of web mercator; others are of the file's own grid. */
export const tilePath = (id, { width, tile: { z, x, y, matrix, row, column } }) =>
  `/collections/${id}/map/tiles/${width === 256 ? `WebMercatorQuad/${z}/${y}/${x}` : `native/${matrix}/${row}/${column}`}?f=jpeg`

const database = ({ socket, port, user, database }) => ({
  kind: 'postgis',
  url: `postgres://${user}@${encodeURIComponent(socket)}:${port}/${database}`,
  discover: false,
})

function configOf({ postgres }, layers) {
  const rasters = layers.filter(({ raster }) => raster)
  const tables = layers.filter(({ table }) => table)
  return {
    stores: {
      ...(postgres && { main: database(postgres) }),
      ...Object.fromEntries(rasters.map(({ published, raster }) => [published, { kind: 'cog', root: raster.folder }])),
    },
    collections: {
      ...Object.fromEntries(
        tables.map(({ published, table, sld }) => [
          published,
          { store: 'main', table: `public.${table}`, ...(sld && { styles: `${published}.sld` }) },
        ]),
      ),
      ...Object.fromEntries(rasters.map(({ published }) => [published, { store: published, files: '*.tif' }])),
    },
  }
}

function manyLayers({ postgres }, count) {
  const layer = n => ({
    store: 'main',
    table: 'public.places',
    title: `Couche n° ${n}`,
    abstract: 'Des lieux, répétés',
    keywords: ['lieux', 'adresses'],
  })
  return {
    stores: { main: database(postgres) },
    collections: Object.fromEntries(Array.from({ length: count }, (_, n) => [`layer_${n}`, layer(n)])),
  }
}
