import { arpent } from './arpent.mjs'
import { mapnik } from './mapnik.mjs'
import { mapserver } from './mapserver.mjs'
import { martin } from './martin.mjs'
import { pygeoapi } from './pygeoapi.mjs'
import { qgis } from './qgis.mjs'
import { tipg } from './tipg.mjs'
import { titiler } from './titiler.mjs'

/**
 * Every server that Arpent is compared with; Arpent first. A peer is `{ name, title, settings, check({ installs, say }), start(world, use) }`: `check` resolves to `{ version }` or
 * `{ absent: 'why, and what would install it' }`; `start` to `{ port, pid, mapPath(workload, request), capabilitiesPath, stop }` once it answers, or to undefined
 * when it has no answer to any of it. `use` is `{ cleanup, layers, ready }`, `ready` being workloads to ask for, or `{ cleanup, count }` for that many layers of one
 * table. `mapPath` is undefined for what a server does not do.
 */
export const peers = [arpent, mapserver, qgis, mapnik, martin, titiler, tipg, pygeoapi]
