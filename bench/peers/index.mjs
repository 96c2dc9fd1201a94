import { arpent } from './arpent.mjs'
import { mapnik } from './mapnik.mjs'
import { mapserver } from './mapserver.mjs'
import { qgis } from './qgis.mjs'

/**
 * Every server that maps are compared with; Arpent first. A peer is `{ name, title, settings, check(), start(world, use) }`: `check` resolves to
 * `{ version }` or `{ absent: 'why, and what would install it' }`; `start` to `{ port, pid, mapPath(workload, request), capabilitiesPath, stop }`
 * once it answers, where `use` is `{ cleanup, layers }` or `{ cleanup, count }` for that many layers of one table.
 */
export const peers = [arpent, mapserver, qgis, mapnik]
