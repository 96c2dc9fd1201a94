import type { Entry } from '../suite.js'
import { aspectRatio, blueLake, diamond, layerOrder } from '../wms/looks.js'
import type { WmsWorld } from '../wms/world.js'
import { clause } from './entry.js'

const looked = clause('7.2.3', 'wmsops-getmap-params-')

/** What the official suite shows to a person, where one is there, and asks whether it is right. */
export const looks: readonly Entry<WmsWorld>[] = [
  looked('bbox-1', 'The polygon in the middle of cite:BasicPolygons is a diamond that fills its box.', diamond),
  looked('bbox-2', 'The layers of the vicinity are drawn inside of their frame, and nothing outside.', blueLake),
  looked('layers-4', 'The first layer of LAYERS lies at the bottom, the last on top.', layerOrder),
  looked('width_height-3', 'Where BBOX and size differ in shape, the map is stretched.', aspectRatio),
]
