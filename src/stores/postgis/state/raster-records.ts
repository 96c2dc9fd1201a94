import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { RasterRecord, RasterRecords } from '#core/ports.js'
import type { DescribedRaster } from '#core/raster-mosaic.js'
import type { StateDatabase } from './state-database.js'

interface RasterTables {
  readonly 'arpent.rasters': {
    readonly store: string
    readonly path: string
    readonly fingerprint: string
    readonly kind: string
    readonly own: Own | string
  }
  readonly 'arpent.raster_kinds': { readonly id: string; readonly described: Kind | string }
}

/** What files of one production share: kept once. */
type Kind = Pick<DescribedRaster, 'bands'> & Pick<DescribedRaster['file'], 'levels'>
/** What is a file's own; notes name it. */
type Own = Pick<DescribedRaster, 'notes'> & Omit<DescribedRaster['file'], 'path' | 'levels'>

/** Records sent in one statement. */
const atOnce = 500

/** What is remembered of the rasters of `store`. */
export function rasterRecords(state: StateDatabase, store: string): RasterRecords {
  return {
    list: () =>
      state<RasterTables, readonly RasterRecord[]>(async db => {
        const kinds = new Map<string, Kind>()
        for (const { id, described } of await db.selectFrom('arpent.raster_kinds').selectAll().execute()) kinds.set(id, described as Kind)
        const rows = await db
          .selectFrom('arpent.rasters')
          .select(['path', 'fingerprint', 'kind', 'own'])
          .where('store', '=', store)
          .execute()
        return rows.flatMap(({ path, fingerprint, kind, own }) => {
          const shared = kinds.get(kind)
          if (!shared) return []
          const { notes, ...file } = own as Own
          return [{ path, fingerprint, described: { bands: shared.bands, notes, file: { ...file, path, levels: shared.levels } } }]
        })
      }),
    async put(records) {
      for (let i = 0; i < records.length; i += atOnce) await putSome(state, store, records.slice(i, i + atOnce))
    },
    async forget(paths) {
      for (let i = 0; i < paths.length; i += atOnce)
        await state<RasterTables, unknown>(db =>
          db
            .deleteFrom('arpent.rasters')
            .where('store', '=', store)
            .where('path', 'in', paths.slice(i, i + atOnce))
            .execute(),
        )
    },
  }
}

async function putSome(state: StateDatabase, store: string, records: readonly RasterRecord[]): Promise<void> {
  const ids = new Map<string, string>()
  const rows = records.map(({ path, fingerprint, described: { file, bands, notes } }) => {
    const { path: _, levels, ...own } = file
    const kind = JSON.stringify({ bands, levels } satisfies Kind)
    const id = ids.get(kind) ?? createHash('sha256').update(kind).digest('base64url').slice(0, 22)
    ids.set(kind, id)
    const [, a, b, , d, e] = file.transform
    return {
      path,
      fingerprint,
      kind: id,
      own: { ...own, notes } satisfies Own,
      crs: file.crs,
      box: file.bbox,
      resolution: Math.sqrt(Math.abs(a * e - b * d)),
      bands: bands.length,
      taken: file.time === undefined ? null : new Date(file.time).toISOString(),
    }
  })
  await state<RasterTables, unknown>(async db => {
    await sql`INSERT INTO arpent.raster_kinds (id, described)
      SELECT key, value::jsonb FROM jsonb_each_text(${JSON.stringify(Object.fromEntries([...ids].map(([kind, id]) => [id, kind])))}::jsonb) ON CONFLICT (id) DO NOTHING`.execute(
      db,
    )
    await sql`INSERT INTO arpent.rasters (store, path, fingerprint, kind, own, crs, footprint, resolution, bands, taken_at)
      SELECT ${store}, r->>'path', r->>'fingerprint', r->>'kind', r->'own',
        r->>'crs', ARRAY(SELECT jsonb_array_elements_text(r->'box')::float8),
        (r->>'resolution')::float8, (r->>'bands')::int, (r->>'taken')::timestamptz
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) r
      ON CONFLICT (store, path) DO UPDATE SET fingerprint = excluded.fingerprint, kind = excluded.kind, own = excluded.own,
        crs = excluded.crs, footprint = excluded.footprint, resolution = excluded.resolution, bands = excluded.bands, taken_at = excluded.taken_at`.execute(
      db,
    )
  })
}
