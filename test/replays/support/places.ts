/** Boxes of two places in the demo, `minx,miny,maxx,maxy`, their corners transformed from EPSG:2154 by PROJ; `latlon` and `lonlat` are EPSG:4326. */
const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // 400 m square of the village centre, within the orthophoto
  village: {
    'EPSG:2154': '885800,6869500,886200,6869900',
    'EPSG:3857': '616122.460905,6257684.158967,616749.035928,6258273.414773',
    lonlat: '5.534722235,48.898663436,5.540350854,48.902143142',
    latlon: '48.898663436,5.534722235,48.902143142,5.540350854',
  },
  // 100 m square; the church, Église Saint-Évrault, covers its centre
  church: {
    'EPSG:2154': '885960,6869590,886060,6869690',
    'EPSG:3857': '616369.666527,6257813.318420,616526.308856,6257960.630628',
    'EPSG:3948': '1885979.573413,7303071.082577,1886079.506954,7303171.171671',
    lonlat: '5.536942921,48.899426177,5.538350063,48.900296102',
    latlon: '48.899426177,5.536942921,48.900296102,5.538350063',
  },
}

/** `text` with `{village EPSG:2154}` and the like replaced by the box; `{crlf}` by a line end. */
export function withPlaces(text: string): string {
  return text.replace(/\{(\w+) ([\w:]+)\}/g, (all, place, form) => {
    const box = places[place]?.[form]
    if (box === undefined) throw new Error(`${all} is not a place`)
    return box
  })
}
