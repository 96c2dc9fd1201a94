import t from 'tap'
import { requireCrs } from '#geo/crs.js'
import { type CrsForm, parseCrsName, requireCrsName, writeCrsName } from '#geo/crs-name.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'

/** Names, the system they mean, the form they are in. */
const names: readonly (readonly [text: string, code: string, form: CrsForm])[] = [
  ['EPSG:2154', 'EPSG:2154', 'short'],
  ['epsg:2154', 'EPSG:2154', 'short'],
  ['EPSG::2154', 'EPSG:2154', 'short'],
  [' EPSG:2154 ', 'EPSG:2154', 'short'],
  ['2154', 'EPSG:2154', 'short'],
  ['EPSG:2154+5720', 'EPSG:2154', 'short'],
  ['[EPSG:4326]', 'EPSG:4326', 'short'],
  ['EPSG:900913', 'EPSG:3857', 'short'],
  ['EPSG:102100', 'EPSG:3857', 'short'],
  ['IGNF:LAMB93', 'IGNF:LAMB93', 'short'],
  ['urn:ogc:def:crs:EPSG::4326', 'EPSG:4326', 'urn'],
  ['URN:OGC:DEF:CRS:EPSG::4326', 'EPSG:4326', 'urn'],
  ['urn:ogc:def:crs:EPSG:9.9:4326', 'EPSG:4326', 'urn'],
  ['urn:ogc:def:crs:EPSG:6.11.2:4326', 'EPSG:4326', 'urn'],
  ['urn:ogc:def:crs:EPSG:4326', 'EPSG:4326', 'urn'],
  ['urn:ogc:def:crs:IGNF::LAMB93', 'IGNF:LAMB93', 'urn'],
  ['urn:EPSG:geographicCRS:4326', 'EPSG:4326', 'urn'],
  ['urn:ogc:def:crs,crs:EPSG::2154,crs:EPSG::5720', 'EPSG:2154', 'urn'],
  ['urn:x-ogc:def:crs:EPSG:4326', 'EPSG:4326', 'urn-x'],
  ['urn:x-ogc:def:crs:EPSG:6.11:4326', 'EPSG:4326', 'urn-x'],
  ['http://www.opengis.net/def/crs/EPSG/0/3035', 'EPSG:3035', 'url'],
  ['<http://www.opengis.net/def/crs/EPSG/0/3035>', 'EPSG:3035', 'url'],
  ['http://www.opengis.net/def/crs/EPSG/9.8.15/3035', 'EPSG:3035', 'url'],
  ['https://www.opengis.net/def/crs/EPSG/0/3035', 'EPSG:3035', 'url-https'],
  ['http://www.opengis.net/gml/srs/epsg.xml#4326', 'EPSG:4326', 'epsg-xml'],
  ['http://registre.ign.fr/ign/IGNF/crs/IGNF/RGF93G', 'IGNF:RGF93G', 'url'],
  ['http://registre.ign.fr/ign/IGNF/IGNF.xml#LAMB93', 'IGNF:LAMB93', 'url'],
  ['http://librairies.ign.fr/geoportail/resources/IGNF.xml#LAMB93', 'IGNF:LAMB93', 'url'],
  ['CRS:84', 'OGC:CRS84', 'crs84'],
  ['crs:84', 'OGC:CRS84', 'crs84'],
  ['CRS:83', 'OGC:CRS83', 'crs84'],
  ['CRS:27', 'OGC:CRS27', 'crs84'],
  ['CRS84', 'OGC:CRS84', 'crs84'],
  ['OGC:CRS84', 'OGC:CRS84', 'crs84'],
  ['CRS84h', 'OGC:CRS84h', 'crs84'],
  ['urn:ogc:def:crs:OGC:1.3:CRS84', 'OGC:CRS84', 'urn'],
  ['urn:ogc:def:crs:OGC::CRS84', 'OGC:CRS84', 'urn'],
  ['urn:ogc:def:crs:OGC:2:84', 'OGC:CRS84', 'urn'],
  ['urn:x-ogc:def:crs:OGC:1.3:CRS84', 'OGC:CRS84', 'urn-x'],
  ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'OGC:CRS84', 'url'],
  ['http://www.opengis.net/def/crs/OGC/0/CRS84h', 'OGC:CRS84h', 'url'],
]

t.test('every spelling is read (T-1), and echoed as it was asked', async t => {
  for (const [text, code, form] of names) {
    const name = parseCrsName(text, 'other')
    t.match(name, { form, text: text.trim(), crs: { code } }, text)
  }
})

