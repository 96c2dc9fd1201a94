import type { Grammar } from '../grammar.js'

const infoFormats = ['text/plain', 'text/html', 'application/json', 'application/geo+json', 'application/vnd.ogc.gml', 'application/vnd.ogc.gml/3.1.1', 'text/xml; subtype=gml/3.1.1', 'x/y'] // biome-ignore format: across

const map130 = {
  service: 'WMS',
  version: '1.3.0',
  request: 'GetMap',
  layers: ['{layer}', '{layer}', '{layer},{layer}'],
  styles: ['', '', 'default', ','],
  width: '{size}',
  height: '{size}',
  format: ['image/png', 'image/jpeg', 'image/png8', 'image/gif', 'image/tiff;application=geotiff', 'image/svg+xml', 'application/pdf', 'kml', 'kmz', 'utfgrid', 'geojson'], // biome-ignore format: across
  'exceptions?': ['XML', 'INIMAGE', 'BLANK', 'JSON'],
  'transparent?': ['true', 'FALSE', 'perhaps'],
  'bgcolor?': ['0xff8800', '#fff', 'red'],
  'dpi?': ['96', '300', '0', '-1', '1e9', 'NaN'],
  'quality?': ['1', '85', '1000', '-1', 'best'],
  'format_options?': [
    'quality:50',
    'dpi:96;quality:',
    ':;quality',
    'layout:a4;title:x;scalebar:on;north:on;legend:on',
    'layout:a3-portrait;dpi:30;credits:<x>',
    'title:]]>;scalebar:on;legend:on',
    'layout:b5',
    'margin:-1;layout:a4',
    'utfresolution:1;kmscore:100',
    'utfresolution:99;kmscore:0;kmattr:false',
  ],
  'cql_filter?': [
    "nom = 'a'",
    '1=1',
    'INCLUDE;EXCLUDE',
    "strToUpperCase(nom) = 'A'",
    'INTERSECTS(the_geom, POINT(886010 6869640))',
    "nom = 'a",
    'x DURING 2006-01-01/P1M',
  ],
  'filter?': [
    `{layer}:"nom" = 'a'`,
    '<Filter><PropertyIsNull><PropertyName>nom</PropertyName></PropertyIsNull></Filter>',
    '()(<Filter><FeatureId fid="1"/></Filter>)',
    '(<Filter/>',
    '"',
  ],
  'featureid?': ['{layer}.1', '1,2', ',', '{layer}.'],
  'sortby?': ['nom', 'nom D', '(nom)(nom D)', 'geom', ',,'],
  'angle?': ['30', '-90', '359.999', '1e3', '360', 'NaN', '1e999', '-0'],
  'params?': ['usage:Religieux', "usage:' OR 1=1 --", 'usage:;hauteur:5', 'hauteur:1e999', 'a:1,b:2', ':', ';;', 'usage:x\\;y', 'nope:1'],
  'viewparams?': ['usage:Religieux', 'hauteur:-1.5e2'],
  'env?': ['a:1;b:c:d', ':', 'scaledenominator:1'],
  'time?': [
    '2020-01-01',
    '2020-01-01/2021-01-01',
    'current',
    '2019',
    '2015/P1Y',
    'P1M/current',
    '2010/2020/P1M',
    '2012,2015/..,2019-12-05T12:00:00+02:00',
    '0001/9999/PT1S',
    '-271821/+275760',
    '2017-02-30',
  ],
  'elevation?': ['0/200', '100,150/160,255', '0/255/0.5', '1000', '1e999', '/'],
  'dim_usage?': ['Religieux', 'x,y', ','],
}
const map111 = {
  ...map130,
  version: '1.1.1',
  'exceptions?': ['application/vnd.ogc.se_xml', 'application/vnd.ogc.se_inimage', 'application/vnd.ogc.se_blank'],
}
const info = {
  request: 'GetFeatureInfo',
  info_format: infoFormats,
  'feature_count?': ['1', '10', '0', '-5', '999999999', 'many'],
  'buffer?': ['0', '5', '1e6'],
}
const on130 = { ...info, query_layers: '{layer}', 'i?': '{size}', 'j?': '{size}' }

