import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FeatureFile } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { unzip } from '../archives/unzip.js'
import { geopackage } from '../geopackage/geopackage.js'
import { brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { convertWithGdal } from './convert-with-gdal.js'
import { type GdalFormat, gdalFormats } from './gdal-formats.js'

/** Most bytes of a file, with those that belong to it: all of it, and what is made of it, is in memory. */
const mostBytes = 100e6
/** Most that an archive may unpack to. */
const mostUnpackedBytes = 400e6

/** A reader for each format of GDAL's: the file becomes a GeoPackage, which is read as any other. */
export const gdalReaders: readonly FeatureReader[] = gdalFormats.map(format => ({
  name: format.name,
  extensions: format.extensions,
  ...(format.companions && { companions: format.companions }),
  ...(format.isArchive && { isArchive: true }),
  open: (file, options) => openWithGdal(file, format, options),
}))

async function openWithGdal(file: PlainFile, format: GdalFormat, options: OpenOptions): Promise<FeatureFile> {
  const { label, stem, bytes } = file
  if (bytes === 0) throw brokenFile(label, 'is empty.')
  const parts = await partsOf(file, format)
  const total = parts.reduce((sum, part) => sum + part.bytes, 0)
  if (total > mostBytes)
    throw new Problem(
      'unsupported',
      `${label}: ${format.name} is read up to ${mostBytes / 1e6} MB, and this has ${Math.ceil(total / 1e6)}. A GeoPackage would work.`,
    )
  if (format.isArchive) await checkArchive(file, options)
  const target = join(await file.scratch(), 'converted.gpkg')
  await convertWithGdal({ label, name: format.name, driver: format.driver, parts, target, signal: options.signal })
  const converted = { ...file, path: target, bytes: (await stat(target)).size, companion: async () => undefined }
  const { layers, close } = await geopackage.open(converted, options)
  const filled = layers.filter(({ count }) => count !== 0)
  const named = (filled.length > 0 ? filled : layers).map(layer => {
    const notes = [`Read by GDAL as ${format.name}.`, ...layer.notes]
    return { ...layer, notes, ...(layers.length === 1 && layer.name === innerStem && { name: stem }) }
  })
  return { layers: named, close }
}

/** What a file is called where GDAL sees it: no name of a file decides anything there. */
export const innerStem = 'file'

async function partsOf(file: PlainFile, { companions = [] }: GdalFormat) {
  const parts = [{ path: file.path, name: `${innerStem}${extname(file.path).toLowerCase()}`, bytes: file.bytes }]
  for (const extension of companions) {
    const path = await file.companion(extension)
    if (path) parts.push({ path, name: `${innerStem}${extension}`, bytes: (await stat(path)).size })
  }
  return parts
}

/** A bomb goes off here, where it is cut off. */
async function checkArchive(file: PlainFile, { signal }: OpenOptions): Promise<void> {
  const limits = { bytes: mostUnpackedBytes, ratio: 200, freeBytes: 50e6 }
  await unzip(file.path, { label: file.label, bytes: file.bytes, folder: () => file.scratch(), limits, wants: () => true, signal })
}
