import { spawnSync } from 'node:child_process'

/** False when the command works here, else the reason to skip a test that needs it. */
export function missing(name: string, command: string, ...args: string[]): string | false {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 })
  return status === 0 ? false : `${name} is not installed`
}

/** The reason to skip a test, unless everything has to be there (ARPENT_TEST_EVERYTHING, in continuous integration): then a missing program is a fault. */
export function unlessAll(reason: string | false): string | false {
  if (reason && process.env.ARPENT_TEST_EVERYTHING) throw new Error(`${reason}, and ARPENT_TEST_EVERYTHING wants every program`)
  return reason
}
