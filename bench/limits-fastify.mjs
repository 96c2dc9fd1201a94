import { readFileSync } from 'node:fs'
import fastify from 'fastify'

const [file, mediaType, port] = process.argv.slice(2)
const bytes = readFileSync(file)
const app = fastify({ logger: false })
app.get('/', (_request, reply) => reply.type(mediaType).send(bytes))
await app.listen({ host: '127.0.0.1', port: Number(port) })
