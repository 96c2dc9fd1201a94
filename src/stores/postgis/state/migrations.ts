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
  {
    version: 4,
    name: 'rasters with size and checksum',
    // what is new only the files can tell, so their heads are read once more; `own` is never searched, and as json it is handed out as it came
    script: `DELETE FROM arpent.rasters; DELETE FROM arpent.raster_kinds;
      ALTER TABLE arpent.rasters ALTER COLUMN own TYPE json USING own::json, ADD COLUMN size bigint NOT NULL, ADD COLUMN checksum text NOT NULL;
      COMMENT ON TABLE arpent.rasters IS 'Footprints of the raster files of each store; kept by Arpent, for everybody to read';
      COMMENT ON COLUMN arpent.rasters.path IS 'Below the root of the store';
      COMMENT ON COLUMN arpent.rasters.footprint IS 'minx, miny, maxx, maxy in crs';
      COMMENT ON COLUMN arpent.rasters.resolution IS 'Size of a pixel in units of crs';
      COMMENT ON COLUMN arpent.rasters.taken_at IS 'By the time pattern of the collection, else the DateTime tag of the file';
      COMMENT ON COLUMN arpent.rasters.accuracy IS 'Accuracy class: what the collection says, else the item ACCURACY_CLASS of the file';
      COMMENT ON COLUMN arpent.rasters.size IS 'Bytes of the file, without what lies beside it';
      COMMENT ON COLUMN arpent.rasters.checksum IS 'etag: and the ETag of the server, or state: and a digest of size, time and place, which is none of the contents'`,
  },
]
