import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { runServer } from '../../support/running-server.js'
import { sharedData } from '../../support/shared-data.js'
import type { ConformanceServer } from '../suite.js'

const { path: source, skip } = sharedData('conformance/wms13-bluelake')

/** Why the data set cannot be published here; false where it can. */
export const withoutBluelake = skip

/** The built program with the "Blue Lake" data set of the WMS suites, as bluelake.yaml publishes it. */
export async function bluelakeServer(): Promise<ConformanceServer> {
  const folder = await mkdtemp(join(tmpdir(), 'arpent-bluelake-'))
  const records = await recordServer()
  try {
    await prepare(folder)
    const env = { CITE_DATA: folder, CITE_METADATA: records.address, ARPENT_PUBLIC_URL: '', ARPENT_LOG: 'warn' }
    const server = await runServer(['--config', 'test/conformance/wms/bluelake.yaml'], { env })
    return {
      address: server.address,
      stop: async () => {
        await server.stop()
        records.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    records.close()
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** The shapes and the raster, with cite:Lakes made of the lake at three levels, whose files are spelt in two ways. */
async function prepare(folder: string): Promise<void> {
  await mkdir(join(folder, 'shapes'))
  await mkdir(join(folder, 'rasters'))
  for (const name of await readdir(join(source, 'shapefile'))) {
    if (/^(Lakes|BuildingCenters)\./.test(name)) continue
    const wanted = name.replace(/^lakesWithElevation/i, 'Lakes')
    await cp(join(source, 'shapefile', name), join(folder, 'shapes', wanted))
  }
  await cp(join(source, 'raster/terrain.tif'), join(folder, 'rasters/terrain.tif'))
}

/** Serves the metadata records that lie beside the data, and a logo of 40 x 20 pixels: layers link to them. */
async function recordServer(): Promise<{ readonly address: string; close(): void }> {
  const logo = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/logo.png')) return void response.writeHead(200, { 'Content-Type': 'image/png' }).end(logo)
    readFile(join(source, 'metadata', basename(request.url ?? ''))).then(
      record => response.writeHead(200, { 'Content-Type': 'application/xml' }).end(record),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
