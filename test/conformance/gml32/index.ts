import { pathToFileURL } from 'node:url'
import { bound, type Suite } from '../suite.js'
import { bluelakeServer, withoutBluelake } from '../wms/bluelake-server.js'
import { fetchFeatures, writeFeatures } from './document.js'
import { entries, ofTheSchema } from './entries.js'

/** GML 3.2.1 (OGC 07-036) in feature information, against the tests of ets-gml32. */
export const gml32: Suite = {
  id: 'gml32',
  title: 'GML 3.2.1',
  skip: withoutBluelake,
  server: bluelakeServer,
  schemas: 'the transcription does it',
  tests: async ({ address }) => bound(entries, { address }),
  official: async ({ address }, folder) => ({
    url: pathToFileURL(await writeFeatures(await fetchFeatures(address, 'EPSG:4326'), folder)).href,
    settings: [],
  }),
  groups: ofTheSchema,
}