t.test('axis order over WMS versions, forms and systems (T-1, T-4, T-6, T-8)', async t => {
  const northFirst = ['EPSG:4326', 'EPSG:4258', 'EPSG:4171', 'EPSG:3034', 'EPSG:3035', 'EPSG:2193', 'EPSG:31467']
  const eastFirst = [
    'EPSG:2154',
    'EPSG:3857',
    'EPSG:3948',
    'EPSG:27572',
    'EPSG:32631',
    'EPSG:5698',
    'EPSG:2053',
    'IGNF:LAMB93',
    'IGNF:RGF93G',
    'OGC:CRS84',
  ]
  const authorityDecides: readonly CrsForm[] = ['urn', 'urn-x', 'url', 'url-https']
  for (const code of [...northFirst, ...eastFirst]) {
    const crs = requireCrs(code)
    const isNorthFirst = northFirst.includes(code)
    for (const form of authorityDecides) {
      for (const context of ['wms-1.3.0', 'other'] as const) {
        t.equal(parseCrsName(writeCrsName(crs, form), context)!.isFlipped, isNorthFirst, `${writeCrsName(crs, form)} in ${context}`)
      }
    }
    const short = writeCrsName(crs, 'short')
    t.equal(parseCrsName(short, 'other')!.isFlipped, false, `${short} is x,y in WMS 1.1.1 and WFS 1.0`)
    t.equal(parseCrsName(short, 'wms-1.3.0')!.isFlipped, isNorthFirst, `${short} follows its authority in WMS 1.3.0`)
    if (!code.startsWith('EPSG:')) continue
    for (const context of ['wms-1.3.0', 'other'] as const)
      t.equal(parseCrsName(writeCrsName(crs, 'epsg-xml'), context)!.isFlipped, false, 'epsg.xml# is x,y')
  }
  for (const text of ['CRS:84', 'CRS84', 'OGC:CRS84', 'urn:ogc:def:crs:OGC:1.3:CRS84', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84']) {
    for (const context of ['wms-1.3.0', 'other'] as const)
      t.equal(parseCrsName(text, context)!.isFlipped, false, `${text} is lon,lat in ${context}`)
  }
})

t.test('the form asked for is the form answered', async t => {
  const written: readonly (readonly [string, CrsForm, string])[] = [
    ['EPSG:2154', 'short', 'EPSG:2154'],
    ['EPSG:2154', 'urn', 'urn:ogc:def:crs:EPSG::2154'],
    ['EPSG:2154', 'urn-x', 'urn:x-ogc:def:crs:EPSG:2154'],
    ['EPSG:2154', 'url', 'http://www.opengis.net/def/crs/EPSG/0/2154'],
    ['EPSG:2154', 'url-https', 'https://www.opengis.net/def/crs/EPSG/0/2154'],
    ['EPSG:2154', 'epsg-xml', 'http://www.opengis.net/gml/srs/epsg.xml#2154'],
    ['EPSG:2154', 'crs84', 'EPSG:2154'],
    ['IGNF:LAMB93', 'epsg-xml', 'IGNF:LAMB93'],
    ['IGNF:LAMB93', 'urn', 'urn:ogc:def:crs:IGNF::LAMB93'],
    ['OGC:CRS84', 'crs84', 'CRS:84'],
    ['OGC:CRS84', 'urn', 'urn:ogc:def:crs:OGC:1.3:CRS84'],
    ['OGC:CRS84', 'url', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'],
    ['OGC:CRS84h', 'url', 'http://www.opengis.net/def/crs/OGC/0/CRS84h'],
    ['OGC:CRS84h', 'crs84', 'OGC:CRS84h'],
  ]
  for (const [code, form, text] of written) {
    t.equal(writeCrsName(requireCrs(code), form), text)
    t.equal(parseCrsName(text, 'other')?.crs.code, code, `${text} is read back`)
  }
})

t.test('what is no name is refused, quickly, with what would have worked', async t => {
  const wrong = [
    '',
    'EPSG',
    'EPSG:',
    'EPSG:x',
    'EPSG:99999999',
    'urn:ogc:def:crs:EPSG::',
    'urn:ogc:def:cs:EPSG::4326',
    'http://example.org/def/crs/EPSG/0/4326',
  ]
  const hostile = [
    'EPSG:2154; DROP TABLE',
    "EPSG:2154'",
    'EPSG:2154<script>',
    '[EPSG:2154',
    'urn:ogc:def:crs:EPSG::2154\u0000',
    `http://registre.ign.fr/${'a/'.repeat(1e5)}`,
    `urn:ogc:def:crs:EPSG:${'1.'.repeat(1e5)}`,
  ]
  for (const text of [...wrong, ...hostile]) {
    t.equal(parseCrsName(text, 'wms-1.3.0'), undefined, JSON.stringify(text).slice(0, 60))
    t.throws(() => requireCrsName(text, 'other'), { kind: 'unknown-crs', message: /EPSG:3857/ })
  }
  for (const text of ['AUTO:42001,9001,0,0', 'AUTO2:42003,1,-100,45', 'urn:ogc:def:crs:OGC::AUTO42001:99:8888']) {
    t.throws(() => requireCrsName(text, 'wms-1.3.0'), { message: /EPSG:3857/ }, text)
  }
})

t.test('whatever clients send, reading a name never throws', async t => {
  const random = seeded(1300)
  const parts = [
    'urn:ogc:def:crs:',
    'urn:x-ogc:',
    'EPSG',
    'IGNF',
    'OGC',
    'CRS',
    ':',
    '::',
    '/',
    '#',
    ',',
    '4326',
    '84',
    'CRS84',
    'http://www.opengis.net/def/crs/',
    '[',
    ']',
    '<',
    '>',
    '\u0000',
    'é',
    '__proto__',
    '"',
    '\\',
    '+',
    '.',
  ]
  let known = 0
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: seededInteger(random, 0, 6) }, () => pick(random, parts)).join('')
    const name = parseCrsName(text, 'wms-1.3.0')
    if (!name) continue
    known++
    if (parseCrsName(writeCrsName(name.crs, name.form), 'other')?.crs !== name.crs) t.fail(`${text} is not read back`)
  }
  t.ok(known > 10, `${known} happened to be names`)
})
