import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { getMap } from '../world/workloads.mjs'
import { processes } from './fastcgi.mjs'
import { install, peerFolder } from './install.mjs'
import { firstPath, isFeatures, untilReady } from './ready.mjs'

const version = '4.7.7'
const home = join(peerFolder, 'mapnik')
const installed = join(home, 'node_modules/@mapnik/mapnik/package.json')

export const mapnik = {
  name: 'mapnik',
  title: 'Mapnik',
  settings:
    '@mapnik/mapnik in a Node cluster of 2 processes behind a bare WMS GetMap; maps kept in memory, persistent connections, bilinear ortho',
  async check({ installs, say }) {
    const absent = await install({
      name: 'Mapnik',
      path: installed,
      command: 'npm',
      args: ['install', '--no-audit', '--no-fund', '--prefix', home, `@mapnik/mapnik@${version}`],
      minutes: 3,
      installs,
      say,
    })
    if (absent) return absent
    const works = spawnSync(process.execPath, ['-e', "const m = require('@mapnik/mapnik'); console.log(m.versions.mapnik)"], {
      cwd: home,
      encoding: 'utf8',
    })
    if (works.status !== 0) return { absent: `@mapnik/mapnik ${version} does not load here: ${works.stderr.match(/Error: .*/)?.[0]}` }
    return { version: `${works.stdout.trim()} (${JSON.parse(readFileSync(installed, 'utf8')).version})` }
  },
  async start(world, { cleanup, layers, ready, count }) {
    if (count || ready.every(({ requests }) => isFeatures(requests[0]))) return undefined
    const folder = cleanup.folder('mapnik')
    const maps = {}
    for (const layer of layers) {
      maps[layer.name] = join(folder, `${layer.name}.xml`)
      writeFileSync(maps[layer.name], mapXml(world, layer))
    }
    const port = await freePort()
    writeFileSync(join(folder, 'server.json'), JSON.stringify({ port, maps, processes, home }))
    const server = fileURLToPath(new URL('./mapnik-server.mjs', import.meta.url))
    const program = startProgram(cleanup, process.execPath, [server, join(folder, 'server.json')], {
      env: { UV_THREADPOOL_SIZE: '2', GDAL_CACHEMAX: '256' },
    })
    const mapPath = (workload, request) => (workload.layer.rule?.label ? undefined : getMap('/?', workload.layer.name, request))
    await untilReady(program, port, firstPath(ready, mapPath), 'image/')
    return { port, pid: program.pid, mapPath, stop: program.stop }
  },
}

const mapXml = (world, layer) => `<Map srs="epsg:2154" background-color="#ffffff" maximum-extent="-20037508,-20037508,20037508,20037508">
<Style name="s"><Rule>${layer.type === 'raster' ? '<RasterSymbolizer scaling="bilinear" mesh-size="16"/>' : layer.rule.symbolizers.map(symbolizerOf).join('')}</Rule></Style>
<Layer name="${layer.name}" srs="${(layer.raster?.crs ?? 'EPSG:2154').toLowerCase()}"><StyleName>s</StyleName><Datasource>${parameters(source(world, layer))}</Datasource></Layer></Map>`

function source(world, layer) {
  if (layer.type === 'raster') return { type: 'gdal', file: layer.raster.paths.length === 1 ? layer.raster.paths[0] : layer.raster.vrt }
  const { socket, port, user, database } = world.postgres
  return {
    type: 'postgis', host: socket, port, user, dbname: database, table: layer.table, geometry_field: 'geom', srid: 2154,
    extent: layer.extent.join(','), estimate_extent: false, persist_connection: true, max_size: 4, initial_size: 1, key_field: 'id',
  } // biome-ignore format: a list
}

const parameters = values =>
  Object.entries(values)
    .map(([name, value]) => `<Parameter name="${name}">${value}</Parameter>`)
    .join('')

function symbolizerOf(symbolizer) {
  const line = ({ color, opacity, width }, style = 'stroke-linecap="round" stroke-linejoin="round"') =>
    `<LineSymbolizer stroke="${color}" stroke-opacity="${opacity}" stroke-width="${width}" ${style}/>`
  const mark = (color, opacity, radius) =>
    `<MarkersSymbolizer marker-type="ellipse" fill="${color}" fill-opacity="${opacity}" stroke-width="0" stroke-opacity="0" width="${2 * radius}" height="${2 * radius}" allow-overlap="true" ignore-placement="true"/>`
  switch (symbolizer.kind) {
    case 'fill':
      return `<PolygonSymbolizer fill="${symbolizer.color}" fill-opacity="${symbolizer.opacity}"/>${line(symbolizer.outline, 'stroke-linejoin="miter"')}`
    case 'line':
      return `${symbolizer.casing ? line(symbolizer.casing) : ''}${line(symbolizer.stroke)}`
    case 'mark':
      return `${mark(symbolizer.halo.color, symbolizer.halo.opacity, symbolizer.radius + symbolizer.halo.width)}${mark(symbolizer.color, symbolizer.opacity, symbolizer.radius)}`
  }
}
