import { pick, seeded, seededInteger } from '../support/seeded.js'

export interface HostileRequest {
  /** Where it came from, to be asked for again. */
  readonly name: string
  /** Everything that goes over the wire. */
  readonly bytes: Buffer
  /** It is no HTTP: no answer at all is an answer. */
  readonly isBroken: boolean
}

export interface Target {
  /** Names of layers that exist. */
  readonly layers: readonly string[]
  /** A box in EPSG:2154 where something is. */
  readonly bbox: readonly [number, number, number, number]
}

/** Request `number` of `seed`: always the same one. */
export function hostileRequest(seed: number, number: number, target: Target): HostileRequest {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ number)
  const chance = (share: number) => random() < share
  const junk = (): string => {
    const kind = seededInteger(random, 0, 5)
    const length = chance(0.05) ? seededInteger(random, 500, 9_000) : seededInteger(random, 0, 24)
    const alphabets = ['abcXYZ019', '<>&"\'`;|$(){}[]\\/', '.,:-+eE0123456789', 'éàü漢字𝕏\u202e\ufeff\u0301', '%00%0a%ff%', ' \t~!@#^*=?']
    return Array.from({ length }, () => pick(random, [...alphabets[kind]])).join('')
  }
  const nasty = (): string => (chance(0.6) ? pick(random, nastyValues) : junk())

  /** A right request of WMS, as its parameters. */
  const right = (): [string, string][] => {
    const is130 = chance(0.6)
    const [west, south, east, north] = target.bbox
    const size = () => String(seededInteger(random, 1, 300))
    const layers = Array.from({ length: seededInteger(random, 1, 2) }, () => pick(random, target.layers)).join(',')
    const map: [string, string][] = [
      ['service', 'WMS'],
      ['version', is130 ? '1.3.0' : '1.1.1'],
      ['request', 'GetMap'],
      ['layers', layers],
      ['styles', ''],
      [is130 ? 'crs' : 'srs', 'EPSG:2154'],
      ['bbox', [west, south, west + (east - west) * random(), south + (north - south) * random()].join(',')],
      ['width', size()],
      ['height', size()],
      ['format', pick(random, ['image/png', 'image/jpeg'])],
    ]
    if (chance(0.3)) map.push(['exceptions', pick(random, ['XML', 'INIMAGE', 'BLANK', 'JSON', 'application/vnd.ogc.se_inimage'])])
    if (chance(0.3))
      map.push(['transparent', pick(random, ['true', 'FALSE', 'perhaps'])], ['bgcolor', pick(random, ['0xff8800', '#fff', 'red'])])
    if (chance(0.1)) map.push(['dpi', pick(random, ['96', '0', '-1', '1e9', 'NaN'])])
    switch (seededInteger(random, 0, 5)) {
      case 0:
        return [
          ['service', 'WMS'],
          ['request', 'GetCapabilities'],
          ['version', pick(random, ['1.3.0', '1.1.1', '1.0.0', '9.9.9'])],
          ['updatesequence', pick(random, ['0', '1', '2', 'x'])],
        ]
      case 1:
        return [...map.slice(0, 3), ['layer', pick(random, target.layers)], ['width', size()], ['height', size()], map[9]].map(
          ([name, value]) => (name === 'request' ? ['request', 'GetLegendGraphic'] : [name, value]),
        ) as [string, string][]
      case 2:
      case 3:
        return [
          ...map.map(([name, value]): [string, string] => (name === 'request' ? [name, 'GetFeatureInfo'] : [name, value])),
          ['query_layers', layers],
          ['info_format', pick(random, infoFormats)],
          [is130 ? 'i' : 'x', size()],
          [is130 ? 'j' : 'y', size()],
          ['feature_count', pick(random, ['1', '10', '0', '-5', '999999999', 'many'])],
        ]
      default:
        return map
    }
  }
  const parameters = (): string => {
    const all = right()
    for (let changes = seededInteger(random, 0, 3); changes > 0; changes--) {
      const at = seededInteger(random, 0, all.length - 1)
      switch (seededInteger(random, 0, 4)) {
        case 0:
          all.splice(at, 1)
          break
        case 1:
          all.push([all[at]?.[0] ?? 'x', nasty()])
          break
        case 2:
          all.push([nasty(), nasty()])
          break
        default:
          if (all[at]) all[at] = [all[at][0], nasty()]
      }
    }
    const encode = chance(0.85) ? encodeURIComponent : (text: string) => text.replace(/[ \r\n\t#]/g, '+')
    return all.map(([name, value]) => `${encode(chance(0.5) ? name.toUpperCase() : name)}=${encode(value)}`).join(chance(0.97) ? '&' : '&&')
  }
  const path = (): string => {
    if (chance(0.65)) return pick(random, ['/wms', '/wms/', '/ows', `/datasets/${encodeURIComponent(pick(random, target.layers))}/wms`])
    return pick(random, [
      '/',
      '//',
      '/api',
      '/conformance',
      '/health/ready',
      `/preview/${encodeURIComponent(pick(random, target.layers))}`,
      `/preview/${encodeURIComponent(nasty())}`,
      `/web/${encodeURIComponent(nasty())}`,
      '/web/page.css',
      '/web/../../package.json',
      '/web/..%2f..%2fpackage.json',
      '/web/%2e%2e/%2e%2e/etc/passwd',
      '/%',
      '/%E0%A4%A/wms',
      '/datasets/__proto__/wms',
      '/constructor',
      `/datasets/${encodeURIComponent(nasty())}`,
      `/${encodeURIComponent(nasty())}/wms`,
      `/${'a/'.repeat(seededInteger(random, 1, 300))}`,
      'http://elsewhere.example/wms',
      '*',
    ])
  }
  const header = (): [string, string] => [
    pick(random, headerNames),
    (chance(0.7) ? pick(random, headerValues) : junk()).replace(/[\r\n\0]/g, ''),
  ]

  const isBroken = chance(0.03)
  if (isBroken) return { name: `${seed}/${number}`, bytes: Buffer.from(pick(random, brokenHttp)), isBroken }
  const isPost = chance(0.2)
  const method = isPost ? 'POST' : chance(0.9) ? 'GET' : pick(random, ['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])
  const headers: [string, string][] = Array.from({ length: seededInteger(random, 0, 4) }, header)
  let body = ''
  let query = parameters()
  if (isPost) {
    const asForm = chance(0.5)
    body = asForm ? query : chance(0.5) ? pick(random, bodies) : junk()
    query = ''
    headers.push([
      'content-type',
      pick(random, asForm ? ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=x'] : contentTypes),
    ])
    headers.push(['content-length', String(Buffer.byteLength(body))])
  }
  const line = `${method} ${path()}${query ? `?${query}` : ''} HTTP/1.1`
  const text = [line, 'host: 127.0.0.1', 'connection: close', ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n')
  return { name: `${seed}/${number}`, bytes: Buffer.from(text), isBroken: false }
}

const infoFormats = [
  'text/plain',
  'text/html',
  'application/json',
  'application/geo+json',
  'application/vnd.ogc.gml',
  'text/xml; subtype=gml/3.1.1',
  'x/y',
]

const nastyValues = [
  '', ' ', '0', '-0', '-1', '1', '8192', '8193', '99999999', '2147483648', '1e400', '1e-400', 'NaN', 'Infinity', '-Infinity', '0x10', '1,5', '١٢٣',
  '0,0,0,0', '1,2,3', '1,2,3,4,5', '4,3,2,1', 'NaN,NaN,NaN,NaN', '-1e308,-1e308,1e308,1e308', '0,0,1e-300,1e-300', '-180,-90,180,90',
  '-20037508.34,-20037508.34,20037508.34,20037508.34', '179,-10,-179,10', '5,43,5,43', 'Infinity,0,1,1',
  'EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'CRS:84', 'EPSG:3948', 'EPSG:32661', 'EPSG:0', 'EPSG:99999999', 'epsg:4326', 'AUTO2:42001,1,2,43',
  'urn:ogc:def:crs:EPSG::4326', 'http://www.opengis.net/def/crs/EPSG/0/3857', 'EPSG:4978', 'EPSG:5714', 'EPSG:27572', 'IGNF:LAMB93',
  'GetMap', 'getmap', 'GetFeatureInfo', 'GetNothing', 'WMS', 'WFS', '1.3.0', '1.1.1', '1.3', '../../etc/passwd', '/etc/passwd', 'C:\\Windows',
  "' OR 1=1 --", '"; DROP TABLE x; --', `$\{DATABASE_URL}`, '{{7*7}}', '<script>alert(1)</script>', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\u0000', '\r\nSet-Cookie: a=b', '\ud83d\ude00', '\ufffe', '\ufffd', '%', '%zz', '%25', '%c3%28',
  'image/png', 'image/png8', 'image/gif', 'image/svg+xml', 'image/png; mode=8bit', 'application/json', 'text/html', 'text/plain', ',', ',,,,', 'a,b,c',
  'x'.repeat(3000), ','.repeat(2000), '0.'.padEnd(400, '3'), '9'.repeat(400),
] // biome-ignore format: a list to be read across

const headerNames = ['accept', 'accept-encoding', 'accept-language', 'if-none-match', 'if-modified-since', 'range', 'forwarded', 'x-forwarded-host',
  'x-forwarded-proto', 'x-forwarded-prefix', 'x-request-id', 'origin', 'access-control-request-method', 'cookie', 'authorization', 'x-api-key', 'expect',
  'content-type', 'te', 'user-agent', 'referer', 'upgrade'] // biome-ignore format: as above

const headerValues = ['*', '*/*', 'br', 'gzip;q=0', 'br;q=x, gzip;q=2', 'identity;q=0, *;q=0', 'text/html', 'application/json', ';;;,,,=', 'fr;q=0.5, en;q=1e9',
  'a-'.repeat(500), '"', 'W/"x", *', '*, "y"', 'bytes=0-10', 'bytes=-1', 'for=1.2.3.4;host="<script>";proto=javascript', 'evil.example', 'https',
  '/../..', 'null', 'Basic !!!!', 'Bearer x', '100-continue', '', 'text/xml; charset=utf-16', 'h2c', 'websocket'] // biome-ignore format: as above

const contentTypes = [
  'text/xml',
  'application/xml; charset=latin1',
  'application/json',
  'multipart/form-data; boundary=x',
  'x',
  'application/x-www-form-urlencoded',
  '',
]

const bodies = [
  '<?xml version="1.0"?><GetMap xmlns="http://www.opengis.net/ows" service="WMS" version="1.3.0"/>',
  `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(50)}">${Array.from({ length: 9 }, (_, i) => `<!ENTITY b${i} "${i ? `&b${i - 1};` : '&b;'}${i ? `&b${i - 1};` : ''}">`).join('')}]><a>&b8;</a>`,
  '<'.repeat(5000), `${'<a>'.repeat(3000)}`, '{"a":'.repeat(2000), 'service=WMS&request=GetCapabilities', '\u0000\u0001\u0002', 'x'.repeat(300_000), '=&=&=', '&'.repeat(20_000),
] // biome-ignore format: as above

const brokenHttp = [
  'GET\r\n\r\n', 'GET /wms\r\n\r\n', 'GET /wms HTTP/9.9\r\n\r\n', 'G\u0000T / HTTP/1.1\r\n\r\n', '\r\n\r\n\r\n', '\u0016\u0003\u0001\u0002\u0000\u0001',
  'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n', 'GET / HTTP/1.1\r\nno colon\r\n\r\n', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: a\r\n${'x-a: b\r\n'.repeat(5000)}\r\n`, 'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
  'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'POST /wms HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nshort', 'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n', 'CONNECT example.org:443 HTTP/1.1\r\nhost: a\r\n\r\n',
] // biome-ignore format: as above
