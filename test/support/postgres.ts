/** Address of a PostgreSQL with PostGIS that tests may use; they make objects in schemas of their own only. */
export const testDatabaseUrl = process.env.ARPENT_TEST_DATABASE_URL

/** For the `skip` option of tests that need it. */
export const withoutDatabase: string | false = testDatabaseUrl ? false : 'ARPENT_TEST_DATABASE_URL is not set'
