import type { ExceptionCodes } from '#protocols/ows/exception-report.js'
import { wms111Codes, wms130Codes } from './codes.js'

/** Versions served, rising. */
export const versionNumbers = ['1.1.1', '1.3.0'] as const
export type VersionNumber = (typeof versionNumbers)[number]

/** What differs from version to version, as data. */
export interface WmsVersion {
  readonly number: VersionNumber
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

/** Versions that clients name and that are answered as one served: older ones speak like 1.1.1 as far as maps go. */
export const readVersions: Readonly<Record<string, VersionNumber>> = { '1.3': '1.3.0', '1.1.0': '1.1.1', '1.1': '1.1.1', '1.0.0': '1.1.1' }
