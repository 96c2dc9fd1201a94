import t from 'tap'
import { readEnvironment } from '#config/environment.js'
import { ConfigError } from '#config/faults.js'

t.test('nothing set: the defaults', async t => {
  t.same(readEnvironment({}), { data: './.arpent', logLevel: 'info', trustProxy: [], s3: {}, notes: [] })
})

t.test('everything set', async t => {
  const environment = readEnvironment({
    ARPENT_PORT: '0',
    PORT: '1',
    ARPENT_HOST: '::',
    ARPENT_PUBLIC_URL: 'https://x.org/maps/',
    ARPENT_DATA: '/data',
    ARPENT_LOG: 'debug',
    ARPENT_TRUST_PROXY: '10.0.0.0/8, ::1,loopback',
    ARPENT_WORKERS: '3',
  })
  t.same(environment, {
    port: 0,
    host: '::',
    publicUrl: 'https://x.org/maps',
    data: '/data',
    logLevel: 'debug',
    trustProxy: ['10.0.0.0/8', '::1', 'loopback'],
    workers: 3,
    s3: {},
    notes: [],
  })
  t.equal(readEnvironment({ PORT: '80' }).port, 80)
})

t.test('every fault at once, by name', async t => {
  const error = t.throws(() =>
    readEnvironment({
      ARPENT_PORT: '99999',
      ARPENT_PUBLIC_URL: 'x.org',
      ARPENT_LOG: 'verbose',
      ARPENT_TRUST_PROXY: '10.0.0.0/99,proxy',
      ARPENT_WORKERS: '-1',
    }),
  ) as ConfigError
  t.same(
    error.faults.map(({ where }) => where),
    ['ARPENT_PORT', 'ARPENT_PUBLIC_URL', 'ARPENT_LOG', 'ARPENT_WORKERS', 'ARPENT_TRUST_PROXY', 'ARPENT_TRUST_PROXY'],
  )
  t.ok(error instanceof ConfigError)
})

t.test('slips of the pen are noted, other variables are not', async t => {
  t.match(readEnvironment({ ARPENT_PROT: '1', ARPENT_SOMETHING_ELSE: 'x', HOME: '/' }).notes, [
    /ARPENT_PROT is not a variable of Arpent; did you mean "ARPENT_PORT"\?/,
  ])
})

t.test('keys to S3 come from the usual variables, whole or not at all', async t => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'hush', AWS_SESSION_TOKEN: 'token' }
  const s3 = (variables: Record<string, string>) => readEnvironment(variables).s3
  t.same(s3({}), {})
  t.same(
    s3({ ...keys, AWS_DEFAULT_REGION: 'eu-west-3', AWS_ENDPOINT_URL: 'https://a.example', AWS_ENDPOINT_URL_S3: 'https://b.example' }),
    {
      keys: { accessKeyId: 'id', secretAccessKey: 'hush', sessionToken: 'token' },
      region: 'eu-west-3',
      endpoint: 'https://b.example',
    },
  )
  t.throws(() => s3({ AWS_ACCESS_KEY_ID: 'id' }), /AWS_SECRET_ACCESS_KEY: AWS_ACCESS_KEY_ID is set, and its secret is not/)
  t.throws(() => s3({ AWS_ENDPOINT_URL: 'ftp://x' }), /AWS_ENDPOINT_URL: this is not an http\(s\) URL/)
})
