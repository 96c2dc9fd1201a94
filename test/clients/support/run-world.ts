import { type RunningServer, runServer } from '../../support/running-server.js'

/** The built server over test/clients/world/arpent.yaml; what 127.0.0.1 says as a proxy is believed. */
export const runWorld = (): Promise<RunningServer> =>
  runServer(['--config', 'test/clients/world/arpent.yaml'], { env: { ARPENT_TRUST_PROXY: '127.0.0.1', ARPENT_LOG: 'warn' } })
