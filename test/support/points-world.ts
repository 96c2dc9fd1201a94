import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A map of where `madeFeatures` lie, in Lambert-93; `at` moves it a little, so that no two are the same drawing. */
export function mapOfPoints({ address }: { readonly address: string }, layer: string, at = 0): string {
  const [x, y] = [600_000 + (at % 97), 6_200_000 + (at % 89)]
  return `${address}/wms?service=WMS&version=1.3.0&request=GetMap&layers=${layer}&styles=&crs=EPSG:2154&bbox=${x},${y},${x + 400_000},${y + 700_000}&width=128&height=224&format=image/png`
}

export interface Health {
  readonly status: string
  readonly generation: number
  readonly collections: number
  readonly leftOut?: readonly { readonly source: string; readonly collection?: string; readonly reasons: readonly string[] }[]
}

export async function healthOf({ address }: { readonly address: string }): Promise<Health> {
  return (await (await fetch(`${address}/health/ready`)).json()) as Health
}

const counting = `
  import { PGlite } from '@electric-sql/pglite'
  const database = await PGlite.create(process.argv[1])
  const { rows } = await database.query("SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'arpent') AND tablename <> 'spatial_ref_sys'")
  const counts = {}
  for (const { schema, name } of rows) counts[schema + '.' + name] = (await database.query('SELECT count(*)::int AS n FROM "' + schema + '"."' + name + '"')).rows[0].n
  await database.close()
  console.log(JSON.stringify(counts))`

/** Rows of every table of the embedded database in a data folder that nobody uses now, by PGlite itself; by `schema.table`. */
export function embeddedRows(data: string): Readonly<Record<string, number>> {
  const args = ['--input-type=module', '--eval', counting, join(data, 'database')]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<string, number>
}

/** Features of a file as GDAL counts them. */
export function rowsOfFile(path: string): number {
  const text = execFileSync('ogrinfo', ['-ro', '-so', '-al', path], { encoding: 'utf8' })
  return Number(/^Feature Count: (\d+)$/m.exec(text)?.[1])
}
