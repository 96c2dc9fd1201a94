import t from 'tap'
import { crsOf, crsRegistry, metresPerDegree, requireCrs } from '#geo/crs.js'

t.test('every system of EPSG and IGNF is known', async t => {
  const codes = crsRegistry().codes()
  t.ok(codes.filter(code => code.startsWith('EPSG:')).length > 7500)
  t.ok(codes.filter(code => code.startsWith('IGNF:')).length > 850)
  const missing = codes.filter(code => crsOf(code)?.code !== code)
  t.same(missing, [], 'each is found under its own code')
})

t.test('what a server needs to know of a system', async t => {
  const lambert = requireCrs('EPSG:2154')
  t.match(lambert, { name: 'RGF93 v1 / Lambert-93', kind: 'projected', axes: 'xy', metresPerUnit: 1, isDegrees: false, base: 'EPSG:4171' })
  t.same(lambert.area, [-9.86, 41.15, 10.38, 51.56])
  t.match(lambert.proj, /^\+proj=lcc .*\+units=m \+no_defs$/)
  t.match(requireCrs('EPSG:4326'), { kind: 'geographic', axes: 'yx', isDegrees: true, metresPerUnit: metresPerDegree })
  t.equal(requireCrs('OGC:CRS84').axes, 'xy')
  t.equal(requireCrs('EPSG:3035').axes, 'yx', 'north first')
  t.equal(requireCrs('EPSG:3034').axes, 'yx')
  t.equal(requireCrs('IGNF:RGF93G').axes, 'xy', 'IGNF puts longitude first')
  t.ok(Math.abs(requireCrs('EPSG:2225').metresPerUnit / (1200 / 3937) - 1) < 1e-14, 'US survey feet')
  t.match(requireCrs('EPSG:4807'), { isDegrees: false, metresPerUnit: metresPerDegree * 0.9 }, 'grads')
  t.match(requireCrs('EPSG:5698'), { kind: 'compound', horizontal: 'EPSG:2154', axes: 'xy' })
  t.match(requireCrs('EPSG:5720'), { kind: 'vertical', proj: undefined })
  t.match(requireCrs('EPSG:4964'), { kind: 'geocentric' })
  t.equal(requireCrs('EPSG:2053').directions, 'ws', 'south-oriented systems say so')
  t.ok(requireCrs('EPSG:2163').isDeprecated)
  const pacific = requireCrs('EPSG:3832').area!
  t.ok(pacific[0] > pacific[2], 'west is greater than east across the antimeridian')
})

t.test('codes are read in any case, aliases too, and never throw', async t => {
  t.equal(crsOf('epsg:2154'), crsOf('EPSG:2154'), 'one object per system')
  t.equal(crsOf('EPSG:02154')?.code, 'EPSG:2154')
  t.equal(crsOf('ignf:lamb93')?.code, 'IGNF:LAMB93')
  t.equal(crsOf('EPSG:900913')?.code, 'EPSG:3857')
  t.equal(crsOf('CRS:84')?.code, 'OGC:CRS84')
  t.equal(crsOf('ogc:crs84h')?.code, 'OGC:CRS84h')
  for (const wrong of [
    '',
    ':',
    'EPSG:',
    'EPSG:0',
    'EPSG:99999999',
    'EPSG',
    '2154',
    'proj',
    'datums',
    '__proto__',
    'IGNF:"',
    `EPSG:${'1'.repeat(1e6)}`,
    'EPSG:2154\n',
  ])
    t.equal(crsOf(wrong), undefined, JSON.stringify(wrong).slice(0, 30))
})

t.test('an unknown system is refused with what would have worked', async t => {
  t.throws(() => requireCrs('EPSG:21540'), { name: 'CrsError', kind: 'unknown-crs', message: /EPSG:21540 is not known.*EPSG:2154/ })
  t.throws(() => requireCrs('AUTO2:42001,1,0,0'), { message: /automatic projections.*CRS:84/ })
  t.throws(() => requireCrs('x'.repeat(5000)), { message: /^.{0,400}$/ }, 'without repeating a long name')
})

t.test('every system of france.md 1.1 is known for what it is', async t => {
  const projected = [
    2154, 9793, 9794, 3942, 3943, 3944, 3945, 3946, 3947, 3948, 3949, 3950, 9822, 9823, 9824, 9825, 9826, 9827, 9828, 9829, 9830, 9842,
    9843, 9844, 9845, 9846, 9847, 9848, 9849, 9850, 3034, 3035, 25830, 25831, 25832, 3857, 27572, 27561, 27562, 27563, 27564, 5490, 4559,
    2970, 2973, 2969, 2972, 2975, 3727, 4471, 10674, 4467, 3163, 3296, 3297, 8903, 7074, 7075, 7076, 7077, 7078, 7079, 7080, 7081, 8455,
    8456,
  ]
  const geographic = [4171, 9777, 9782, 4965, 9781, 4258, 4326, 4275, 5489, 4624, 4627, 10671, 4463, 4749, 4687, 8900]
  const vertical = [5720, 5721, 5757, 5756, 5755, 5758, 5793, 5792]
  const compound = [5698, 5699, 9538, 9539, 9785, 10497, 10498, 10499, 10500, 10507, 9531, 9532, 9533, 9534, 9535, 9536, 9537, 10633]
  for (const [kind, codes] of Object.entries({ projected, geographic, vertical, compound })) {
    for (const code of codes) t.equal(crsOf(`EPSG:${code}`)?.kind, kind, `EPSG:${code} ${crsOf(`EPSG:${code}`)?.name}`)
  }
  for (const code of geographic) t.equal(requireCrs(`EPSG:${code}`).axes, 'yx', `EPSG:${code} is lat,lon`)
  for (const code of projected) t.equal(requireCrs(`EPSG:${code}`).axes, [3034, 3035].includes(code) ? 'yx' : 'xy', `EPSG:${code}`)
  t.equal(requireCrs('EPSG:4964').kind, 'geocentric')
})
