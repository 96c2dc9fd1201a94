import type { EncodedImage, MapJob } from '#core/queries.js'
import type { DrawContext } from '../draw-context.js'
import type { Stop } from '../stop.js'

/** A format in which a map is not a picture but the features that are on it. */
export interface DataMap {
  readonly mediaType: string
  write(job: MapJob, tools: DataMapTools, stop: Stop): Promise<Uint8Array>
}

/** What writes maps as data has: the thread's tools, and drawing itself for what is a picture after all. */
export interface DataMapTools {
  readonly context: DrawContext
  /** Draws a picture, for what is none of features. */
  readonly draw: (job: MapJob) => Promise<EncodedImage>
}
