import type { ByteSource } from './byte-source.js'
import { httpSource } from './http-source.js'
import { localSource } from './local-source.js'
import { defaultRemote, type RemoteSettings, type S3Keys } from './remote-settings.js'
import { s3Source } from './s3-source.js'

export interface SourceOptions {
  readonly remote?: Partial<RemoteSettings>
  readonly keys?: S3Keys
}

/** Every kind of place that files come from, by the scheme of their addresses; paths have none. */
const kinds: Readonly<Record<string, (remote: RemoteSettings, keys: S3Keys | undefined) => ByteSource>> = {
  '': () => localSource(),
  http: remote => httpSource(remote),
  https: remote => httpSource(remote),
  s3: (remote, keys) => s3Source(remote, keys),
}

/** Sources by scheme, each started when it is first asked for. */
export interface Sources {
  of(location: string): ByteSource
  /** Locations by the source they are of. */
  bySource(locations: readonly string[]): ReadonlyMap<ByteSource, readonly string[]>
  close(): Promise<void>
}

export function openSources({ remote, keys }: SourceOptions = {}): Sources {
  const started = new Map<string, ByteSource>()
  const of = (location: string): ByteSource => {
    const scheme = schemeOf(location)
    const source = started.get(scheme) ?? kinds[scheme]({ ...defaultRemote, ...remote }, keys)
    started.set(scheme, source)
    return source
  }
  return {
    of,
    bySource(locations) {
      const found = new Map<ByteSource, string[]>()
      for (const location of locations) {
        const source = of(location)
        const others = found.get(source)
        if (others) others.push(location)
        else found.set(source, [location])
      }
      return found
    },
    async close() {
      await Promise.allSettled([...started.values()].map(source => source.close()))
      started.clear()
    },
  }
}

/** The scheme of an address that a source is for, in lower case; `''` for a path. */
export function schemeOf(location: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1].toLowerCase()
  return scheme !== undefined && Object.hasOwn(kinds, scheme) ? scheme : ''
}
