/** Formats that are read by GDAL, compiled to WebAssembly. */
export interface GdalFormat {
  readonly name: string
  readonly extensions: readonly string[]
  /** GDAL's driver; no other one looks at the file. */
  readonly driver: string
  /** Of files that belong to one. */
  readonly companions?: readonly string[]
  /** The file is an archive itself. */
  readonly isArchive?: boolean
}

/** Formats that are left to GDAL, each with the one driver it is opened by. */
export const gdalFormats: readonly GdalFormat[] = [
  { name: 'MapInfo TAB', extensions: ['.tab'], driver: 'MapInfo File', companions: ['.dat', '.map', '.id', '.ind'] },
  { name: 'MapInfo MIF', extensions: ['.mif'], driver: 'MapInfo File', companions: ['.mid'] },
  { name: 'DXF', extensions: ['.dxf'], driver: 'DXF' },
  { name: 'DGN', extensions: ['.dgn'], driver: 'DGN' },
  { name: 'GPX', extensions: ['.gpx'], driver: 'GPX' },
  { name: 'TopoJSON', extensions: ['.topojson'], driver: 'TopoJSON' },
  { name: 'OpenJUMP JML', extensions: ['.jml'], driver: 'JML' },
  { name: 'ArcInfo E00', extensions: ['.e00'], driver: 'AVCE00' },
  { name: 'SpatiaLite', extensions: ['.sqlite'], driver: 'SQLite' },
  { name: 'Geoconcept', extensions: ['.gxt'], driver: 'Geoconcept' },
  { name: 'Excel', extensions: ['.xlsx'], driver: 'XLSX', isArchive: true },
  { name: 'OpenDocument table', extensions: ['.ods'], driver: 'ODS', isArchive: true },
]
