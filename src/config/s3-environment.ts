import { isBaseUrl } from './check-meaning.js'
import type { Fault } from './faults.js'
import type { Variables } from './substitute.js'

/** What the usual variables of S3 say. The keys are secret. */
export interface S3Environment {
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
  readonly endpoint?: string
  readonly region?: string
}

/** Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION` (or `AWS_DEFAULT_REGION`) and `AWS_ENDPOINT_URL_S3` (or `AWS_ENDPOINT_URL`). */
export function readS3Environment(variables: Variables, faults: Fault[]): S3Environment {
  const value = (...names: string[]) => names.map(name => variables[name]).find(text => text !== undefined && text !== '')
  const accessKeyId = value('AWS_ACCESS_KEY_ID')
  const secretAccessKey = value('AWS_SECRET_ACCESS_KEY')
  const sessionToken = value('AWS_SESSION_TOKEN')
  const region = value('AWS_REGION', 'AWS_DEFAULT_REGION')
  const endpoint = value('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL')
  if (accessKeyId !== undefined && secretAccessKey === undefined)
    faults.push({ where: 'AWS_SECRET_ACCESS_KEY', message: 'AWS_ACCESS_KEY_ID is set, and its secret is not' })
  if (endpoint !== undefined && !isBaseUrl(endpoint))
    faults.push({ where: 'AWS_ENDPOINT_URL', message: 'this is not an http(s) URL without query, such as https://s3.example.org' })
  return {
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { keys: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) } }),
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
  }
}
