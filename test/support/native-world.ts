import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PrivatePostgres, privatePostgres } from './private-postgres.js'
import { type RunningServer, runServer, type ServerOptions } from './running-server.js'

/**
 * A private PostgreSQL with two layers around (770000, 6279000) in EPSG:2154: `parcels`, 400 squares, and `slow`, one square in the middle whose
 * every reading takes as long as `pause` says.
 */
export interface NativeWorld extends PrivatePostgres {
  /** Seconds that reading `slow` takes from now on, what reads it now included. */
  pause(seconds: number): void
  /** How many different statements over `slow` run now: the bands of a map ask the same. */
  running(): number
  /** The built program over it; `config` is added to the config file (YAML), `port` and `user` are other ways to the database. */
  serve(config?: string, options?: ServerOptions & { readonly port?: number; readonly user?: string }): Promise<RunningServer>
}

export async function nativeWorld(): Promise<NativeWorld> {
  const postgres = await privatePostgres()
  try {
    postgres.sql(`CREATE EXTENSION postgis;
      CREATE TABLE parcels (id integer PRIMARY KEY, name text NOT NULL, geom geometry(Polygon, 2154) NOT NULL);
      INSERT INTO parcels SELECT i, 'parcel ' || i, ST_MakeEnvelope(x, y, x + 40, y + 40, 2154)
        FROM (SELECT i, 770000 + 50 * (i % 20) AS x, 6279000 + 50 * (i / 20) AS y FROM generate_series(0, 399) i) s;
      CREATE INDEX ON parcels USING gist (geom);
      CREATE TABLE pause (seconds double precision);
      INSERT INTO pause VALUES (0);
      CREATE FUNCTION waited() RETURNS boolean VOLATILE LANGUAGE plpgsql AS $$
        DECLARE
          began timestamptz := clock_timestamp();
          remaining double precision;
        BEGIN
          LOOP
            SELECT seconds - extract(epoch FROM clock_timestamp() - began) INTO remaining FROM pause;
            EXIT WHEN remaining <= 0;
            PERFORM pg_sleep(least(remaining, 0.05));
          END LOOP;
          RETURN true;
        END $$;
      CREATE VIEW slow AS SELECT id, name, geom FROM parcels WHERE id = 210 AND waited();
      ANALYZE;`)
  } catch (error) {
    postgres.remove()
    throw error
  }
  return {
    ...postgres,
    pause: seconds => void postgres.sql(`UPDATE pause SET seconds = ${seconds}`),
    running: () =>
      Number(
        postgres.sql(
          `SELECT count(DISTINCT query) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%slow%' AND pid <> pg_backend_pid()`,
        ),
      ),
    serve(config = '', { port = postgres.port, user = 'postgres', ...options } = {}) {
      const file = join(postgres.folder, `config-${Math.random().toString(36).slice(2)}.yaml`)
      writeFileSync(
        file,
        `stores: { main: { kind: postgis, url: "postgres://${user}@127.0.0.1:${port}/postgres", discover: true, poolSize: 2 } }
collections: { slow: { store: main, table: public.slow, id: id, extent: [3.87, 43.6, 3.89, 43.62] } }
${config}`,
      )
      return runServer(['--config', file], options)
    },
  }
}

/** A map of the whole place; `at` moves it a little, so that no two are the same drawing. */
export function mapOf(server: RunningServer, layer: string, { at = 0, size = 256 }: { at?: number; size?: number } = {}): string {
  const [x, y] = [770_000 + (at % 97), 6_279_000 + (at % 89)]
  return `${server.address}/wms?service=WMS&version=1.3.0&request=GetMap&layers=${layer}&styles=&crs=EPSG:2154&bbox=${x},${y},${x + 1000},${y + 1000}&width=${size}&height=${size}&format=image/png`
}

/** What lies in the middle of that map. */
export const infoOf = (server: RunningServer, layer: string, at = 0) =>
  `${mapOf(server, layer, { at }).replace('request=GetMap', 'request=GetFeatureInfo')}&query_layers=${layer}&info_format=application/json&i=134&j=118`

/** Lines of the log at level error or worse. */
export function troubles(server: RunningServer): string[] {
  return server.output.stderr.split('\n').filter(line => {
    try {
      return /error|fatal/.test((JSON.parse(line) as { level: string }).level)
    } catch {
      return /Error|Unhandled|Warning/.test(line)
    }
  })
}
