import type { Suite } from '../suite.js'
import { wms13 } from '../wms13/index.js'
export const wms11: Suite = { ...wms13, id: 'wms11' }
