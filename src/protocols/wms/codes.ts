import type { ExceptionCodes } from '#protocols/ows/exception-report.js'

/**
 * Service exception codes of WMS 1.3.0 (OGC 06-042, table E.1). The standard leaves what is missing or out of range without a code; those
 * of OWS Common stand in.
 */
export const wms130Codes = {
  'missing-parameter': { code: 'MissingParameterValue', status: 400 },
  'invalid-parameter': { code: 'InvalidParameterValue', status: 400 },
  'unknown-operation': { code: 'OperationNotSupported', status: 400 },
  'unsupported-version': { code: 'InvalidParameterValue', status: 400 },
  'unsupported-format': { code: 'InvalidFormat', status: 400 },
  'unknown-collection': { code: 'LayerNotDefined', status: 400 },
  'unknown-style': { code: 'StyleNotDefined', status: 400 },
  'unknown-crs': { code: 'InvalidCRS', status: 400 },
  'unknown-property': { code: 'InvalidParameterValue', status: 400 },
  'not-queryable': { code: 'LayerNotQueryable', status: 400 },
  'invalid-point': { code: 'InvalidPoint', status: 400 },
  'invalid-dimension': { code: 'InvalidDimensionValue', status: 400 },
  'missing-dimension': { code: 'MissingDimensionValue', status: 400 },
  'update-sequence-current': { code: 'CurrentUpdateSequence', status: 400 },
  'update-sequence-ahead': { code: 'InvalidUpdateSequence', status: 400 },
  'too-large': { code: 'InvalidParameterValue', status: 400 },
  'body-too-large': { code: 'NoApplicableCode', status: 413 },
  malformed: { code: 'NoApplicableCode', status: 400 },
  'not-found': { code: 'NoApplicableCode', status: 404 },
  'method-not-allowed': { code: 'OperationNotSupported', status: 405 },
  'not-acceptable': { code: 'InvalidFormat', status: 406 },
  unauthorized: { code: 'NoApplicableCode', status: 401 },
  forbidden: { code: 'NoApplicableCode', status: 403 },
  conflict: { code: 'NoApplicableCode', status: 409 },
  unsupported: { code: 'OperationNotSupported', status: 501 },
  'invalid-data': { code: 'NoApplicableCode', status: 500 },
  deadline: { code: 'NoApplicableCode', status: 503 },
  cancelled: { code: 'NoApplicableCode', status: 499 },
  overloaded: { code: 'NoApplicableCode', status: 503 },
  unavailable: { code: 'NoApplicableCode', status: 503 },
  internal: { code: 'NoApplicableCode', status: 500 },
} as const satisfies ExceptionCodes

/** WMS 1.1.1 (OGC 01-068r3, table A.1) has another name for one of them. */
export const wms111Codes = { ...wms130Codes, 'unknown-crs': { code: 'InvalidSRS', status: 400 } } as const satisfies ExceptionCodes
