import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCapabilities, getMap } from '../world/workloads.mjs'
import { fastcgiPrograms, missing, startFastcgi } from './fastcgi.mjs'
import { firstPath, isFeatures, readyType, untilReady } from './ready.mjs'

const program = '/usr/lib/cgi-bin/qgis_mapserv.fcgi'
const python = '/usr/bin/python3'

export const qgis = {
  name: 'qgis',
  title: 'QGIS Server',
  settings:
    'FastCGI, 2 processes behind nginx; project and layer metadata trusted, serial rendering, its project and capabilities caches; bilinear ortho',
  async check() {
    const absent = missing({ [program]: 'qgis-server', ...fastcgiPrograms })
    if (absent) return absent
    const found = spawnSync(python, ['-c', 'import qgis.core; print(qgis.core.Qgis.QGIS_VERSION)'], {
      encoding: 'utf8',
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
    })
    if (found.status !== 0) return { absent: 'its project cannot be written: apt-get install python3-qgis' }
    return { version: found.stdout.trim().replace(/-.*/, '') }
  },
  async start(world, { cleanup, layers, ready, count }) {
    const folder = cleanup.folder('qgis')
    const project = join(folder, 'bench.qgs')
    const { postgres, extent } = world
    writeFileSync(join(folder, 'world.json'), JSON.stringify({ project, postgres, extent, layers: layers ?? [], count: count ?? 0 }))
    const script = fileURLToPath(new URL('./qgis-project.py', import.meta.url))
    const made = spawnSync(python, [script, join(folder, 'world.json')], {
      encoding: 'utf8',
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: folder },
      timeout: 240_000,
      killSignal: 'SIGKILL',
    })
    if (made.error) throw new Error('the QGIS project was not written within 4 minutes')
    if (made.status !== 0) throw new Error(`the QGIS project could not be written: ${made.stderr.slice(-2000)}`)
    const begun = performance.now()
    const server = await startFastcgi(
      cleanup,
      folder,
      program,
      {
        QGIS_PROJECT_FILE: project,
        QT_QPA_PLATFORM: 'offscreen',
        QGIS_SERVER_LOG_LEVEL: '2',
        QGIS_SERVER_PARALLEL_RENDERING: '0',
        QGIS_SERVER_TRUST_LAYER_METADATA: '1',
        QGIS_SERVER_IGNORE_BAD_LAYERS: '1',
        GDAL_CACHEMAX: '256',
      },
      `fastcgi_param QGIS_PROJECT_FILE ${project};`,
    )
    const mapPath = ({ layer: { name } }, request) => (isFeatures(request) ? getFeature(name, request) : getMap('/?', name, request))
    const capabilitiesPath = getCapabilities('/?')
    const path = count ? capabilitiesPath : firstPath(ready, mapPath)
    await untilReady(server, server.port, path, readyType(ready, count), 180)
    return {
      port: server.port,
      pid: server.pid,
      mapPath,
      capabilitiesPath,
      stop: server.stop,
      startedIn: (performance.now() - begun) / 1000,
    }
  },
}

/** WFS 1.1.0: coordinates of a urn are y,x; the box is in the CRS of the answer. */
const getFeature = (name, { lonLat: [west, south, east, north], bbox, isStored }) =>
  `/?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=${name}&OUTPUTFORMAT=application/vnd.geo%2Bjson&SRSNAME=${isStored ? 'EPSG:2154' : 'EPSG:4326'}&BBOX=${isStored ? `${bbox.join(',')},EPSG:2154` : `${south},${west},${north},${east},urn:ogc:def:crs:EPSG::4326`}`
