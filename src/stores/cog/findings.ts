import type { Finding, RasterBand } from '#core/atlas.js'
import { shellWord } from '#core/shell-word.js'
import type { Georeference } from './georeference.js'
import type { DescribedPyramid } from './pyramid.js'

/** Rasters up to this many pixels are read whole in a moment: they need neither overviews nor tiles. */
const smallPixels = 4e6

/** What will hurt about a raster that can be read, each with its cure. */
export function findingsOf(pyramid: DescribedPyramid, bands: readonly RasterBand[], { crs, label }: Georeference): Finding[] {
  const { layout } = pyramid.levels[0].image
  const isLarge = layout.width * layout.height > smallPixels
  const { name } = pyramid
  const file = shellWord(name)
  const cog = `gdal_translate -of COG -co COMPRESS=${bands.length >= 3 && layout.bits === 8 ? 'JPEG' : 'DEFLATE'} ${file} ${shellWord(`${name.replace(/\.tiff?$/i, '')}-cog.tif`)}`
  const findings: Finding[] = []
  if (!crs)
    findings.push({
      severity: 'error',
      code: 'unknown-srid',
      message: label
        ? `"${name}": its reference system "${label}" has no code that is known here.`
        : `"${name}" does not name its reference system.`,
      cure: `gdal_edit.py -a_srs EPSG:2154 ${file}`,
    })
  if (isLarge && pyramid.levels.length === 1)
    findings.push({
      severity: 'warning',
      code: 'no-overviews',
      message: `"${name}" (${layout.width} x ${layout.height} pixels) has no overviews: small scales are slow or refused.`,
      cure: `gdaladdo -r average ${file}`,
    })
  if (isLarge && !layout.isTiled)
    findings.push({
      severity: 'warning',
      code: 'not-tiled',
      message: `"${name}" is stored in strips, not in tiles: every map reads whole rows.`,
      cure: cog,
    })
  if (pyramid.levels[0].mask && pyramid.levels.some(({ mask }) => !mask))
    findings.push({
      severity: 'warning',
      code: 'overviews-without-mask',
      message: `"${name}" has a mask, but not all of its overviews have one: at their scales what is masked is drawn.`,
      cure: cog,
    })
  const hasMask = pyramid.levels[0].mask !== undefined || bands.some(band => band.meaning === 'alpha' || band.nodata !== undefined)
  if (!hasMask)
    findings.push({
      severity: 'info',
      code: 'no-nodata',
      message: `"${name}" has no nodata value, mask or alpha band: where it holds nothing it is drawn in its fill colour.`,
      // a nodata value would pierce a photograph wherever it is black; only its margin is to go
      cure:
        bands.length === 3 && layout.bits === 8
          ? `nearblack -near 0 -nb 0 -setalpha -of GTiff -o ${shellWord(`${name.replace(/\.tiff?$/i, '')}-alpha.tif`)} ${file}`
          : `gdal_edit.py -a_nodata 0 ${file}`,
    })
  if (pyramid.otherImages > 0)
    findings.push({
      severity: 'info',
      code: 'several-images',
      message: `"${name}" contains ${pyramid.otherImages + 1} images; the first is published.`,
      cure: `gdal_translate -of COG ${shellWord(`GTIFF_DIR:2:${name}`)} second.tif`,
    })
  return findings
}
