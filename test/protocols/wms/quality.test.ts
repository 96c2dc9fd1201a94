import t from 'tap'
import type { Atlas } from '#core/atlas.js'
import { atlas, getMap130, testWms, withParameters } from './wms-support.js'

const jpeg = withParameters(getMap130, { FORMAT: 'image/jpeg' })

/** The quality of the map that is drawn for a request. */
async function quality(parameters: Record<string, string>, of: Atlas = atlas): Promise<number | undefined> {
  const { ask, jobs } = testWms(of)
  t.equal((await ask(withParameters(jpeg, parameters))).status, 200, JSON.stringify(parameters))
  return jobs[0].quality
}

t.test('a request that asks for none has none', async t => {
  const { ask, jobs } = testWms()
  await ask(jpeg)
  t.notOk('quality' in jobs[0], 'nothing travels that nobody asked for')
})

t.test('QUALITY, or FORMAT_OPTIONS as GeoServer has it, within the limits', async t => {
  t.equal(await quality({ QUALITY: '60' }), 60)
  t.equal(await quality({ quality: '60' }), 60)
  t.equal(await quality({ QUALITY: '60.4' }), 60)
  t.equal(await quality({ FORMAT_OPTIONS: 'quality:70' }), 70)
  t.equal(await quality({ format_options: 'antialias:on; Quality : 70;dpi:96' }), 70)
  t.equal(await quality({ QUALITY: '60', FORMAT_OPTIONS: 'quality:70' }), 60)
  t.equal(await quality({ QUALITY: 'best', FORMAT_OPTIONS: 'quality:70' }), 70)
  for (const [QUALITY, expected] of [
    ['100', 95],
    ['1', 20],
    ['0', 20],
    ['-5', 20],
    ['999999999999', 95],
  ] as const)
    t.equal(await quality({ QUALITY }), expected, QUALITY)
  t.equal(await quality({ QUALITY: '5' }, { ...atlas, limits: { ...atlas.limits, qualityMin: 1, qualityMax: 50 } }), 5)
})

t.test('what is no number is as if it were not there', async t => {
  for (const QUALITY of ['', 'best', 'NaN', 'Infinity', '1e2', '0x40', '8 0', '80;90', '80%'])
    t.equal(await quality({ QUALITY }), undefined, QUALITY)
  for (const FORMAT_OPTIONS of ['quality', 'quality:', 'quality:high', 'qualitys:50', 'x:quality:50', ';;:;'])
    t.equal(await quality({ FORMAT_OPTIONS }), undefined, FORMAT_OPTIONS)
})

t.test('else what the collections say: of several the highest, 85 for who says nothing', async t => {
  const withQualities = (qualities: Readonly<Record<string, number>>): Atlas => ({
    ...atlas,
    collections: new Map(
      [...atlas.collections].map(([id, collection]) => [id, id in qualities ? { ...collection, quality: qualities[id] } : collection]),
    ),
  })
  const of = withQualities({ ortho: 60, arbres: 92 })
  t.equal(await quality({ LAYERS: 'ortho' }, of), 60)
  t.equal(await quality({ LAYERS: 'ortho,arbres' }, of), 92)
  t.equal(await quality({ LAYERS: 'arbres,ortho' }, of), 92)
  t.equal(await quality({ LAYERS: 'ortho,communes' }, of), 85)
  t.equal(await quality({ LAYERS: 'communes' }, of), undefined)
  t.equal(await quality({ LAYERS: 'ortho', QUALITY: '75' }, of), 75, 'the request wins')
  t.equal(await quality({ LAYERS: 'ortho' }, withQualities({ ortho: 5 })), 5, 'limits bind requests, not the operator')
  const far = { LAYERS: 'ortho,communes', BBOX: '0,0,10000000,10000000' }
  t.equal(await quality(far, of), 60, 'a layer that does not show at this scale has no say')
})
