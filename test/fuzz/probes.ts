import type { Probe } from './probe.js'
import { config } from './probes/config.js'
import { ewkb } from './probes/ewkb.js'
import { archive, csv, flatgeobuf, geojson, geopackage, shapefile } from './probes/feature-files.js'
import { filters } from './probes/filters.js'
import { sld } from './probes/sld.js'
import { tiff } from './probes/tiff.js'
import { xml } from './probes/xml.js'

/** Every reader of bytes that is tried. A new one is a file in probes/ and a line here. */
export const probes: readonly Probe[] = [geopackage, geojson, shapefile, flatgeobuf, csv, archive, tiff, ewkb, config, xml, sld, filters]
