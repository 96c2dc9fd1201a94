/** How files are fetched from other machines. */
export interface RemoteSettings {
  /** Connections of one thread to one host. */
  readonly connections: number
  /** Seconds that connecting may take. */
  readonly connectSeconds: number
  /** Seconds from a request to the last byte of its answer, one attempt. */
  readonly answerSeconds: number
  /** Origins that redirects may lead to, beside the one asked. */
  readonly redirectsTo: readonly string[]
  /** Base URL of an S3-compatible server; absent: Amazon's. */
  readonly endpoint?: string
  readonly region?: string
  /** The bucket is the first part of the path, not of the host name. */
  readonly pathStyle?: boolean
  /** Nothing is signed, whatever keys the environment has. */
  readonly anonymous?: boolean
}

/** 16 connections carry the heads of 16 files at once; 15 s are enough for 4 MB over a line of 2 Mbit/s. */
export const defaultRemote: RemoteSettings = { connections: 16, connectSeconds: 5, answerSeconds: 15, redirectsTo: [] }

/** Keys to S3: secret, never to be shown. */
export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}
