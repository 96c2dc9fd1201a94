import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { featureReaders } from './reader-list.js'
import { refusedFormats } from './refused-formats.js'

export type Recognition =
  /** Can be opened; for an archive, what is inside is looked at when it is. */
  | { readonly kind: 'features'; readonly format: string }
  /** Features in a format that is not read; `message` says what would have worked. */
  | { readonly kind: 'refused'; readonly format: string; readonly message: string }
  /** Belongs to another file, which is opened instead: the `.dbf` of a `.shp`. */
  | { readonly kind: 'part'; readonly of: string }

/** Companions of a Shapefile that carry no data of their own. */
const sidecars = ['.shx', '.prj', '.cpg', '.sbn', '.sbx', '.qix', '.qpj', '.idm', '.ind', '.fix']

/**
 * What a file is as a source of features, by its name; only `.json`, which may be anything, and `.dbf`, which may be a part, are looked
 * at. Undefined when it is none (images, styles, texts): not this room's business.
 */
export function recognise(path: string): Recognition | undefined {
  const bare = path.replace(/\.(gz|gzip)$/i, '')
  const extension = extname(bare).toLowerCase()
  if (extension === '.zip') return { kind: 'features', format: 'zip archive' }
  if (extension === '.kmz') return { kind: 'features', format: 'KMZ' }
  if (extension === '.dbf' || sidecars.includes(extension)) {
    const shp = siblingOf(path, '.shp')
    if (shp) return { kind: 'part', of: shp }
    if (extension !== '.dbf') return undefined
  }
  const whole = featureReaders.find(({ companions = [] }) => companions.includes(extension))
  const main = whole && siblingOf(path, whole.extensions[0])
  if (main) return { kind: 'part', of: main }
  if (extension === '.json' && bare === path && !startsLikeGeojson(path)) return undefined
  const reader = featureReaders.find(reader => reader.extensions.includes(extension))
  if (reader) return { kind: 'features', format: reader.name }
  const refused = Object.hasOwn(refusedFormats, extension) ? refusedFormats[extension] : undefined
  return refused && { kind: 'refused', format: refused.name, message: refusal(basename(path), refused) }
}

/** “lines.kml: KML is not read; GeoPackage or GeoJSON would have worked.” */
export function refusal(label: string, { name, instead }: { readonly name: string; readonly instead: string }): string {
  return `${label}: ${name} is not read; ${instead} would have worked.`
}

function siblingOf(path: string, extension: string): string | undefined {
  const stem = basename(path, extname(path)).toLowerCase()
  try {
    const name = readdirSync(dirname(path)).find(
      name => extname(name).toLowerCase() === extension && name.slice(0, -extension.length).toLowerCase() === stem,
    )
    return name && join(dirname(path), name)
  } catch {
    return undefined
  }
}

/** Whether the first 4 KB name one of GeoJSON's types: styles, configurations and packages are JSON, too. */
function startsLikeGeojson(path: string): boolean {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const head = Buffer.alloc(4096)
    const text = head.toString('latin1', 0, readSync(file, head))
    return /"type"\s*:\s*"(FeatureCollection|Feature|(Multi)?(Point|LineString|Polygon)|GeometryCollection)"|"features"\s*:\s*\[/.test(text)
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
