import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NativeWorld, nativeWorld } from './native-world.js'
import type { RunningServer } from './running-server.js'

/**
 * The native world with 40,000 squares as `many`, the same with 2,000 letters each as `wide` (some 90 MB as text), and as `dripping`, whose rows come as
 * slowly as `pause` says (seconds for one); `twice` has 80,000, `broken` ends in a division by zero after 30,000.
 */
export interface ExportsWorld extends NativeWorld {
  /** Where the programs of `serve` put what is temporary. */
  readonly temporary: string
  /** Processes of PostgreSQL that answer a statement over one of these now, with what each waits for. */
  statements(table: string): readonly { readonly process: number; readonly wait: string }[]
}

export async function exportsWorld(): Promise<ExportsWorld> {
  const world = await nativeWorld()
  const temporary = mkdtempSync(join(tmpdir(), 'arpent-exports-'))
  world.sql(`CREATE TABLE many (id integer PRIMARY KEY, name text NOT NULL, geom geometry(Polygon, 2154) NOT NULL);
    INSERT INTO many SELECT i, 'parcel ' || i, ST_MakeEnvelope(x, y, x + 40, y + 40, 2154)
      FROM (SELECT i, 770000 + 50 * (i % 200) AS x, 6279000 + 50 * (i / 200) AS y FROM generate_series(1, 40000) i) s;
    CREATE VIEW wide AS SELECT id, name, repeat('letters and ', 170) AS letters, geom FROM many;
    CREATE VIEW twice AS SELECT id, geom FROM many UNION ALL SELECT 100000 + id, geom FROM many;
    CREATE VIEW broken AS SELECT id, 100 / (30000 - id) AS share, repeat('letters and ', 17) AS letters, geom FROM many;
    CREATE VIEW dripping AS SELECT id, name, repeat('letters and ', 170) AS letters, geom FROM many WHERE waited();
    ANALYZE;`)
  return {
    ...world,
    temporary,
    statements(table) {
      const rows = world.sql(`SELECT pid || ' ' || coalesce(wait_event, '') FROM pg_stat_activity
        WHERE state = 'active' AND query LIKE '%"${table}"%' AND pid <> pg_backend_pid()`)
      return rows
        .split('\n')
        .filter(Boolean)
        .map(row => ({ process: Number(row.split(' ')[0]), wait: row.split(' ')[1] ?? '' }))
    },
    serve(config = '', options = {}) {
      const folder = join(temporary, String(readdirSync(temporary).length))
      mkdirSync(folder)
      return world.serve(config, { ...options, env: { ...options.env, TMPDIR: folder } })
    },
    remove() {
      world.remove()
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** Everything below a folder. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => name)

/** A request of which bytes are taken as they are wanted. */
export interface Reading {
  /** Bytes that have come, the head among them. */
  readonly bytes: () => number
  readonly text: () => string
  /** Reads until so many bytes are there, or the end; then no more. */
  until(bytes: number): Promise<void>
  /** Reads to the end: false where the connection was broken before the body was whole. */
  isWhole(): Promise<boolean>
  leave(): void
}

/** Sends a request and reads nothing yet. */
export function readSlowly({ address }: Pick<RunningServer, 'address'>, path: string, method = 'GET'): Reading {
  const chunks: Buffer[] = []
  let bytes = 0
  let isOver = false
  let wake = () => {}
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.pause()
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
  const over = () => {
    isOver = true
    wake()
  }
  socket.on('data', chunk => {
    bytes += chunk.length
    // the head, and the end: what is in between is not looked at
    if (chunks.length > 40) chunks.splice(20, chunks.length - 40)
    chunks.push(chunk)
    wake()
  })
  socket.once('end', over).once('error', over).once('close', over)
  const until = async (wanted: number) => {
    socket.resume()
    while (bytes < wanted && !isOver)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    socket.pause()
  }
  const text = () => Buffer.concat(chunks).toString('latin1')
  return {
    bytes: () => bytes,
    text,
    until,
    async isWhole() {
      await until(Number.POSITIVE_INFINITY)
      const all = text()
      const length = /\r\ncontent-length: (\d+)/i.exec(all)
      const head = all.indexOf('\r\n\r\n') + 4
      return length ? bytes - head === Number(length[1]) : all.endsWith('\r\n0\r\n\r\n')
    },
    leave: () => void socket.destroy(),
  }
}
