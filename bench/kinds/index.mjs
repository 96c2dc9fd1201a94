import { capabilities } from './capabilities.mjs'
import { cold } from './cold.mjs'
import { exports } from './exports.mjs'
import { features } from './features.mjs'
import { files } from './files.mjs'
import { imports } from './import.mjs'
import { maps } from './maps.mjs'
import { memory } from './memory.mjs'
import { remote } from './remote.mjs'
import { starts } from './start.mjs'

/** How each kind of workload is measured: `(context, workloads)`, in this order. The context is `{ world, plan, cleanup, say, result, present }`. */
export const kinds = { map: maps, cold, start: starts, capabilities, import: imports, remote, files, memory, features, exports }
