import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { atlas, getMap130, testWms, withParameters } from './wms-support.js'

const asked = (version: string, more = '') => `SERVICE=WMS&VERSION=${version}&REQUEST=GetStyles&LAYERS=communes,arbres${more}`

t.test('styles of layers, valid by the schema of their version', { skip: withoutOgcSchemas }, async t => {
  for (const query of [
    asked('1.1.1'),
    asked('1.3.0'),
    asked('1.1.1', '&SLD_VERSION=1.1.0'),
    asked('1.3.0', '&SLDVER=1.0.0'),
    asked('1.3.0').replace('communes,arbres', 'ortho'),
  ]) {
    const { status, mediaType, text } = await testWms().ask(query)
    t.same([status, mediaType], [200, 'application/vnd.ogc.sld+xml'])
    t.equal(schemaFaults(text), '', query)
  }
})

t.test('every style of every layer, the default one marked', async t => {
  for (const [version, sld] of [
    ['1.1.1', '1.0.0'],
    ['1.3.0', '1.1.0'],
  ]) {
    const { text } = await testWms().ask(asked(version, '&LANGUAGE=en'))
    t.match(text, `version="${sld}"`)
    const { layers } = readSld(text)
    t.same(
      layers.map(({ name, styles }) => [
        name,
        styles.map(style => (style.kind === 'user' ? [style.name, style.title, style.isDefault] : style)),
      ]),
      [
        [
          'communes',
          [
            ['plein', 'Filled', true],
            ['contour', 'contour', false],
          ],
        ],
        ['arbres', [['default', 'default', true]]],
      ],
    )
  }
  t.match((await testWms().ask(asked('1.3.0', '&LANGUAGE=fr'))).text, '<se:Title>Plein</se:Title>')
})

t.test('sent back with a map it draws what was published', async t => {
  const { ask, jobs } = testWms()
  await ask(withParameters(getMap130, { LAYERS: 'communes' }))
  const { text } = await ask(asked('1.3.0'))
  const answer = await ask(withParameters(getMap130, { LAYERS: 'communes', SLD_BODY: text }))
  t.equal(answer.status, 200, answer.text)
  const drawn = jobs.map(
    ({ layers: [layer] }) => layer.kind === 'features' && layer.style.passes.map(({ rules }) => rules.map(rule => rule.symbolizers)),
  )
  t.same(drawn[1], drawn[0])
})

t.test('groups, older names and what is wrong', async t => {
  const { ask } = testWms()
  t.equal((await ask('REQUEST=getstyles&LAYERS=communes')).status, 200, 'without VERSION')
  const codeOf = async (query: string) => /(?:code|exceptionCode)="(\w+)"/.exec((await ask(query)).text)?.[1]
  t.equal(await codeOf('SERVICE=WMS&VERSION=1.1.1&REQUEST=GetStyles'), 'MissingParameterValue')
  t.equal(await codeOf(asked('1.1.1').replace('arbres', 'nothing')), 'LayerNotDefined')
  t.equal((await ask(asked('1.1.1', '&SLDVER=2.0'))).status, 400)
  const many = Array.from({ length: atlas.limits.mapLayers + 1 }, () => 'communes').join(',')
  t.equal((await ask(asked('1.1.1').replace('communes,arbres', many))).status, 400)
})
