import { bound, type Entry, type Suite } from '../suite.js'
import { bluelakeServer, withoutBluelake } from '../wms/bluelake-server.js'
import { readCapabilities } from '../wms/capabilities.js'
import { fetchCapabilities, schemaEntries, withoutSchemas } from '../wms/schemas.js'
import { type WmsWorld, worldOf } from '../wms/world.js'
import { basicElements } from './basic-elements.js'
import { capabilitiesLayers } from './capabilities-layers.js'
import { capabilitiesRequests } from './capabilities-requests.js'
import { capabilitiesResources } from './capabilities-resources.js'
import { capabilitiesSchema } from './capabilities-schema.js'
import { basic, queryable } from './data.js'
import { rasterElevation, vectorElevation } from './elevation.js'
import { featureInfo } from './feature-info.js'
import { looks } from './looks.js'
import { mapAppearance, mapExceptions } from './map-appearance.js'
import { mapBbox } from './map-bbox.js'
import { mapLayers, mapStyles } from './map-layers.js'
import { recommendations } from './recommendations.js'
import { time } from './time.js'

const entries: readonly Entry<WmsWorld>[] = [
  ...basicElements,
  ...capabilitiesRequests,
  ...capabilitiesSchema,
  ...capabilitiesLayers,
  ...capabilitiesResources,
  ...mapBbox,
  ...mapLayers,
  ...mapExceptions,
  ...mapAppearance,
  ...mapStyles,
  ...featureInfo,
  ...basic,
  ...looks,
  ...queryable,
  ...rasterElevation,
  ...vectorElevation,
  ...time,
  ...recommendations,
]

const capabilitiesPath = '/wms?service=WMS&version=1.3.0&request=GetCapabilities'

/** Web Map Service 1.3.0 (OGC 06-042), against the tests of ets-wms13. */
export const wms13: Suite = {
  id: 'wms13',
  title: 'WMS 1.3.0',
  skip: withoutBluelake,
  server: bluelakeServer,
  schemas: withoutSchemas || (async ({ address }) => schemaEntries(address, '1.3.0')),
  tests: async ({ address }) => bound(entries, worldOf('1.3.0', readCapabilities(await fetchCapabilities(address + capabilitiesPath)))),
  official: ({ address }) => ({ url: address + capabilitiesPath, settings: [] }),
  groups: ['getcapabilities:resource-format', 'time:time-dims'],
}
