import type { ExceptionCodes } from '#protocols/ows/exception-report.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { negotiateVersion, requireVersion } from '#protocols/ows/version.js'
import { wms111Codes, wms130Codes } from './codes.js'

/** Versions served, and that capabilities are written in, rising. */
export const versionNumbers = ['1.1.1', '1.3.0'] as const
export type VersionNumber = (typeof versionNumbers)[number]

/** What differs from version to version, as data. */
export interface WmsVersion {
  readonly number: VersionNumber
  /** The one that exceptions are written in: an older one than `number`, where the client speaks that. */
  readonly spoken: VersionNumber | '1.1.0' | '1.0.0'
  /** Name of the parameter, and of the element, that holds the CRS. The other version's is read, too (T-4). */
  readonly crs: 'CRS' | 'SRS'
  readonly otherCrs: 'CRS' | 'SRS'
  /** By whose rule `EPSG:n` is read: in 1.3.0 the authority's axis order, else x,y. */
  readonly crsContext: 'wms-1.3.0' | 'other'
  /** Pixel position in GetFeatureInfo, again with the other version's. */
  readonly column: readonly string[]
  readonly row: readonly string[]
  readonly capabilitiesType: string
  readonly exceptionType: string
  /** As capabilities list them; the first is the default. */
  readonly exceptionFormats: readonly string[]
  readonly codes: ExceptionCodes
}

export const versions: Readonly<Record<VersionNumber, WmsVersion>> = {
  '1.3.0': {
    number: '1.3.0',
    spoken: '1.3.0',
    crs: 'CRS',
    otherCrs: 'SRS',
    crsContext: 'wms-1.3.0',
    column: ['I', 'X'],
    row: ['J', 'Y'],
    capabilitiesType: 'text/xml',
    exceptionType: 'text/xml',
    exceptionFormats: ['XML', 'INIMAGE', 'BLANK', 'JSON'],
    codes: wms130Codes,
  },
  '1.1.1': {
    number: '1.1.1',
    spoken: '1.1.1',
    crs: 'SRS',
    otherCrs: 'CRS',
    crsContext: 'other',
    column: ['X', 'I'],
    row: ['Y', 'J'],
    capabilitiesType: 'application/vnd.ogc.wms_xml',
    exceptionType: 'application/vnd.ogc.se_xml',
    exceptionFormats: ['application/vnd.ogc.se_xml', 'application/vnd.ogc.se_inimage', 'application/vnd.ogc.se_blank', 'application/json'],
    codes: wms111Codes,
  },
}

/**
 * Versions that clients name and that are answered as one served. 1.1.0 differs from 1.1.1 by its DTDs, 1.0.0 by the names of operations (`map`, `feature_info`)
 * and formats (`PNG`), which are read whatever the version, and by its exceptions (OGC 00-028, A.3).
 */
const olderVersions: Readonly<Record<string, WmsVersion>> = {
  '1.3': versions['1.3.0'],
  '1.1': versions['1.1.1'],
  '1.1.0': { ...versions['1.1.1'], spoken: '1.1.0' },
  '1.0.0': { ...versions['1.1.1'], spoken: '1.0.0', exceptionType: 'text/xml' },
  '1.0': { ...versions['1.1.1'], spoken: '1.0.0', exceptionType: 'text/xml' },
}

/** Operations by the names that only 1.0.0 has, which says its version in WMTVER. */
const names100: ReadonlySet<string | undefined> = new Set(['map', 'feature_info'])

const askedVersion = (kvp: Kvp) =>
  kvp.get('VERSION') ?? kvp.get('WMTVER') ?? (names100.has(kvp.get('REQUEST')?.toLowerCase()) ? '1.0.0' : undefined)

/** The version to speak in before it is settled, or when it cannot be. */
export function probableVersion(kvp: Kvp): WmsVersion {
  const asked = askedVersion(kvp)
  if (asked !== undefined)
    return Object.hasOwn(olderVersions, asked) ? olderVersions[asked] : versions[negotiateVersion(asked, versionNumbers)]
  return versions[kvp.has('SRS') && !kvp.has('CRS') ? '1.1.1' : '1.3.0']
}

/** The one to answer GetCapabilities in: the nearest that is written (OGC 06-042, 6.2.4). */
export const negotiatedVersion = (kvp: Kvp): WmsVersion => versions[negotiateVersion(askedVersion(kvp), versionNumbers)]

/**
 * The version of an operation where the client has to say what it speaks (OGC 06-042, 7.3.3.1). A server told to be lenient takes it from the other parameters.
 * Throws `missing-parameter`, `unsupported-version`.
 */
export function requiredVersion(kvp: Kvp, isLenient: boolean): WmsVersion {
  const asked = askedVersion(kvp)
  if (asked === undefined && isLenient) return probableVersion(kvp)
  if (asked !== undefined && Object.hasOwn(olderVersions, asked)) return olderVersions[asked]
  return versions[requireVersion(asked, versionNumbers)]
}
