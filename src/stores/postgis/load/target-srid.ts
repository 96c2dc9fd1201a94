import { type Kysely, sql } from 'kysely'
import { Problem } from '#core/problem.js'
import { crsOf } from '#geo/crs.js'

/** The SRID that stands for a CRS in this database; 0 for none. CRS84 is stored as 4326: both are x,y here. Throws `unknown-crs`. */
export async function targetSrid(db: Kysely<unknown>, code: string | undefined): Promise<number> {
  if (!code) return 0
  const canonical = code.toUpperCase() === 'OGC:CRS84' ? 'EPSG:4326' : (crsOf(code)?.code ?? code)
  const [authority, number] = canonical.split(':')
  const { rows } = await sql<{ srid: number }>`
    SELECT srid FROM spatial_ref_sys WHERE upper(auth_name) = upper(${authority ?? ''}) AND auth_srid::text = ${number ?? ''} LIMIT 1`.execute(
    db,
  )
  const known = rows[0]?.srid
  if (known !== undefined) return known
  const proj = crsOf(canonical)?.proj
  if (authority !== 'EPSG' || proj === undefined)
    throw new Problem('unknown-crs', `The CRS ${code} has no number in the database; name one that has, such as EPSG:2154.`, {
      locator: 'crs',
    })
  // Younger than this PostGIS: told to it, so that it can be served.
  await sql`INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, proj4text) VALUES (${Number(number)}, 'EPSG', ${Number(number)}, ${proj})
    ON CONFLICT DO NOTHING`.execute(db)
  return Number(number)
}
