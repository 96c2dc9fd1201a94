import { bound, type Entry, type Suite } from '../suite.js'
import { bluelakeServer, withoutBluelake } from '../wms/bluelake-server.js'
import { readCapabilities } from '../wms/capabilities.js'
import { fetchCapabilities, schemaEntries, withoutSchemas } from '../wms/schemas.js'
import { type WmsWorld, worldOf } from '../wms/world.js'
import { capabilitiesContent } from './capabilities-content.js'
import { capabilitiesRequests } from './capabilities-requests.js'
import { featureInfo } from './feature-info.js'
import { mapLayers } from './layers.js'
import { looks } from './looks.js'
import { maps } from './map.js'
import { mapExceptions } from './map-exceptions.js'
import { profiles } from './profiles.js'

const entries: readonly Entry<WmsWorld>[] = [
  ...capabilitiesRequests,
  ...capabilitiesContent,
  ...profiles,
  ...maps,
  ...mapExceptions,
  ...mapLayers,
  ...looks,
  ...featureInfo,
]

const capabilitiesPath = '/wms?service=WMS&version=1.1.1&request=GetCapabilities'

/** Web Map Service 1.1.1 (OGC 01-068r3), against the tests of ets-wms11. */
export const wms11: Suite = {
  id: 'wms11',
  title: 'WMS 1.1.1',
  skip: withoutBluelake,
  server: bluelakeServer,
  schemas: withoutSchemas || (async ({ address }) => schemaEntries(address, '1.1.1')),
  tests: async ({ address }) => bound(entries, worldOf('1.1.1', readCapabilities(await fetchCapabilities(address + capabilitiesPath)))),
  official: ({ address }) => ({ url: address + capabilitiesPath, settings: [] }),
  groups: [],
}
