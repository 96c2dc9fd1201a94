import t from 'tap'
import { getMap130, testWms, withParameters } from './wms-support.js'

const pdf = withParameters(getMap130, { FORMAT: 'application/pdf' })

t.test('maps are drawn as SVG and PDF by any of their names', async t => {
  const { ask, jobs } = testWms()
  for (const [FORMAT, expected] of [
    ['image/svg+xml', 'image/svg+xml'],
    ['image/svg xml', 'image/svg+xml'],
    ['image/svg', 'image/svg+xml'],
    ['application/pdf', 'application/pdf'],
    ['Application/PDF', 'application/pdf'],
  ] as const) {
    const { status } = await ask(withParameters(getMap130, { FORMAT }))
    t.equal(status, 200, FORMAT)
    t.equal(jobs.at(-1)?.mediaType, expected, FORMAT)
  }
})

t.test('the resolution scales symbols, and the scale', async t => {
  const { ask, jobs } = testWms()
  for (const parameters of [{}, { DPI: '181.428' }, { MAP_RESOLUTION: '181.428' }, { FORMAT_OPTIONS: 'dpi:181.428;title:x' }])
    await ask(withParameters(pdf, parameters))
  const [plain, ...finer] = jobs
  for (const job of finer) {
    t.ok(Math.abs(job.pixelRatio - 2 * plain.pixelRatio) < 0.01)
    t.ok(Math.abs(job.scaleDenominator / plain.scaleDenominator - 2) < 0.01)
  }
})

t.test('FORMAT_OPTIONS put a page around the map', async t => {
  const { ask, jobs } = testWms()
  const options = 'Layout:A4-portrait;title:Routes: 1 à 3;credits:© IGN;scalebar:on;north:on;margin:15'
  t.equal((await ask(withParameters(pdf, { FORMAT_OPTIONS: options }))).status, 200)
  const [{ page, width, height }] = jobs
  t.ok(page && page.height > page.width)
  t.same([width, height], [page?.map.width, page?.map.height], 'the map fills what is left')
  const texts = page?.texts.map(({ text }) => text) ?? []
  for (const text of ['Routes: 1 à 3', '© IGN', 'N', '0']) t.ok(texts.includes(text), text)
})

t.test('legends of a page are in the language asked for', async t => {
  const { ask, jobs } = testWms()
  const rule = (name: string, localized: string) =>
    `<Rule><Title>${name}<Localized lang="fr">${localized}</Localized></Title><PolygonSymbolizer><Fill/></PolygonSymbolizer></Rule>`
  const body = `<UserStyle><FeatureTypeStyle>${rule('Wood', 'Bois')}${rule('Water', 'Eau')}</FeatureTypeStyle></UserStyle>`
  const wordsIn = async (LANGUAGE: string) => {
    const options = { FORMAT_OPTIONS: 'layout:a4;legend:on', LANGUAGE, LAYERS: 'communes', STYLES: '', SLD_BODY: body }
    t.equal((await ask(withParameters(pdf, options))).status, 200)
    return JSON.stringify(jobs.at(-1)?.page?.legend?.items ?? [])
  }
  t.match(await wordsIn('fre'), /"Bois".*"Eau"/)
  t.match(await wordsIn('eng'), /"Wood".*"Water"/)
})

t.test('what is asked for a print is nothing to a picture', async t => {
  const { ask, jobs } = testWms()
  for (const FORMAT of ['image/png', 'image/jpeg'])
    t.equal((await ask(withParameters(getMap130, { FORMAT, FORMAT_OPTIONS: 'layout:nonsense;title:x' }))).status, 200)
  await ask(pdf)
  await ask(withParameters(pdf, { FORMAT_OPTIONS: 'scalebar:off;quality:3;title:' }))
  t.ok(jobs.every(({ page }) => page === undefined))
})

t.test('an unknown layout is refused, and the known ones named', async t => {
  const { ask } = testWms()
  const { body } = await ask(withParameters(pdf, { FORMAT_OPTIONS: 'layout:b5' }))
  t.match(String(body), /layout:b5 is no layout here; a4, a4-landscape, .*a3-portrait would work/)
})

t.test('pages too large are refused as maps too large are', async t => {
  const { ask } = testWms()
  const { body } = await ask(withParameters(pdf, { FORMAT_OPTIONS: 'layout:a3;dpi:2400' }))
  t.match(String(body), /A map may be at most \d+ pixels/)
})
