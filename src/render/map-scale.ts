/** How large things are on a map. */
export interface MapScale {
  readonly scaleDenominator: number
  /** Map pixels in a style pixel of 0.28 mm. */
  readonly pixelRatio: number
  /** Of the map, in its pixels. */
  readonly width?: number
  readonly height?: number
  /** What the client tells styles and filters, by names in lower case. */
  readonly variables?: Readonly<Record<string, string>>
}

/** Side of the standardised rendering pixel in metres (OGC 06-042, 7.2.4.6.9). */
const standardPixel = 0.00028
/** Scale denominator of zoom 0 of web mercator in tiles of 256 pixels (OGC 17-083r4, D.1). */
const scaleOfZoom0 = 559_082_264.028_717_8

/** Map pixels in a metre on the ground. */
export function pixelsPerMetre({ scaleDenominator, pixelRatio }: MapScale): number {
  return pixelRatio / (standardPixel * scaleDenominator)
}

/** What expressions may ask of the map: nothing that a client says comes before what the map is. `zoom` is that of MapLibre, whose tiles have 512 pixels. */
export function environmentOf({ scaleDenominator, width, height, variables }: MapScale): Readonly<Record<string, string | number>> {
  const size = width !== undefined && height !== undefined ? { width, height } : undefined
  return { ...variables, ...size, scaleDenominator, zoom: Math.log2(scaleOfZoom0 / scaleDenominator) - 1 }
}
