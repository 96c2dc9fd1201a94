import { spawn } from 'node:child_process'
import { idOf } from './write-config.mjs'

/** The built program, serving a config on a free port; {address, stop}. */
export async function startServer(config, data) {
  const env = { ...process.env, ARPENT_LOG: 'error', DATABASE_URL: '' }
  const child = spawn(process.execPath, ['dist/main.js', 'serve', '--config', config, '--port', '0', '--data', data], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  let output = ''
  const address = await new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`The server ended with ${code}: ${output}`)))
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
      const found = output.match(/http:\/\/[^\s/]+:(\d+)\s/)
      if (found) resolve(`http://127.0.0.1:${found[1]}`)
    })
  })
  return {
    address,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Size of the map of a scene in pixels. */
export const sizeOf = ({ width = 420, height = 300 }) => ({ width, height })

/** What the server answers for a scene: {image} or {error}. */
export async function pictureOf(address, scene, format = 'image/png') {
  const url = `${address}/wms?${scene.legend ? legendQuery(scene) : mapQuery(scene, format)}`
  const response = await fetch(url)
  const body = Buffer.from(await response.arrayBuffer())
  if (!response.headers.get('content-type')?.startsWith(format)) return { error: body.toString('utf8').replace(/\s+/g, ' ').slice(0, 400) }
  return { image: body }
}

function mapQuery(scene, format) {
  const { width, height } = sizeOf(scene)
  return new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: '1.1.1',
    REQUEST: 'GetMap',
    LAYERS: scene.layers.map((_, i) => idOf(scene, i)).join(','),
    STYLES: '',
    SRS: scene.crs,
    BBOX: scene.bbox.join(','),
    WIDTH: width,
    HEIGHT: height,
    FORMAT: format,
    ...(scene.background && { BGCOLOR: scene.background.replace('#', '0x') }),
    ...scene.parameters,
  })
}

function legendQuery(scene) {
  return new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: '1.3.0',
    REQUEST: 'GetLegendGraphic',
    LAYER: idOf(scene, 0),
    FORMAT: 'image/png',
    ...scene.legend,
  })
}
