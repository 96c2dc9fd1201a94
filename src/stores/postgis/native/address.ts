import { Problem } from '#core/problem.js'

/** How to reach one PostgreSQL database. */
export interface NativeAddress {
  /** A host name or IP address, or a folder with unix sockets (begins with `/`). */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | undefined
  readonly database: string
  /** As libpq means it: `prefer` and `require` encrypt without looking at the certificate. */
  readonly tls: TlsMode
  /** Path of a file with the certificates trusted instead of the system's. */
  readonly rootCertificate: string | undefined
  readonly applicationName: string
}

export const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type TlsMode = (typeof tlsModes)[number]

/** Parameters of the URL that are read; `schema` belongs to whoever discovers. */
const known = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert', 'application_name', 'schema']

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`, the URL of libpq. A unix socket is a host percent-encoded
 * (`postgres://user@%2Frun%2Fpostgresql/db`) or given as `?host=/run/postgresql`. Throws `invalid-parameter`, never repeating the URL.
 */
export function parseNativeAddress(text: string): NativeAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) throw refused('must look like postgres://user@host:5432/database')
  const query = url.searchParams
  for (const name of query.keys()) if (!known.includes(name)) throw refused(`has a parameter “${name}”; known are ${known.join(', ')}`)
  const given = (name: string, part: string) => query.get(name) ?? decoded(part)
  const tls = query.get('sslmode') ?? 'prefer'
  if (!isTlsMode(tls)) throw refused(`asks for sslmode “${tls}”; there are ${tlsModes.join(', ')}`)
  const port = Number(given('port', url.port) || 5432)
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw refused('names a port that is not 1 to 65535')
  const user = given('user', url.username) || 'postgres'
  const rootCertificate = query.get('sslrootcert') ?? undefined
  return {
    host: given('host', url.hostname.replace(/^\[(.*)\]$/, '$1')) || 'localhost',
    port,
    user,
    password: given('password', url.password) || undefined,
    database: given('dbname', url.pathname.slice(1)) || user,
    tls: tls === 'require' && rootCertificate ? 'verify-ca' : tls,
    rootCertificate,
    applicationName: query.get('application_name') ?? 'arpent',
  }
}

/** `host:port/database`, for messages: nothing secret in it. */
export function addressLabel({ host, port, database }: NativeAddress): string {
  return `${host}:${port}/${database}`
}

const isTlsMode = (text: string): text is TlsMode => (tlsModes as readonly string[]).includes(text)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw refused('has a percent sign that does not begin an escape; write it as %25')
  }
}

const refused = (what: string) => new Problem('invalid-parameter', `The database URL ${what}.`, { locator: 'url' })
