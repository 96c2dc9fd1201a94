import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { crsOf, crsRegistry } from '#geo/crs.js'
import { crsProjjson } from '#geo/crs-projjson.js'
import { crsWkt } from '#geo/crs-wkt.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { unlessAll } from '../support/programs.js'
import { pick, seeded } from '../support/seeded.js'

const common = [
  2154, 4326, 4258, 4171, 4807, 3857, 3035, 3948, 27572, 27561, 32631, 32738, 2975, 5490, 2972, 31467, 25832, 28992, 2056, 31370, 3413,
  3031, 5514, 2169, 23031, 2263,
]
/** Axes at a pole all grow south or north, which the texts here leave unsaid. */
const known = common.filter(code => ![5514, 3413, 3031].includes(code))
const random = seeded(61)
const codes = crsRegistry()
  .codes()
  .filter(code => code.startsWith('EPSG:') && crsOf(code)?.definition && !crsOf(code)?.isDeprecated)
const sample = [...new Set([...common.map(code => `EPSG:${code}`), ...Array.from({ length: 250 }, () => pick(random, codes))])]
const texts = sample.map(code => [code, crsWkt(code, 'ogc'), crsWkt(code, 'esri'), JSON.stringify(crsProjjson(code) ?? null)] as const)

t.test('PROJ reads the same system from each text', { skip: unlessAll(withoutGdal) }, async t => {
  const file = join(t.testdir(), 'texts.json')
  writeFileSync(file, JSON.stringify(texts))
  const faults = gdalPython<string[]>(
    `
from osgeo import osr
osr.UseExceptions()
faults = []
common = sys.argv[2].split()
names = json.loads(sys.argv[3])
for code, ogc, esri, projjson in json.load(open(sys.argv[1])):
    want = osr.SpatialReference()
    try: want.ImportFromEPSG(int(code[5:]))
    except RuntimeError: continue # younger than this PROJ
    want.DemoteTo2D()
    for name, text in (('ogc', ogc), ('esri', esri), ('projjson', projjson)):
        if not text or text == 'null': continue
        got = osr.SpatialReference()
        try:
            if name == 'esri': got.ImportFromESRI([text])
            else: got.SetFromUserInput(text)
        except Exception as error:
            faults.append(code + ' ' + name + ': ' + str(error)); continue
        # places of the middle of the area of use, there and back: none may move by a millimetre
        for srs in (want, got): srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        geographic = want.CloneGeogCS(); geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        area = want.GetAreaOfUse()
        if not area or not want.IsProjected() and not want.IsGeographic(): continue
        # the same code under another name is another system in this PROJ
        if code not in common and want.GetName() != names[code]: continue
        unit = 1e-9 if want.IsGeographic() else 0.001
        for share in (0.3, 0.5, 0.6):
            lon = area.west_lon_degree + share * ((area.east_lon_degree - area.west_lon_degree) % 360)
            lat = area.south_lat_degree + share * (area.north_lat_degree - area.south_lat_degree)
            own = got.CloneGeogCS(); own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
            if want.IsGeographic(): own = geographic
            try:
                a = osr.CoordinateTransformation(geographic, want).TransformPoint(lon, lat)
                b = osr.CoordinateTransformation(own, got).TransformPoint(lon, lat)
            except RuntimeError as error: faults.append(code + ' ' + name + ': ' + str(error)); break
            if max(abs(a[0] - b[0]), abs(a[1] - b[1])) > unit:
                faults.append(code + ' ' + name + ': ' + str(a) + ' ' + str(b) + ' ' + text); break
        # and of common systems PROJ knows each by its text, which a name of a datum it had never heard of would prevent
        if code in common and not got.IsSame(want, ['CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS', 'IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES']):
            found = [match.GetAuthorityCode(None) for match, confidence in got.FindMatches() or [] if confidence >= 70]
            if code[5:] not in found: faults.append(code + ' ' + name + ' is not found: ' + text)
print(json.dumps(faults))
`,
    file,
    known.map(code => `EPSG:${code}`).join(' '),
    JSON.stringify(Object.fromEntries(sample.map(code => [code, crsOf(crsOf(code)?.horizontal ?? code)?.name]))),
  )
  t.same(faults, [])
})

t.test('common systems have all three texts', async t => {
  for (const code of common.filter(code => ![5514].includes(code))) {
    const [, ogc, esri, projjson] = texts.find(([one]) => one === `EPSG:${code}`)!
    if (!ogc || !esri || projjson === 'null') t.fail(`EPSG:${code}`)
  }
  t.ok(texts.filter(([, ogc]) => ogc).length > 0.85 * texts.length)
  t.equal(crsWkt('EPSG:5514', 'ogc'), undefined, 'a projection that has no words here')
  t.match(crsWkt('IGNF:LAMB93', 'esri'), /Lambert_Conformal_Conic/)
})
