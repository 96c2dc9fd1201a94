import type { RasterBand } from '#core/atlas.js'
import { blockSide, type CogSpec } from '#formats/coverages/cog-spec.js'
import { type BlockSource, encodeCog } from '#formats/coverages/cog-writer.js'
import { affineOfMap } from '#geo/affine.js'
import type { ImageFormat, Picture } from './index.js'

const bandOf = (meaning: RasterBand['meaning']): RasterBand => ({ name: meaning, sampleType: 'uint8', meaning })
const rgb = [bandOf('red'), bandOf('green'), bandOf('blue')]
const rgbAlpha = [...rgb, bandOf('alpha')]

/** Half the time of the usual 6 for an orthophoto, 3 % larger. */
const deflateLevel = 4

/**
 * GeoTIFF (OGC 19-008), laid out as a Cloud-Optimized one without overviews: Deflate with predictor 2, in blocks. RGB where all is opaque, else RGB
 * with unassociated alpha: what is asked decides, not what is drawn, so that neighbouring maps have the same bands. It needs nothing that a
 * machine could lack.
 */
export const tiff: ImageFormat = {
  mediaType: 'image/tiff',
  hasAlpha: true,
  encode(picture, { place, isOpaque = false, signal } = {}) {
    if (!place) throw new TypeError('A GeoTIFF needs to know where the picture lies.')
    const { width, height } = picture
    const spec: CogSpec = {
      width,
      height,
      bands: isOpaque ? rgb : rgbAlpha,
      crs: place.crs,
      transform: affineOfMap(place.bbox, width, height, place.angle),
      blockSide: sideFor(picture),
      overviews: 0,
      hasMask: false,
      compression: 'deflate',
      deflateLevel,
    }
    return encodeCog(spec, blocksOf(picture, spec.bands.length), signal)
  },
}

/** Blocks no larger than small pictures need: libvips refuses others. In steps of 16, as TIFF has it (TIFF 6.0, section 15). */
const sideFor = ({ width, height }: Picture) => Math.min(blockSide, Math.ceil(Math.max(width, height) / 16) * 16)

/** The picture cut into blocks, one plane a band; each block is filled over the one before. */
function blocksOf(picture: Picture, count: number): BlockSource {
  const side = sideFor(picture)
  const { rgba, width, height } = picture
  const bands = Array.from({ length: count }, () => new Uint8Array(side ** 2))
  return async (_level, column, row) => {
    const [left, top] = [column * side, row * side]
    const [columns, rows] = [Math.min(side, width - left), Math.min(side, height - top)]
    for (const [b, band] of bands.entries()) {
      if (columns < side || rows < side) band.fill(0)
      for (let y = 0; y < rows; y++) {
        let from = ((top + y) * width + left) * 4 + b
        for (let to = y * side, end = to + columns; to < end; to++, from += 4) band[to] = rgba[from]
      }
    }
    return { bands }
  }
}
