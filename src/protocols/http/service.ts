import type { Caller } from '#core/access.js'
import type { Atlas, AtlasView } from '#core/atlas.js'
import type { EditNote } from '#core/edited-atlas.js'
import type { ExportShelf } from '#core/export-shelf.js'
import type { Renderer, Stores, StyleSource } from '#core/ports.js'
import type { FeatureWriter } from '#formats/features/index.js'

/** A request as protocols see it: the view already chosen, addresses absolute, the deadline set. */
export interface ServiceRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /** Raw query string, without `?`. */
  readonly query: string
  readonly body?: Buffer
  readonly contentType?: string
  readonly view: AtlasView
  /** The account this request proved; what writes asks `requireAccess` with it. */
  readonly caller: Caller
  /** Absolute, without trailing slash, the view's path prefix included: `https://host/eau`. */
  readonly baseUrl: string
  /** From Accept-Language, best first; ISO 639-1. */
  readonly languages: readonly string[]
  /** Aborts when the client leaves (`AbortError`) or the deadline passes (`TimeoutError`). */
  readonly signal: AbortSignal
  /** Milliseconds of `core/clock.ts`. */
  readonly deadline: number
  /** Gives the request more time, from now on: for answers that take as long as their readers. */
  readonly prolong: (seconds: number) => void
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What the path's own parts are, decoded: `collection` of `/preview/:collection`. */
  readonly path: Readonly<Record<string, string>>
  /** Parts of the work in milliseconds: add yours, they end up in Server-Timing. */
  readonly timings: Record<string, number>
}

export interface ServiceAnswer {
  readonly status: number
  readonly mediaType: string
  readonly body: string | Uint8Array
  /** To be told when the body is out, and read no more; not told where it is sent in another way, or not at all. */
  readonly sent?: (() => void) | undefined
  /** It is sent as it is, whoever could take it compressed: a part of it has to fit to the rest. */
  readonly isEncoded?: boolean
  /** Instead of the body: sent as it comes. It frees what it holds when nobody asks for more. */
  readonly stream?: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  /** 0: `no-store`; absent: kept, but asked again each time. */
  readonly cacheSeconds?: number
  /** A strong validator without quotes, where the body was made ahead; else it is computed from the body. */
  readonly etag?: string
  /** Makes the body again for a request with the same address and Accept in the same atlas, where nothing else matters to the answer. */
  readonly repeat?: RepeatBody
  /** Answers to requests with other numbers at the end of the path, on the same terms. */
  readonly neighbours?: NeighbourAnswers
}

/**
 * What a request would be answered whose address ends in two other whole numbers (`…/3/5?f=jpeg`), all headers but these the same; undefined where the
 * service is to be asked.
 */
export type NeighbourAnswers = (lastButOne: number, last: number) => { readonly etag: string; readonly repeat: RepeatBody } | undefined

/** A body that can be made again at once. */
export interface RepeatBody {
  readonly bytes: number
  /** Writes it to `into` from `at` on; false when that has become impossible, and what is there is worth nothing: then the service is asked. */
  read(into: Uint8Array, at: number): boolean
}

/** What every service is built from. */
export interface ServiceContext {
  /** The atlas in force; ask again for each request. */
  readonly atlas: () => Atlas
  readonly stores: Stores
  readonly renderer: Renderer
  /** Styles that requests name by their address; absent: none is read. */
  readonly styles?: StyleSource
  /** Hears of features that were changed. */
  readonly edited?: (note: EditNote) => void
  /** Writes many features where it disturbs nobody; absent: they are written where they are asked for. */
  readonly writer?: FeatureWriter
  /** Files of whole collections; absent: none is kept. */
  readonly exports?: ExportShelf
  readonly log: Log
}

export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** A service answers every request, its own errors included, in its own words; what it throws is a defect. */
export type Service = (request: ServiceRequest) => Promise<ServiceAnswer>

/** What answers the methods of one address, where not all that ask are answered alike. */
export type Methods = Readonly<Partial<Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', Service>>>
