/**
 * Scale denominator at zoom 0 of MapLibre, whose world is then 512 pixels wide: half of what OGC 17-083r4, D.1 has for the 256 pixels of
 * WebMercatorQuad, at 0.28 mm a pixel. The zoom of expressions (`environment`, `zoom`) is this one.
 */
const denominatorAtZoom0 = 559_082_264.0287178 / 2

/** Scale denominator at a zoom of MapLibre, fractions of zooms included. */
export function denominatorOfZoom(zoom: number): number {
  return denominatorAtZoom0 / 2 ** zoom
}

function zoomOfDenominator(denominator: number): number {
  return Math.log2(denominatorAtZoom0 / denominator)
}

/**
 * Which end belongs to a range is the other way round: MapLibre's zooms include the least, which is the greatest denominator. Tiles have exactly
 * those scales, so both ends are moved by this share.
 */
const nudge = 1 + 1e-6

/** The range of a rule for zooms from `least`, up to but without `most`; both may be absent. */
export function scalesOfZooms(least: number | undefined, most: number | undefined) {
  return {
    ...(most !== undefined && most < 24 && { minScaleDenominator: denominatorOfZoom(most) * nudge }),
    ...(least !== undefined && least > 0 && { maxScaleDenominator: denominatorOfZoom(least) * nudge }),
  }
}

/** And back, to a ten-thousandth of a zoom. */
export function zoomsOfScales({
  minScaleDenominator: least,
  maxScaleDenominator: most,
}: {
  minScaleDenominator?: number
  maxScaleDenominator?: number
}) {
  const zoom = (denominator: number) => Math.min(24, Math.max(0, Math.round(zoomOfDenominator(denominator) * 1e4) / 1e4))
  return {
    ...(most !== undefined && Number.isFinite(most) && most > 0 && { minzoom: zoom(most) }),
    ...(least !== undefined && least > 0 && { maxzoom: zoom(least) }),
  }
}