/** Web Map Service 1.1.1 and 1.3.0: parameters in the address or a form, documents in the body. */
export const wms: Grammar = {
  name: 'wms',
  title: 'WMS: parameters by GET and POST, XML bodies',
  cases: 1200,
  paths: ['/wms', '/wms', '/wms', '/wms/', '/ows', '/datasets/{layer}/wms'],
  operations: {
    capabilities: { service: 'WMS', request: 'GetCapabilities', 'version?': ['1.3.0', '1.1.1', '1.0.0', '9.9.9'], 'updatesequence?': ['0', '1', '2', 'x'], 'format?': ['application/json', 'text/xml', 'x'], 'language?': ['fr', 'en', 'x'] },
    'map of Lambert-93': { ...map130, crs: 'EPSG:2154', bbox: '{bbox:EPSG:2154}' },
    'map of latitudes first': { ...map130, crs: 'EPSG:4326', bbox: '{bbox:latlon}' },
    'map of Mercator': { ...map130, crs: 'EPSG:3857', bbox: '{bbox:EPSG:3857}' },
    'map of 1.0.0': { ...map111, version: ['1.0.0', '1.1.0'], request: ['map', 'GetMap'], format: ['PNG', 'GIF', 'JPEG'], srs: 'EPSG:4326', bbox: '{bbox:lonlat}' },
    'map of 1.1.1': { ...map111, srs: ['EPSG:4326'], bbox: '{bbox:lonlat}' },
    'info in Lambert-93': { ...map130, ...on130, crs: 'EPSG:2154', bbox: '{bbox:EPSG:2154}' },
    'info in longitudes': { ...map130, ...on130, crs: 'CRS:84', bbox: '{bbox:lonlat}' },
    'info of 1.1.1': { ...map111, ...info, query_layers: '{layer}', 'x?': '{size}', 'y?': '{size}', srs: 'EPSG:2154', bbox: '{bbox:EPSG:2154}' },
    styles: { service: 'WMS', request: 'GetStyles', layers: ['{layer}', '{layer},{layer}'], 'version?': ['1.3.0', '1.1.1'], 'sld_version?': ['1.0.0', '1.1.0', '2'] },
    legend: { service: 'WMS', version: '1.3.0', request: 'GetLegendGraphic', layer: '{layer}', format: ['image/png', 'image/jpeg', 'image/svg+xml', 'application/pdf'], 'width?': '{size}', 'height?': '{size}', 'style?': 'default', 'scale?': ['1000', '0', '-1', 'x'] },
  },
  documents: [
    '<?xml version="1.0"?><GetMap xmlns="http://www.opengis.net/ows" service="WMS" version="1.3.0"/>',
    '<?xml version="1.0" encoding="UTF-8"?><ogc:GetCapabilities xmlns:ogc="http://www.opengis.net/ows" service="WMS"/>',
    '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>{layer}</Name><UserStyle/></NamedLayer></StyledLayerDescriptor>',
    'service=WMS&request=GetCapabilities',
  ],
  values: [
    'EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'CRS:84', 'EPSG:3948', 'EPSG:32661', 'EPSG:0', 'EPSG:99999999', 'epsg:4326', 'AUTO2:42001,1,2,43', 'AUTO:42001,9001,0,0',
    'urn:ogc:def:crs:EPSG::4326', 'http://www.opengis.net/def/crs/EPSG/0/3857', 'EPSG:4978', 'EPSG:5714', 'EPSG:27572', 'IGNF:LAMB93',
    'GetMap', 'getmap', 'GetFeatureInfo', 'GetNothing', 'WMS', 'WFS', '1.3.0', '1.1.1', '1.3', 'INIMAGE', 'BLANK', 'dpi:96', 'dpi:', '{layer}', '*', 'eau:{layer}',
    '0,0,0,0', '1,2,3', '1,2,3,4,5', '4,3,2,1', 'NaN,NaN,NaN,NaN', '-1e308,-1e308,1e308,1e308', '0,0,1e-300,1e-300', '1e-320,0,1e-319,1', '-180,-90,180,90', '48,2,49,3',
    '-20037508.34,-20037508.34,20037508.34,20037508.34', '179,-10,-179,10', '5,43,5,43', 'Infinity,0,1,1', '885676,6869468,885676.0000001,6869468.0000001',
    'image/png', 'image/png8', 'image/geotiff', 'image/gif', 'image/svg+xml', 'image/png; mode=8bit', 'image/vnd.jpeg-png8', 'image/webp', 'kml', 'kmz', 'utfgrid', 'geojson', 'utfresolution:1', 'kmscore:100', 'kmscore:0', 'application/json', 'text/html', 'text/plain', '1999', '2000', '2001',
  ],
} // biome-ignore format: a table to be read across
