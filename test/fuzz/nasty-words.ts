/** Values that no parameter of any protocol expects. */
export const nastyValues: readonly string[] = [
  '', ' ', '0', '-0', '-1', '1', '8192', '8193', '99999999', '2147483648', '4294967296', '9007199254740993', '1e400', '1e-400', 'NaN', 'Infinity', '-Infinity', '0x10', '1,5', '١٢٣', '٣',
  '../../etc/passwd', '/etc/passwd', 'C:\\Windows', "' OR 1=1 --", '"; DROP TABLE x; --', '$' + '{DATABASE_URL}', '{7*7}', '{{7*7}}', '<script>alert(1)</script>', '"><script>alert(1)</script>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\0', '\r\nSet-Cookie: a=b', '\u{1f600}', '\ufffe', '\ufffd', ']]>',
  '%', '%zz', '%25', '%c3%28', '%00', '%FF%FE', ',', ',,,,', 'a,b,c', '&', '=', '?', '#', 'x'.repeat(3000), ','.repeat(2000), '('.repeat(3000), '0.'.padEnd(400, '3'), '9'.repeat(400), 'é'.repeat(500),
] // biome-ignore format: a list to be read across

export const methods: readonly string[] = ['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']

export const headerNames: readonly string[] = ['accept', 'accept-encoding', 'accept-language', 'if-none-match', 'if-modified-since', 'range', 'forwarded', 'x-forwarded-host',
  'x-forwarded-proto', 'x-forwarded-prefix', 'x-request-id', 'origin', 'access-control-request-method', 'cookie', 'authorization', 'x-api-key', 'expect',
  'content-type', 'te', 'user-agent', 'referer', 'upgrade', 'content-encoding'] // biome-ignore format: as above

export const headerValues: readonly string[] = ['*', '*/*', 'br', 'gzip', 'gzip;q=0', 'br;q=x, gzip;q=2', 'identity;q=0, *;q=0', 'text/html', 'application/json', ';;;,,,=', 'fr;q=0.5, en;q=1e9',
  'a-'.repeat(500), '"', 'W/"x", *', '*, "y"', 'bytes=0-10', 'bytes=-1', 'for=1.2.3.4;host="<script>";proto=javascript', 'evil.example', 'https',
  '/../..', 'null', 'Basic !!!!', 'Bearer x', '100-continue', '', 'text/xml; charset=utf-16', 'h2c', 'websocket'] // biome-ignore format: as above

export const contentTypes: readonly string[] = ['text/xml', 'application/xml; charset=latin1', 'application/json', 'multipart/form-data; boundary=x', 'x', 'application/x-www-form-urlencoded', 'application/soap+xml', ''] // biome-ignore format: as above

const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY b${i} "${i ? `&b${i - 1};&b${i - 1};` : 'ccccc'}">`).join('')

/** Bodies that no protocol expects. */
export const nastyBodies: readonly string[] = [
  `<!DOCTYPE a [${entities}]><a>&b8;</a>`, '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x"><a/>', '<'.repeat(5000), '<a>'.repeat(3000), '{"a":'.repeat(2000), '\0\x01\x02',
  'x'.repeat(300_000), '=&=&=', '&'.repeat(20_000), `<a ${'b="c" '.repeat(2000)}/>`,
] // biome-ignore format: as above

export const alphabets: readonly string[] = [
  'abcXYZ019',
  '<>&"\'`;|$(){}[]\\/',
  '.,:-+eE0123456789',
  'éàü漢字𝕏\u202e\ufeff\u0301',
  '%00%0a%ff%',
  ' \t~!@#^*=?',
]
