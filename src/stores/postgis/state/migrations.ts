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
]
