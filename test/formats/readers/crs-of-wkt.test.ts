import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { crsOfWkt } from '#formats/features/readers/crs/crs-of-wkt.js'
import { sharedData } from '../../support/shared-data.js'

const greenwich = 'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]'
const grs80 = 'SPHEROID["GRS_1980",6378137.0,298.257222101]'
const lambert93 = (name: string, datum: string, more = '') =>
  `PROJCS["${name}",GEOGCS["GCS_${datum}",DATUM["D_${datum}",${grs80}],${greenwich}],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",44.0],PARAMETER["Standard_Parallel_2",49.0],PARAMETER["Latitude_Of_Origin",46.5],UNIT["Meter",1.0]${more}]`

t.test('names and parameters lead to the code', async t => {
  t.same(crsOfWkt(lambert93('RGF_1993_Lambert_93', 'RGF_1993')), { crs: 'EPSG:2154' })
  t.same(crsOfWkt(lambert93('RGF93_v2_Lambert-93', 'Reseau_Geodesique_Francais_1993_v2')), { crs: 'EPSG:9793' })
  t.same(crsOfWkt(`COMPD_CS["x",${lambert93('RGF_1993_Lambert_93', 'RGF_1993')},VERT_CS["NGF-IGN69",VERT_DATUM["x",2005]]]`), {
    crs: 'EPSG:2154',
  })
  t.same(crsOfWkt(lambert93('anything', 'unknown', ',AUTHORITY["EPSG","2154"]')), { crs: 'EPSG:2154' })
  t.match(crsOfWkt(lambert93('sans titre', 'inconnu')), { crs: 'EPSG:2154', note: /by its parameters alone/ })
  t.same(crsOfWkt(lambert93('x', 'RGF_1993').replace('700000', '700001')), undefined)
  t.same(crsOfWkt('PROJCRS["RGF93 v1 / Lambert-93",BASEGEOGCRS["RGF93 v1"],ID["EPSG",2154]]'), { crs: 'EPSG:2154' })
  t.same(crsOfWkt('PROJCRS["RGF93 v1 / CC48",BASEGEOGCRS["RGF93 v1"]]'), { crs: 'EPSG:3948' })
})

t.test('what is no description gives nothing, soon', async t => {
  for (const text of [
    '',
    'PROJCS',
    'PROJCS[',
    'LOCAL_CS["x",UNIT["m",1]]',
    '['.repeat(1e5),
    'A['.repeat(30_000),
    `PROJCS["${'x'.repeat(1e6)}"]`,
    '<xml/>',
    'PROJCS["a",GEOGCS["b"]]',
  ])
    t.equal(crsOfWkt(text), undefined, text.slice(0, 30))
})

// Of france.md, 1.1, and some neighbours; compound and geocentric systems have no WKT of ESRI.
const codes = [
  2154, 9793, 9794, 3942, 3943, 3944, 3945, 3946, 3947, 3948, 3949, 3950, 9822, 9823, 9824, 9825, 9826, 9827, 9828, 9829, 9830, 9842, 9843,
  9844, 9845, 9846, 9847, 9848, 9849, 9850, 4171, 9777, 9782, 4258, 3034, 3035, 25830, 25831, 25832, 3857, 4326, 27572, 27561, 27562, 27563,
  27564, 4275, 4807, 5490, 5489, 4559, 2970, 2973, 2969, 2972, 4624, 2975, 4627, 3727, 4471, 10674, 10671, 4467, 4463, 3163, 4749, 3296,
  3297, 4687, 8903, 8900, 7074, 7075, 7076, 7077, 7078, 7079, 7080, 7081, 8455, 8456, 32631, 2056, 27700, 28992, 23031,
]
const script = `
import json, sys, pyproj
from pyproj.enums import WktVersion
out = {}
for code in json.load(sys.stdin):
    try: crs = pyproj.CRS.from_epsg(code)
    except Exception: continue
    for name in ('WKT1_ESRI', 'WKT1_GDAL', 'WKT2_2019'):
        try: out[f'{code} {name}'] = crs.to_wkt(WktVersion[name])
        except Exception: pass
json.dump(out, sys.stdout)
`
const python = ['/usr/bin/python3', 'python3'].find(command => spawnSync(command, ['-c', 'import pyproj']).status === 0)

t.test('every system of France as PROJ writes it', { skip: python ? false : 'pyproj is not installed' }, async t => {
  const { stdout } = spawnSync(python ?? '', ['-c', script], { input: JSON.stringify(codes), encoding: 'utf8' })
  const all = Object.entries(JSON.parse(stdout) as Record<string, string>)
  t.ok(all.length > 200)
  for (const [key, wkt] of all) {
    const [code] = key.split(' ')
    const found = crsOfWkt(wkt)
    if (found?.crs !== `EPSG:${code}` || found.note) t.same(found, { crs: `EPSG:${code}` }, key)
  }
})

const { path, skip } = sharedData('bench/urbanisme')
t.test('the .prj files of real deliveries', { skip }, async t => {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(name => /\.prj$/i.test(name))
  t.ok(files.length > 5)
  for (const name of files) t.same(crsOfWkt(readFileSync(join(path, name), 'utf8')), { crs: 'EPSG:2154' }, name)
})
