import { spawnSync } from 'node:child_process'

/** False when the command works here, else the reason to skip a test that needs it. */
export function missing(name: string, command: string, ...args: string[]): string | false {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 })
  return status === 0 ? false : `${name} is not installed`
}
