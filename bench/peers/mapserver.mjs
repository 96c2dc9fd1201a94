import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCapabilities, getMap } from '../world/workloads.mjs'
import { fastcgiPrograms, missing, startFastcgi } from './fastcgi.mjs'
import { firstPath, isFeatures, readyType, untilReady } from './ready.mjs'

const program = '/usr/lib/cgi-bin/mapserv'
/** The font that Arpent writes with. */
const openSans = fileURLToPath(
  new URL('../../node_modules/@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf', import.meta.url),
)

export const mapserver = {
  name: 'mapserver',
  title: 'MapServer',
  settings:
    'FastCGI, 2 processes behind nginx; CLOSE_CONNECTION=DEFER, extents given, AGG, bilinear ortho; GDAL block cache 256 MB a process',
  async check() {
    const absent = missing({ [program]: 'cgi-mapserver', ...fastcgiPrograms })
    if (absent) return absent
    return { version: spawnSync(program, ['-v'], { encoding: 'utf8' }).stdout.match(/version (\S+)/)?.[1] }
  },
  async start(world, { cleanup, layers, ready, count }) {
    const folder = cleanup.folder('mapserver')
    const blocks = count ? Array.from({ length: count }, (_, n) => emptyLayer(world, n)) : layers.map(layer => layerOf(world, layer))
    writeFileSync(join(folder, 'bench.map'), mapfile(world.extent, blocks))
    writeFileSync(join(folder, 'fonts.txt'), `sans ${openSans}\n`)
    writeFileSync(join(folder, 'mapserver.conf'), `CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n`)
    const server = await startFastcgi(
      cleanup,
      folder,
      program,
      {
        MAPSERVER_CONFIG_FILE: join(folder, 'mapserver.conf'),
        GDAL_CACHEMAX: '256',
      },
      `fastcgi_param MS_MAPFILE ${join(folder, 'bench.map')};`,
    )
    const mapPath = ({ layer: { name } }, request) => (isFeatures(request) ? getFeature(name, request) : getMap('/?', name, request))
    const capabilitiesPath = getCapabilities('/?')
    const path = count ? capabilitiesPath : firstPath(ready, mapPath)
    await untilReady(server, server.port, path, readyType(ready, count))
    return { port: server.port, pid: server.pid, mapPath, capabilitiesPath, stop: server.stop }
  },
}

/** WFS 2.0.0, whose coordinates of a urn are y,x. */
const getFeature = (name, { lonLat: [west, south, east, north], isStored }) =>
  `/?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=${name}&OUTPUTFORMAT=geojson&SRSNAME=urn:ogc:def:crs:EPSG::${isStored ? 2154 : 4326}&BBOX=${south},${west},${north},${east},urn:ogc:def:crs:EPSG::4326`

const mapfile = (extent, layers) => `MAP
  NAME "bench" FONTSET "fonts.txt" EXTENT ${extent.join(' ')} SIZE 256 256 UNITS METERS IMAGECOLOR 255 255 255 MAXSIZE 4096
  PROJECTION "init=epsg:2154" END
  OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" END
  OUTPUTFORMAT NAME "jpeg" DRIVER AGG/JPEG MIMETYPE "image/jpeg" IMAGEMODE RGB EXTENSION "jpg" FORMATOPTION "QUALITY=85" END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson" FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" FORMATOPTION "LCO:COORDINATE_PRECISION=9" END
  SYMBOL NAME "circle" TYPE ELLIPSE FILLED TRUE POINTS 1 1 END END
  WEB METADATA "ows_enable_request" "*" "ows_title" "Bench" "ows_srs" "EPSG:2154 EPSG:3857 EPSG:4326" "ows_onlineresource" "http://127.0.0.1/" END END
${layers.join('\n')}
END
`

function layerOf(world, layer) {
  const head = `LAYER NAME "${layer.name}" STATUS ON EXTENT ${layer.extent.join(' ')} PROJECTION "init=${(layer.raster?.crs ?? 'EPSG:2154').toLowerCase()}" END METADATA "ows_title" "${layer.name}" "gml_include_items" "all" "gml_featureid" "id" "wfs_getfeature_formatlist" "geojson" END`
  if (layer.type === 'raster') {
    const { paths, index } = layer.raster
    const data = paths.length === 1 ? `DATA "${paths[0]}"` : `TILEINDEX "${index}" TILEITEM "location"`
    return `${head} TYPE RASTER ${data} PROCESSING "RESAMPLE=BILINEAR" END`
  }
  const type = layer.type.includes('POLYGON') ? 'POLYGON' : layer.type.includes('LINE') ? 'LINE' : 'POINT'
  return `${head} TYPE ${type} ${connection(world, layer.table)} ${layer.rule.label ? `LABELITEM "${layer.rule.label.column}"` : ''} CLASS ${layer.rule.symbolizers.map(stylesOf).join(' ')} ${labelOf(layer.rule.label)} END END`
}

const emptyLayer = (world, n) =>
  `LAYER NAME "layer_${n}" STATUS ON TYPE POINT EXTENT ${world.extent.join(' ')} PROJECTION "init=epsg:2154" END METADATA "ows_title" "Couche n° ${n}" "ows_abstract" "Des lieux, répétés" "ows_keywordlist" "lieux,adresses" END ${connection(world, 'places')} CLASS STYLE COLOR 255 0 0 SYMBOL "circle" SIZE 4 END END END`

const connection = ({ postgres: { socket, port, user, database } }, table) =>
  `CONNECTIONTYPE POSTGIS CONNECTION "host=${socket} port=${port} user=${user} dbname=${database}" PROCESSING "CLOSE_CONNECTION=DEFER" DATA "geom FROM ${table} USING UNIQUE id USING SRID=2154"`

const color = (hex, opacity) =>
  `"${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}"`

/** Letters are measured in points of 96 to the inch. */
const points = 72 / 96
const labelOf = label =>
  label
    ? `LABEL TYPE TRUETYPE FONT "sans" SIZE ${label.size * points} COLOR ${color(label.color, 1)} OUTLINECOLOR ${color(label.halo, 1)} OUTLINEWIDTH ${label.haloWidth} POSITION CR OFFSET ${label.offset} 0 PARTIALS FALSE FORCE FALSE BUFFER 0 END`
    : ''

function stylesOf(symbolizer) {
  switch (symbolizer.kind) {
    case 'fill': {
      const { outline } = symbolizer
      return `STYLE COLOR ${color(symbolizer.color, symbolizer.opacity)} END STYLE OUTLINECOLOR ${color(outline.color, outline.opacity)} WIDTH ${outline.width} LINEJOIN MITER END`
    }
    case 'line': {
      const { stroke, casing } = symbolizer
      const outline = casing ? `OUTLINECOLOR ${color(casing.color, casing.opacity)} OUTLINEWIDTH ${(casing.width - stroke.width) / 2}` : ''
      return `STYLE COLOR ${color(stroke.color, stroke.opacity)} WIDTH ${stroke.width} LINECAP ROUND LINEJOIN ROUND ${outline} END`
    }
    case 'mark': {
      const { radius, halo } = symbolizer
      const around = `STYLE SYMBOL "circle" COLOR ${color(halo.color, halo.opacity)} SIZE ${2 * (radius + halo.width)} END`
      return `${around} STYLE SYMBOL "circle" COLOR ${color(symbolizer.color, symbolizer.opacity)} SIZE ${2 * radius} END`
    }
  }
}
