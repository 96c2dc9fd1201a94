import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { processes } from './fastcgi.mjs'
import { install, peerFolder } from './install.mjs'
import { firstPath, untilReady } from './ready.mjs'

const version = '2.4.0'
const home = join(peerFolder, 'titiler')
const python = join(home, 'bin/python')
/** What its guide to performance asks for (GDAL's and VSI's settings), and a block cache as the others have. */
const settings = {
  GDAL_CACHEMAX: '256', GDAL_DISABLE_READDIR_ON_OPEN: 'EMPTY_DIR', GDAL_HTTP_MERGE_CONSECUTIVE_RANGES: 'YES', GDAL_HTTP_MULTIPLEX: 'YES', GDAL_HTTP_VERSION: '2',
  VSI_CACHE: 'TRUE', VSI_CACHE_SIZE: '5000000', PYTHONWARNINGS: 'ignore', TITILER_API_DISABLE_STAC: 'TRUE', TITILER_API_DISABLE_MOSAIC: 'TRUE', TITILER_API_DISABLE_ZARR: 'TRUE',
} // biome-ignore format: a list

export const titiler = {
  name: 'titiler',
  title: 'TiTiler',
  settings:
    'gunicorn with 2 uvicorn processes (uvloop, httptools); GDAL settings of its guide, block cache 256 MB a process; bilinear, JPEG of quality 85 as it comes',
  async check({ installs, say }) {
    const script = `python3 -m venv ${home} && ${home}/bin/pip install -q titiler.application==${version} 'uvicorn[standard]' gunicorn`
    const absent = install({
      name: 'TiTiler',
      path: join(home, 'bin/gunicorn'),
      command: 'sh',
      args: ['-c', script],
      minutes: 10,
      installs,
      say,
    })
    if (absent) return absent
    const found = spawnSync(
      python,
      ['-c', 'import titiler.application as t, rasterio as r; print(t.__version__, "GDAL", r.__gdal_version__)'],
      { encoding: 'utf8' },
    )
    return found.status === 0 ? { version: found.stdout.trim() } : { absent: `does not load: ${found.stderr.trim().split('\n').at(-1)}` }
  },
  async start(_world, { cleanup, ready, count }) {
    const mapPath = ({ layer: { raster } }, { bbox, width, height, crs, tile }) => {
      if (!raster) return undefined
      const url = encodeURIComponent(raster.paths.length === 1 ? raster.paths[0] : raster.vrt)
      if (tile) return `/cog/tiles/WebMercatorQuad/${tile.z}/${tile.x}/${tile.y}.jpeg?tilesize=${width}&url=${url}`
      return `/cog/bbox/${bbox.join(',')}/${width}x${height}.jpeg?coord_crs=${crs}&dst_crs=${crs}&resampling=bilinear&reproject=bilinear&url=${url}`
    }
    const path = count ? undefined : firstPath(ready, mapPath)
    if (!path) return undefined
    const port = await freePort()
    const cwd = cleanup.folder('titiler')
    const args = [
      '-m',
      'gunicorn',
      '-k',
      'uvicorn.workers.UvicornWorker',
      '-w',
      String(processes),
      '-b',
      `127.0.0.1:${port}`,
      '--log-level',
      'error',
      'titiler.application.main:app',
    ]
    const server = startProgram(cleanup, python, args, { env: settings, cwd })
    await untilReady(server, port, path, 'image/')
    return { port, pid: server.pid, mapPath, stop: server.stop }
  },
}
