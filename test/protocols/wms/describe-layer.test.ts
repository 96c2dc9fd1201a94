import t from 'tap'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { testWms } from './wms-support.js'

const asked = (version: string, more = '') => `SERVICE=WMS&VERSION=${version}&REQUEST=DescribeLayer&LAYERS=communes,ortho${more}`

t.test('what is behind layers, valid by the DTD, in every version', { skip: withoutOgcSchemas }, async t => {
  for (const version of ['1.1.1', '1.3.0', '1.1.0']) {
    const { status, mediaType, text } = await testWms().ask(asked(version))
    t.same([status, mediaType], [200, 'application/vnd.ogc.wms_xml'])
    t.equal(schemaFaults(text), '', version)
    t.match(text, /<LayerDescription name="communes"><Query typeName="communes"\/><\/LayerDescription>/)
    t.match(text, /<LayerDescription name="ortho"><\/LayerDescription>/, 'a raster has no feature type')
  }
})

t.test('the same in JSON, as GeoServer has it, and what is wrong', async t => {
  const { ask } = testWms()
  const { mediaType, text } = await ask(asked('1.1.1', '&OUTPUT_FORMAT=application/json'))
  t.equal((await ask(asked('1.1.1', '&outputFormat=application/json'))).text, text, 'as MapStore writes it')
  t.equal(mediaType, 'application/json')
  t.same(JSON.parse(text), {
    version: '1.1.1',
    layerDescriptions: [{ layerName: 'communes', typeName: 'communes' }, { layerName: 'ortho' }],
  })
  const codeOf = async (query: string) => /(?:code|exceptionCode)="(\w+)"/.exec((await ask(query)).text)?.[1]
  t.equal(await codeOf('SERVICE=WMS&VERSION=1.1.1&REQUEST=DescribeLayer'), 'MissingParameterValue')
  t.equal(await codeOf(asked('1.1.1').replace('ortho', 'nothing')), 'LayerNotDefined')
  t.equal(await codeOf(asked('1.1.1', '&OUTPUT_FORMAT=text/html')), 'InvalidFormat')
})
