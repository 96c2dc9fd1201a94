// nginx before two FastCGI processes on one unix socket, kept by multiwatch: how both MapServer and QGIS Server document it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'

/** Processes a peer may have; the machine of the reference figures has as many cores. */
export const processes = 2

/** The missing ones of these programs, as `{ absent }` with the packages that hold them; undefined when all are there. */
export function missing(programs) {
  const absent = Object.entries(programs).filter(([path]) => !existsSync(path) && spawnSync('which', [path]).status !== 0)
  if (absent.length === 0) return undefined
  return { absent: `not installed: apt-get install ${[...new Set(absent.map(([, deb]) => deb))].join(' ')}` }
}

/** Packages every FastCGI peer needs beside its own. */
export const fastcgiPrograms = { nginx: 'nginx-light', 'spawn-fcgi': 'spawn-fcgi', multiwatch: 'multiwatch' }

/** Starts them, `params` being further `fastcgi_param` lines: a FastCGI program sees those of the request, its own environment only at its start. `{ port, pid, ended, output, stop }`, the pid being of a shell that is parent of all. */
export async function startFastcgi(cleanup, folder, command, env, params = '') {
  const port = await freePort()
  const socket = join(folder, 'fcgi.sock')
  mkdirSync(join(folder, 'temporary'), { recursive: true })
  writeFileSync(
    join(folder, 'nginx.conf'),
    nginxConf(folder, port, `location / { fastcgi_pass unix:${socket}; ${fastcgiParams} ${params} }`),
  )
  // One parent, so that one process tree holds all that the peer costs.
  const script = `spawn-fcgi -n -s ${socket} -b 1024 -- /usr/bin/multiwatch -f ${processes} -- ${command} & exec nginx -c ${folder}/nginx.conf -e stderr`
  const program = startProgram(cleanup, '/bin/sh', ['-c', script], { cwd: folder, env: { HOME: folder, ...env } })
  return { port, ...program }
}

/** An nginx of two workers with one server; files and logs stay in `folder`. */
export function nginxConf(folder, port, location) {
  return `daemon off; worker_processes ${processes}; pid ${folder}/nginx.pid; error_log stderr error; ${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000; types { image/png png; image/jpeg jpg; text/xml xml; }
  client_body_temp_path ${folder}/temporary/a; proxy_temp_path ${folder}/temporary/b; fastcgi_temp_path ${folder}/temporary/c; uwsgi_temp_path ${folder}/temporary/d; scgi_temp_path ${folder}/temporary/e;
  fastcgi_buffers 64 64k; fastcgi_buffer_size 64k; fastcgi_read_timeout 300s;
  server { listen 127.0.0.1:${port} backlog=1024; ${location} }
}
`
}

const fastcgiParams = ['QUERY_STRING $query_string', 'REQUEST_METHOD $request_method', 'CONTENT_TYPE $content_type', 'CONTENT_LENGTH $content_length',
  'SCRIPT_NAME $uri', 'REQUEST_URI $request_uri', 'SERVER_PROTOCOL $server_protocol', 'SERVER_NAME 127.0.0.1', 'SERVER_PORT $server_port', 'HTTP_HOST $http_host', 'REMOTE_ADDR $remote_addr']
  .map(line => `fastcgi_param ${line};`).join(' ') // biome-ignore format: a list
