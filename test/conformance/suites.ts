import { features10 } from './features10/index.js'
import { gml32 } from './gml32/index.js'
import { json } from './json/index.js'
import type { Suite } from './suite.js'
import { wms11 } from './wms11/index.js'
import { wms13 } from './wms13/index.js'

/** Every suite there is, in the order they run. */
export const suites: readonly Suite[] = [wms13, wms11, gml32, json, features10]
