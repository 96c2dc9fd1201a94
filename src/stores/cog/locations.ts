import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { Problem } from '#core/problem.js'
import { schemeOf } from './sources/index.js'

/** Whether a path or address is of another machine. */
export const isRemote = (location: string): boolean => schemeOf(location) !== ''

/** The last part of a path or address, without what may be secret. */
export function nameOf(location: string): string {
  if (!isRemote(location)) return basename(location)
  const path = schemeOf(location) === 's3' ? location : location.replace(/[?#].*$/s, '')
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Whether no part of a path is empty, `.` or `..`: then putting paths together is putting texts together, a tenth of the time for thousands. */
const isPlain = (path: string) => !/(^|[\\/])\.{0,2}([\\/]|$)/.test(path)

const isPlainRoot = (root: string | undefined) => sep === '/' && root?.[0] === '/' && isPlain(root.slice(1))

/** `name` beside `root`, or itself where it is whole already: the path or address that a store opens. */
export function joinLocation(root: string | undefined, name: string): string {
  if (isRemote(name)) return name
  if (root === undefined || !isRemote(root)) return isPlainRoot(root) && isPlain(name) ? `${root}/${name}` : resolve(root ?? '.', name)
  return `${root.replace(/\/+$/, '')}/${name.replace(/^\.?\/+/, '')}`
}

/** `location` as it is named below `root`; itself where it does not lie there. */
export function relativeLocation(root: string | undefined, location: string): string {
  if (root === undefined) return location
  if (!isRemote(root)) {
    const inside = location.startsWith(root) && location[root.length] === sep ? location.slice(root.length + 1) : ''
    return isPlain(inside) ? inside : relative(root, location)
  }
  const folder = `${root.replace(/\/+$/, '')}/`
  return location.startsWith(folder) ? location.slice(folder.length) : location
}

/** The path or address of a file of a store. Throws `invalid-parameter` when it lies outside `root`. */
export function locate(root: string | undefined, path: string, store: string): string {
  const full = joinLocation(root, path)
  if (root === undefined) return full
  const inside = relativeLocation(root, full)
  const isOutside = isRemote(root)
    ? inside === full || inside.split(/[/\\]|%2f|%5c/i).some(part => /^(\.|%2e){1,2}$/i.test(part))
    : inside.startsWith('..') || isAbsolute(inside)
  if (isOutside) throw new Problem('invalid-parameter', `"${nameOf(path)}" lies outside the folder of the store "${store}".`)
  return full
}

/** The file beside a location whose name ends in `change` instead: of the path alone, whatever query follows. */
export function besideLocation(location: string, change: (path: string) => string): string {
  if (!/^https?$/.test(schemeOf(location))) return change(location)
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(location) ?? [undefined, location, '']
  return change(path) + rest
}

/** Why an address cannot be one of rasters, with what would work; undefined where it can, and for paths. */
export function addressFault(location: string): string | undefined {
  const scheme = schemeOf(location)
  if (scheme === '') return /^[a-z][a-z0-9+.-]+:\/\//i.test(location) ? 'this is no folder; s3:// and http(s):// work, too' : undefined
  if (scheme === 's3')
    return /^s3:\/\/[A-Za-z0-9][A-Za-z0-9._-]+(\/|$)/.test(location) ? undefined : 'this is not an address such as s3://bucket/folder'
  return URL.canParse(location) ? undefined : 'this is not a URL such as https://host/folder/file.tif'
}

/** Whether an address names one file, not a folder. */
export const isFileAddress = (location: string): boolean => /\.tiff?$/i.test(nameOf(location))

/** A path or address without what may be secret: for names made of it. */
export const plainLocation = (location: string): string =>
  /^https?:/i.test(location) ? location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//') : location

/** Whether an address holds what others must not see: a password, or a query, which often is a signature. */
export const holdsSecret = (location: string): boolean => /^https?:\/\/([^/?#]*@|[^?#]*\?)/i.test(location)

/** A path or address as it may be shown. */
export function maskLocation(location: string): string {
  const masked = location.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1***@')
  return /^https?:/i.test(masked) ? masked.replace(/\?[^#]*/, '?***') : masked
}
