// The least server around Mapnik: WMS GetMap of one layer, drawn by kept maps. node mapnik-server.mjs server.json
import cluster from 'node:cluster'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const { port, maps, processes, home } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

if (cluster.isPrimary) {
  for (let k = 0; k < processes; k++) cluster.fork()
  const stop = () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
    process.exit(0)
  }
  process.once('SIGTERM', stop)
} else {
  const mapnik = createRequire(`${home}/`)('@mapnik/mapnik')
  mapnik.register_default_input_plugins?.()
  const idle = new Map(Object.keys(maps).map(name => [name, []]))
  const take = name => idle.get(name).pop() ?? load(name)
  const load = name => {
    const map = new mapnik.Map(256, 256)
    map.fromStringSync(readFileSync(maps[name], 'utf8'))
    return map
  }
  createServer((request, response) => {
    const query = new URL(request.url, 'http://127.0.0.1').searchParams
    const name = query.get('LAYERS')
    const map = take(name)
    const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))]
    const isPng = query.get('FORMAT') === 'image/png'
    map.resize(width, height)
    map.srs = query.get('CRS').toLowerCase()
    map.extent = query.get('BBOX').split(',').map(Number)
    const fail = error => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    }
    map.render(new mapnik.Image(width, height), {}, (error, image) => {
      idle.get(name).push(map)
      if (error) return fail(error)
      image.encode(isPng ? 'png24' : 'jpeg85', (failure, bytes) => {
        if (failure) return fail(failure)
        response.writeHead(200, { 'content-type': isPng ? 'image/png' : 'image/jpeg', 'content-length': bytes.length }).end(bytes)
      })
    })
  }).listen(port, '127.0.0.1')
}
