import t from 'tap'
import { negotiateVersion, requireVersion } from '#protocols/ows/version.js'

const served = ['1.1.1', '1.3.0'] as const

t.test('GetCapabilities is answered in the version asked, or the nearest below, or the lowest', async t => {
  const cases: [string | undefined, string][] = [
    [undefined, '1.3.0'],
    ['1.3.0', '1.3.0'],
    ['1.1.1', '1.1.1'],
    ['1.3', '1.3.0'],
    ['100.0.0', '1.3.0'],
    ['1.2.0', '1.1.1'],
    ['1.1.10', '1.1.1'],
    ['1.10.0', '1.3.0'],
    ['1.1.0', '1.1.1'],
    ['1.0.0', '1.1.1'],
    ['0.0.0', '1.1.1'],
    ['', '1.3.0'],
    ['x', '1.3.0'],
    ['1.3.0.9', '1.3.0'],
    ['-1', '1.3.0'],
  ]
  for (const [asked, version] of cases) t.equal(negotiateVersion(asked, served), version, String(asked))
})

t.test('other operations need a version that is served', async t => {
  t.equal(requireVersion('1.3.0', served), '1.3.0')
  t.equal(requireVersion('1.1.0', served, { '1.1.0': '1.1.1' }), '1.1.1')
  t.throws(() => requireVersion(undefined, served), { kind: 'missing-parameter', message: /1\.3\.0 or 1\.1\.1 would work/ })
  for (const asked of ['2.0.0', 'x', 'constructor', '1.3.0 '])
    t.throws(
      () => requireVersion(asked, served, { '1.1.0': '1.1.1' }),
      { name: 'Problem', kind: 'unsupported-version', locator: 'version' },
      asked,
    )
})
