import { type RunningServer, runServer } from '../../support/running-server.js'

/** The built server over test/clients/world/arpent.yaml; what 127.0.0.1 says as a proxy is believed. */
export const runWorld = (): Promise<RunningServer> =>
  runServer(['--config', 'test/clients/world/arpent.yaml'], { env: { ARPENT_TRUST_PROXY: '127.0.0.1', ARPENT_LOG: 'warn' } })

/** The same, or the one that `npm run clients` keeps running for all (ARPENT_TEST_WORLD, its address): `stop` is for the own one only. */
export async function sharedWorld(): Promise<Pick<RunningServer, 'address' | 'stop'>> {
  const address = process.env.ARPENT_TEST_WORLD
  return address ? { address, stop: async () => 0 } : runWorld()
}
