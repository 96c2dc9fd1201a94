/** One step of the schema `arpent`. Steps are never changed once released, only added. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** Statements separated by semicolons, run in one transaction together with the note that they were. */
  readonly script: string
}

/** Every step from nothing to the state this version works with. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'loads',
    script: `CREATE TABLE arpent.loads (
      path text PRIMARY KEY,
      fingerprint text NOT NULL,
      table_schema text NOT NULL,
      table_name text NOT NULL,
      row_count bigint NOT NULL,
      notes jsonb NOT NULL,
      loaded_at timestamptz NOT NULL DEFAULT now()
    )`,
  },
  {
    version: 2,
    name: 'loads of several stores',
    // records made before are about the store they are in, which is what '' stands for
    script: `ALTER TABLE arpent.loads ADD COLUMN store text NOT NULL DEFAULT '', DROP CONSTRAINT loads_pkey, ADD PRIMARY KEY (store, path);
      ALTER TABLE arpent.loads ALTER COLUMN store DROP DEFAULT`,
  },
  {
    version: 3,
    name: 'rasters',
    // `own` and `kind` are what the program reads; the rest is for people
    script: `CREATE TABLE arpent.raster_kinds (id text PRIMARY KEY, described jsonb NOT NULL);
      CREATE TABLE arpent.rasters (
        store text NOT NULL,
        path text NOT NULL,
        fingerprint text NOT NULL,
        kind text NOT NULL,
        own jsonb NOT NULL,
        crs text NOT NULL,
        footprint float8[] NOT NULL,
        resolution float8 NOT NULL,
        bands integer NOT NULL,
        taken_at timestamptz,
        accuracy text,
        PRIMARY KEY (store, path)
      )`,
  },
]
