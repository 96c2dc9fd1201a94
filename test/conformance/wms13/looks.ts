import type { Entry } from '../suite.js'
import { aspectRatio, blueLake, diamond, layerOrder } from '../wms/looks.js'
import type { WmsWorld } from '../wms/world.js'

/** What the official suite shows to a person, where one is there, and asks whether it is right; here, told from pixels. */
export const looks: readonly Entry<WmsWorld>[] = [
  {
    id: 'basic:basic-polygons-sanity-check',
    clause: 'test data',
    asserts: 'The polygon in the middle of cite:BasicPolygons is a diamond that fills its box.',
    trials: diamond,
  },
  {
    id: 'basic:blue-lake-sanity-check',
    clause: 'test data',
    asserts: 'The layers of the vicinity are drawn inside of their frame, and nothing outside.',
    trials: blueLake,
  },
  {
    id: 'basic:layer-order',
    clause: 'OGC 06-042, 7.3.3.3',
    asserts: 'The first layer of LAYERS lies at the bottom, the last on top.',
    trials: layerOrder,
  },
  {
    id: 'basic:aspect-ratio',
    clause: 'OGC 06-042, 7.3.3.8',
    asserts: 'Where BBOX and size differ in shape, the map is stretched.',
    trials: aspectRatio,
  },
]
