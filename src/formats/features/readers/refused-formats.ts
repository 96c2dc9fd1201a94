/** Formats of features that are known by name but not read, with what would have worked instead. */
export const refusedFormats: Readonly<Record<string, { readonly name: string; readonly instead: string }>> = {
  '.mbtiles': { name: 'MBTiles', instead: 'the data the tiles were made from, as GeoPackage' },
  '.pmtiles': { name: 'PMTiles', instead: 'the data the tiles were made from, as GeoPackage' },
  '.pbf': { name: 'OpenStreetMap PBF', instead: 'GeoPackage or GeoJSON' },
  '.osm': { name: 'OpenStreetMap XML', instead: 'GeoPackage or GeoJSON' },
  '.dwg': { name: 'DWG', instead: 'GeoPackage or Shapefile' },
  '.gdb': { name: 'File Geodatabase', instead: 'GeoPackage' },
  '.xls': { name: 'Excel', instead: 'CSV' },
  '.rar': { name: 'RAR archive', instead: 'a zip archive' },
  '.7z': { name: '7-Zip archive', instead: 'a zip archive' },
  '.tar': { name: 'tar archive', instead: 'a zip archive' },
  '.tgz': { name: 'tar archive', instead: 'a zip archive' },
  '.bz2': { name: 'bzip2 file', instead: 'a gzip or zip archive' },
  '.xz': { name: 'xz file', instead: 'a gzip or zip archive' },
  '.zst': { name: 'Zstandard file', instead: 'a gzip or zip archive' },
}
