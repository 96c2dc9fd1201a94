import type { DataMap } from './data-map.js'
import { geoJsonMap } from './geojson-map.js'
import { kmlMap, kmzMap } from './kml-map.js'
import { utfGridMap } from './utfgrid-map.js'

/** Every format in which a map is its features. To add one: a file, a line here, and a line in `protocols/wms/map-formats.ts`. */
export const dataMaps: readonly DataMap[] = [kmlMap, kmzMap, geoJsonMap, utfGridMap]
