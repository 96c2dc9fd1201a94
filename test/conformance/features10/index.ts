import { bound, type Entry, type Suite } from '../suite.js'
import { collectionEntries } from './collections.js'
import { conditions } from './conditions.js'
import { crsDiscovery } from './crs-discovery.js'
import { crsQuery } from './crs-query.js'
import { extraBoxes } from './extra-boxes.js'
import { extraCrs } from './extra-crs.js'
import { extraFilter } from './extra-filter.js'
import { extraPages } from './extra-pages.js'
import { extraResources } from './extra-resources.js'
import { extraSchema } from './extra-schema.js'
import { extraTime } from './extra-time.js'
import { features } from './features.js'
import { general } from './general.js'
import { schemaEntries } from './schemas.js'
import { type FeaturesWorld, readWorld } from './world.js'
import { worldServer } from './world-server.js'

const entries: readonly Entry<FeaturesWorld>[] = [
  ...general,
  ...collectionEntries,
  ...features,
  ...conditions,
  ...crsDiscovery,
  ...crsQuery,
  ...extraResources,
  ...extraPages,
  ...extraBoxes,
  ...extraTime,
  ...extraCrs,
  ...extraFilter,
  ...extraSchema,
]

/** OGC API Features, Parts 1 and 2 (OGC 17-069r4, 18-058r1), against the tests of ets-ogcapi-features10. */
export const features10: Suite = {
  id: 'features10',
  title: 'OGC API Features',
  skip: false,
  server: worldServer,
  schemas: async ({ address }) => schemaEntries(await readWorld(address)),
  tests: async ({ address }) => bound(entries, await readWorld(address)),
  // not the last collection: the official suite stumbles over features without geometry where a collection has a list of systems, and over its absence
  official: ({ address }) => ({ url: address, settings: ['noofcollections=3'] }),
  groups: [],
}
