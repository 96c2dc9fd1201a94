import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { WmsVersion } from './versions.js'

/** One request, its version settled. */
export interface WmsCall {
  readonly context: ServiceContext
  readonly request: ServiceRequest
  readonly kvp: Kvp
  readonly version: WmsVersion
}

export interface WmsOperation {
  /** GetCapabilities is answered in whatever version is nearest; for the rest the client has to say what it speaks. */
  readonly version: 'negotiated' | 'required'
  /** What it throws is told in the form EXCEPTIONS asks for. */
  readonly answer: (call: WmsCall) => Promise<ServiceAnswer>
  /** Whether the answer is an image, so that exceptions may be one, too. */
  readonly isImage: boolean
}
