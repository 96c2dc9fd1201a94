import { features } from './grammars/features.js'
import { http } from './grammars/http.js'
import { tiles } from './grammars/tiles.js'
import { wms } from './grammars/wms.js'
import { probeTarget } from './probe-target.js'
import { probes } from './probes.js'
import { requestTarget } from './request-target.js'
import type { Target } from './target.js'

/** Every grammar of requests. A new protocol is a file in grammars/ and a word here. */
const grammars = [wms, tiles, features, http]

export const targets: readonly Target[] = [...grammars.map(requestTarget), ...(await Promise.all(probes.map(probeTarget)))]
