import t from 'tap'
import { atlas, testWms, viewOf } from './wms-support.js'

t.test('a GET without parameters is answered for people (T-29)', async t => {
  const { ask } = testWms()
  for (const query of ['', '?', '&']) {
    const { status, mediaType, text, headers } = await ask(query)
    t.same([status, mediaType], [200, 'text/html; charset=utf-8'])
    t.match(text, 'value="https://maps.example.org/wms"', 'the address to copy')
    t.match(text, 'https://maps.example.org/wms?service=WMS&amp;version=1.3.0&amp;request=GetCapabilities')
    t.match(text, '4 layers')
    t.match(headers?.['content-security-policy'], /default-src 'none'/)
  }
  t.match((await ask('', { languages: ['fr'] })).text, /lang="fr".*Données du Grand Est.*4 couches/s)
  t.match((await ask('', { view: viewOf('eau'), baseUrl: 'https://maps.example.org/eau' })).text, /Eau.*1 layer\b/s)
})

t.test('titles and addresses are escaped (T-62)', async t => {
  const hostile = { ...atlas, service: { ...atlas.service, title: '<script>"' } }
  const { text } = await testWms(hostile).ask('', { view: viewOf('', hostile), baseUrl: 'http://x/"><script>' })
  t.notOk(text.includes('<script>'))
})
