import { createHash } from 'node:crypto'
import type { Finding, RasterBand, RasterFile } from '#core/atlas.js'
import type { RasterRecord, RasterRecords } from '#core/ports.js'
import type { RasterAttributes } from '#core/raster-attributes.js'
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
interface Kind extends Pick<DescribedRaster['file'], 'crs' | 'width' | 'height' | 'levels'> {
  readonly bands: readonly (Omit<RasterBand, 'nodata'> & { readonly nodata?: number | string })[]
}

/** What is a file's own, in this order: a list is half as long as an object, and read in half the time. Notes name the file. */
type Own = readonly [
  version: string,
  time: number | null,
  size: number,
  checksum: string,
  accuracy: string | null,
  said: RasterAttributes | null,
  transform: RasterFile['transform'],
  bbox: RasterFile['bbox'],
  notes: readonly Finding[],
]

/** Records sent in one statement. */
const atOnce = 500

/** What is remembered of the rasters of `store`. */
export function rasterRecords(state: StateDatabase, store: string): RasterRecords {
  return {
    list: () =>
      state<RasterTables, readonly RasterRecord[]>(async db => {
        const kinds = new Map<string, Shared>()
        for (const { id, described } of await db.selectFrom('arpent.raster_kinds').selectAll().execute())
          kinds.set(id, ofKind(described as Kind))
        const rows = await db
          .selectFrom('arpent.rasters')
          .select(['path', 'fingerprint', 'kind', 'own'])
          .where('store', '=', store)
          .execute()
        return rows.flatMap(({ path, fingerprint, kind, own }) => {
          const shared = kinds.get(kind)
          return shared ? [recordOf(path, fingerprint, shared, own as Own)] : []
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

/** JSON knows neither NaN nor infinities. */
const spelled = (band: RasterBand): Kind['bands'][number] =>
  band.nodata === undefined || Number.isFinite(band.nodata) ? band : { ...band, nodata: String(band.nodata) }

type Shared = Omit<Kind, 'bands'> & Pick<DescribedRaster, 'bands'>

const ofKind = ({ bands, ...rest }: Kind): Shared => ({
  ...rest,
  bands: bands.map(band => ('nodata' in band ? { ...band, nodata: Number(band.nodata) } : band) as RasterBand),
})

/** Written out: of tens of thousands, spreading takes longer than all the rest. */
function recordOf(
  path: string,
  fingerprint: string,
  { bands, crs, width, height, levels }: Shared,
  [version, time, size, checksum, accuracy, said, transform, bbox, notes]: Own,
): RasterRecord {
  const file: RasterFile =
    time === null
      ? { path, crs, width, height, transform, bbox, levels, version }
      : { path, crs, width, height, transform, bbox, levels, version, time }
  const described: DescribedRaster =
    accuracy === null ? { file, bands, notes, size, checksum } : { file, bands, notes, size, checksum, accuracy }
  return said === null ? { path, fingerprint, described } : { path, fingerprint, described, said }
}

async function putSome(state: StateDatabase, store: string, records: readonly RasterRecord[]): Promise<void> {
  const ids = new Map<string, string>()
  const rows = records.map(({ path, fingerprint, described: { file, bands, notes, size, checksum, accuracy }, said = {} }) => {
    const { crs, width, height, levels } = file
    const kind = JSON.stringify({ bands: bands.map(spelled), crs, width, height, levels } satisfies Kind)
    const id = ids.get(kind) ?? createHash('sha256').update(kind).digest('base64url').slice(0, 22)
    ids.set(kind, id)
    const [, a, b, , d, e] = file.transform
    const time = said.time ?? file.time
    const isSaid = Object.keys(said).length > 0
    return {
      path,
      fingerprint,
      kind: id,
      own: [
        file.version,
        file.time ?? null,
        size,
        checksum,
        accuracy ?? null,
        isSaid ? said : null,
        file.transform,
        file.bbox,
        notes,
      ] satisfies Own,
      crs,
      box: file.bbox,
      resolution: Math.sqrt(Math.abs(a * e - b * d)),
      bands: bands.length,
      taken: time === undefined ? null : new Date(time).toISOString(),
      accuracy: said.accuracy ?? accuracy ?? null,
      size,
      checksum,
    }
  })
  await state<RasterTables, unknown>(async (db, sql) => {
    await sql`INSERT INTO arpent.raster_kinds (id, described)
      SELECT key, value::jsonb FROM jsonb_each_text(${JSON.stringify(Object.fromEntries([...ids].map(([kind, id]) => [id, kind])))}::jsonb) ON CONFLICT (id) DO NOTHING`.execute(
      db,
    )
    await sql`INSERT INTO arpent.rasters (store, path, fingerprint, kind, own, crs, footprint, resolution, bands, taken_at, accuracy, size, checksum)
      SELECT ${store}, r->>'path', r->>'fingerprint', r->>'kind', r->'own',
        r->>'crs', ARRAY(SELECT json_array_elements_text(r->'box')::float8),
        (r->>'resolution')::float8, (r->>'bands')::int, (r->>'taken')::timestamptz,
        r->>'accuracy', (r->>'size')::bigint, r->>'checksum'
      FROM json_array_elements(${JSON.stringify(rows)}::json) r
      ON CONFLICT (store, path) DO UPDATE SET fingerprint = excluded.fingerprint, kind = excluded.kind, own = excluded.own,
        crs = excluded.crs, footprint = excluded.footprint, resolution = excluded.resolution, bands = excluded.bands,
        taken_at = excluded.taken_at, accuracy = excluded.accuracy, size = excluded.size, checksum = excluded.checksum`.execute(db)
  })
}
