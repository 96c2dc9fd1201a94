import { Problem, toProblem } from '#core/problem.js'
import type { Service, ServiceContext } from '#protocols/http/service.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { type OperationTable, requireOperation } from '#protocols/ows/operation.js'
import { servicePage } from '#protocols/ows/page.js'
import { requestKvp } from '#protocols/ows/request-kvp.js'
import { negotiateVersion, requireVersion } from '#protocols/ows/version.js'
import type { WmsOperation } from './call.js'
import { describeLayer } from './describe-layer.js'
import { exceptionAnswer } from './exceptions.js'
import { getCapabilities } from './get-capabilities.js'
import { getFeatureInfo } from './get-feature-info.js'
import { getLegendGraphic } from './get-legend-graphic.js'
import { getMap } from './get-map.js'
import { getStyles } from './get-styles.js'
import { wmsPage } from './page.js'
import { readVersions, type VersionNumber, versionNumbers, versions } from './versions.js'
import { xmlGetMap } from './xml-get-map.js'

/** Web Map Service 1.1.1 and 1.3.0 (OGC 01-068r3, OGC 06-042): parameters in the address or in a form, answers in the client's version. */
export const wms = (context: ServiceContext): Service => {
  const table: OperationTable<WmsOperation> = {
    operations: {
      GetCapabilities: getCapabilities(),
      GetMap: getMap,
      GetFeatureInfo: getFeatureInfo,
      DescribeLayer: describeLayer,
      GetLegendGraphic: getLegendGraphic,
      GetStyles: getStyles,
    },
    // names of WMS 1.0.0, which 1.1.1 keeps (OGC 01-068r3, 6.2.5)
    aliases: { capabilities: 'GetCapabilities', map: 'GetMap', feature_info: 'GetFeatureInfo' },
  }

  return async request => {
    let kvp: Kvp | undefined
    let version = versions['1.3.0']
    let mayBeImage = false
    try {
      kvp = requestKvp(request, xmlGetMap)
      if (kvp.size === 0 && request.method !== 'POST') return servicePage(request, wmsPage(request))
      version = versions[probableVersion(kvp)]
      checkService(kvp)
      const operation = requireOperation(table, kvp)
      mayBeImage = operation.isImage
      version = versions[versionOf(operation, kvp, request.view.atlas.service.lenient)]
      return await operation.answer({ context, request, kvp, version })
    } catch (error) {
      const problem = toProblem(error)
      if (problem.kind === 'internal') context.log.error({ err: error }, 'a WMS request failed')
      return exceptionAnswer(problem, { version, kvp, request, mayBeImage })
    }
  }
}

/** `WMTVER` is what 1.0.0 called it. */
const askedVersion = (kvp: Kvp) => kvp.get('VERSION') ?? kvp.get('WMTVER')

/** The version to speak in before it is settled, or when it cannot be. */
function probableVersion(kvp: Kvp): VersionNumber {
  const asked = askedVersion(kvp)
  if (asked !== undefined) return negotiateVersion(asked, versionNumbers)
  return kvp.has('SRS') && !kvp.has('CRS') ? '1.1.1' : '1.3.0'
}

/** A server told to be lenient takes the version from the other parameters; the standard wants an exception (OGC 06-042, 7.3.3.1). */
function versionOf({ version }: WmsOperation, kvp: Kvp, isLenient: boolean): VersionNumber {
  const asked = askedVersion(kvp)
  if (version === 'negotiated') return negotiateVersion(asked, versionNumbers)
  if (asked === undefined && isLenient) return probableVersion(kvp)
  return requireVersion(asked, versionNumbers, readVersions)
}

/** The path has said it already; a client that means another service is told (contract, section 4). */
function checkService(kvp: Kvp): void {
  const asked = kvp.get('SERVICE')
  if (asked === undefined || asked.toUpperCase() === 'WMS') return
  throw new Problem('invalid-parameter', `SERVICE=${asked.slice(0, 40)} is not served at this address; SERVICE=WMS would work.`, {
    locator: 'service',
  })
}
