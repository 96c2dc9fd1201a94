import { isIP } from 'node:net'
import { isBaseUrl } from './check-meaning.js'
import { ConfigError, type Fault } from './faults.js'
import { didYouMean, nearestWord } from './nearest-word.js'
import { readS3Environment, type S3Environment } from './s3-environment.js'
import type { Variables } from './substitute.js'

/** What differs between machines. Absent: the environment says nothing. */
export interface Environment {
  readonly port?: number
  readonly host?: string
  readonly publicUrl?: string
  /** Folder of the embedded database, the lock and the socket. */
  readonly data: string
  readonly logLevel: LogLevel
  /** Addresses or networks whose Forwarded headers are believed. */
  readonly trustProxy: readonly string[]
  /** Render workers; absent: one per core. */
  readonly workers?: number
  readonly s3: S3Environment
  /** Variables that look like a slip of the pen. */
  readonly notes: readonly string[]
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const known = ['PORT', 'HOST', 'PUBLIC_URL', 'DATA', 'LOG', 'TRUST_PROXY', 'WORKERS'].map(name => `ARPENT_${name}`)

/** Reads the environment (contract, section 2). Throws one `ConfigError` with every fault. */
export function readEnvironment(variables: Variables): Environment {
  const faults: Fault[] = []
  const value = (name: string) => (variables[name] === '' ? undefined : variables[name])
  const fault = (where: string, message: string) => void faults.push({ where, message })
  const portName = value('ARPENT_PORT') === undefined ? 'PORT' : 'ARPENT_PORT'
  const port = parsePort(value(portName))
  if (port === null) fault(portName, `${JSON.stringify(value(portName))} is not a port number from 0 to 65535`)
  const publicUrl = value('ARPENT_PUBLIC_URL')
  if (publicUrl !== undefined && !isBaseUrl(publicUrl))
    fault('ARPENT_PUBLIC_URL', 'this is not an http(s) URL without query, such as https://maps.example.org')
  const logLevel = value('ARPENT_LOG') ?? 'info'
  if (!isLogLevel(logLevel))
    fault('ARPENT_LOG', `${JSON.stringify(logLevel)} is not one of ${logLevels.join(', ')}${didYouMean(logLevel, logLevels)}`)
  const workers = value('ARPENT_WORKERS')
  if (workers !== undefined && !/^([1-9]|[1-9]\d|1[01]\d|12[0-8])$/.test(workers))
    fault('ARPENT_WORKERS', `${JSON.stringify(workers)} is not a number from 1 to 128`)
  const trustProxy = (value('ARPENT_TRUST_PROXY') ?? '')
    .split(',')
    .map(address => address.trim())
    .filter(Boolean)
  for (const address of trustProxy.filter(address => !isAddress(address))) {
    fault(
      'ARPENT_TRUST_PROXY',
      `${JSON.stringify(address)} is not an address or a network such as 10.0.0.0/8, nor loopback, linklocal or uniquelocal`,
    )
  }
  const s3 = readS3Environment(variables, faults)
  if (faults.length > 0) throw new ConfigError(faults)
  const host = value('ARPENT_HOST')
  return {
    ...(typeof port === 'number' && { port }),
    ...(host !== undefined && { host }),
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
    data: value('ARPENT_DATA') ?? './.arpent',
    logLevel: logLevel as LogLevel,
    trustProxy,
    ...(workers !== undefined && { workers: Number(workers) }),
    s3,
    notes: slips(variables),
  }
}

/** A port number; undefined for nothing, null for anything else. */
export function parsePort(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null
}

export const isLogLevel = (text: string): text is LogLevel => (logLevels as readonly string[]).includes(text)

function isAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address, prefix, ...rest] = text.split('/')
  const version = isIP(address)
  return (
    version !== 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)))
  )
}

function slips(variables: Variables): string[] {
  return Object.keys(variables)
    .filter(
      name =>
        name.startsWith('ARPENT_') &&
        !known.includes(name) &&
        nearestWord(
          name.slice(7),
          known.map(word => word.slice(7)),
        ) !== undefined,
    )
    .map(name => `${name} is not a variable of Arpent${didYouMean(name, known)}`)
}
