/** What a server answered to one request. */
export interface Answer {
  readonly url: string
  readonly status: number
  /** `1.1` */
  readonly httpVersion: string
  /** Names as they came over the wire: official suites compare them letter by letter. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Of `Content-Type`, in lower case, without parameters. */
  readonly mediaType: string
  readonly bytes: Buffer
}

/** A request that says more than an address. */
export interface Ask {
  readonly url: string
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
}

/** Requests that belong together, and what their answers have to show. */
export interface Trial {
  /** What is tried, where an entry is repeated: a layer, a format. */
  readonly of?: string
  /** Addresses asked for, in this order. */
  readonly asks: readonly (string | Ask)[]
  /** Throws what is wrong. */
  judge(answers: readonly Answer[]): void | Promise<void>
}

/** One test of an official suite, transcribed. */
export interface Entry<World> {
  /** Its name in the official suite. */
  readonly id: string
  /** Clause of the standard it stands on. */
  readonly clause: string
  /** What has to hold, in our words. */
  readonly asserts: string
  /** What is tried; a text says why there is nothing to try. Throws what is wrong with what is published. */
  trials(world: World): Trial | readonly Trial[] | string
}

/** A suite with a server to run it against. */
export interface Suite {
  readonly id: string
  readonly title: string
  /** Why it cannot run here at all: data or programs that are absent. */
  readonly skip: string | false
  /** Starts what it needs; suites of the same `server` share one. */
  readonly server: ServerStarter
  /** Every kind of answer against the official schemas; a text says why they cannot be had here. */
  readonly schemas: SuitePart | string
  readonly tests: SuitePart
  /** Official names that are not tests of their own: groups, and parts that several entries here have in common. */
  readonly groups: readonly string[]
  /** How the official suite is asked, where it is in the suite cache; `folder` is there for files it is given, and removed afterwards. */
  official(server: ConformanceServer, folder: string): OfficialAsk | Promise<OfficialAsk>
}

export interface OfficialAsk {
  readonly url: string
  readonly settings: readonly string[]
}

/** Binds entries to the world they look at. */
export type SuitePart = (server: ConformanceServer) => Promise<readonly BoundEntry[]>
export type BoundEntry = Omit<Entry<never>, 'trials'> & { trials(): ReturnType<Entry<never>['trials']> }

export type ServerStarter = () => Promise<ConformanceServer>
export interface ConformanceServer {
  /** `http://127.0.0.1:port`, without trailing slash. */
  readonly address: string
  stop(): Promise<void>
}

/** Entries that look at `world`. */
export const bound = <World>(entries: readonly Entry<World>[], world: World): readonly BoundEntry[] =>
  entries.map(({ id, clause, asserts, trials }) => ({ id, clause, asserts, trials: () => trials(world) }))
