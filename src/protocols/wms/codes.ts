import { owsCodes } from '#protocols/ows/codes.js'
import type { ExceptionCodes } from '#protocols/ows/exception-report.js'

/**
 * Service exception codes of WMS 1.3.0 (OGC 06-042, table E.1). The standard leaves what is missing or out of range without a code; those
 * of OWS Common stand in.
 */
export const wms130Codes = {
  ...owsCodes,
  'unsupported-version': { code: 'InvalidParameterValue', status: 400 },
  'unsupported-format': { code: 'InvalidFormat', status: 400 },
  'unknown-collection': { code: 'LayerNotDefined', status: 400 },
  'unknown-style': { code: 'StyleNotDefined', status: 400 },
  'unknown-crs': { code: 'InvalidCRS', status: 400 },
  'not-queryable': { code: 'LayerNotQueryable', status: 400 },
  'invalid-point': { code: 'InvalidPoint', status: 400 },
  'invalid-dimension': { code: 'InvalidDimensionValue', status: 400 },
  'missing-dimension': { code: 'MissingDimensionValue', status: 400 },
  'update-sequence-current': { code: 'CurrentUpdateSequence', status: 400 },
  'not-acceptable': { code: 'InvalidFormat', status: 406 },
  unsupported: { code: 'OperationNotSupported', status: 501 },
} as const satisfies ExceptionCodes

/** WMS 1.1.1 (OGC 01-068r3, table A.1) has another name for one of them. */
export const wms111Codes = { ...wms130Codes, 'unknown-crs': { code: 'InvalidSRS', status: 400 } } as const satisfies ExceptionCodes
