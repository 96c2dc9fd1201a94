import type { Grammar } from '../grammar.js'

/** Whatever the protocol: addresses that lead elsewhere, and what is no HTTP at all. */
export const http: Grammar = {
  name: 'http',
  title: 'paths, pages, and what is no HTTP',
  cases: 500,
  paths: ['/', '//', '/api', '/conformance', '/health/ready', '/health/live', '/preview/{layer}', '/preview/{junk}', '/web/{junk}', '/web/page.css',
    '/web/../../package.json', '/web/..%2f..%2fpackage.json', '/web/%2e%2e/%2e%2e/etc/passwd', '/web/page.css%00.png', '/%', '/%E0%A4%A/wms', '/datasets/__proto__/wms',
    '/constructor', '/datasets/{junk}', '/datasets/{layer}', '/datasets/{layer}/datasets/{layer}/wms', '/{junk}/wms', '/{junk}', `/${'a/'.repeat(300)}`,
    'http://elsewhere.example/wms', '*', '/wms;x=1', '/WMS', '/wms?', '/?f=json', '/?f={junk}'],
  operations: {
    nothing: {},
    page: { 'f?': ['json', 'html', 'xml', ''], 'lang?': ['fr', 'en', 'x'], 'service?': 'WMS', 'request?': 'GetCapabilities' },
  },
  documents: ['{"a":1}', '=&=&=', 'x=1'],
  values: ['/etc/passwd', 'C:\\Windows', 'json', 'html'],
  broken: [
    'GET\r\n\r\n', 'GET /wms\r\n\r\n', 'GET /wms HTTP/9.9\r\n\r\n', 'G\0T / HTTP/1.1\r\n\r\n', '\r\n\r\n\r\n', '\x16\x03\x01\x02\0\x01',
    'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n', 'GET / HTTP/1.1\r\nno colon\r\n\r\n', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: a\r\n${'x-a: b\r\n'.repeat(5000)}\r\n`, 'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
    'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'POST /wms HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nshort', 'POST /wms HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n', 'CONNECT example.org:443 HTTP/1.1\r\nhost: a\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nx: a\r\n folded\r\n\r\n', 'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
  ],
} // biome-ignore format: a table to be read across
