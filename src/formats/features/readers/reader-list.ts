import { csv } from './csv/csv.js'
import { flatgeobuf } from './flatgeobuf/flatgeobuf.js'
import { gdalReaders } from './gdal/gdal.js'
import { geojson } from './geojson/geojson.js'
import { geopackage } from './geopackage/geopackage.js'
import { gml } from './gml/gml.js'
import { kml } from './kml/kml.js'
import { parquet } from './parquet/parquet.js'
import type { FeatureReader } from './reader.js'
import { shapefile } from './shapefile/shapefile.js'

/** Every format that can be read. Adding one is a file and a line here. */
export const featureReaders: readonly FeatureReader[] = [geopackage, geojson, shapefile, flatgeobuf, csv, gml, kml, parquet, ...gdalReaders]
