// Peers that Debian does not have are installed once, from their registry, into a folder of the user's cache that outlives a run.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where they are: remove it to be rid of them. */
export const peerFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'arpent-bench')

/**
 * Sees to it that `path` exists, by one command in `minutes` at most, unless `installs` is false. Undefined when it is there, else `{ absent }` with the reason.
 */
export function install({ name, path, command, args, minutes, installs, say }) {
  if (existsSync(path)) return undefined
  if (!installs) return { absent: 'not installed, and --no-install was given' }
  say(`${name} is installed once, in ${minutes} minutes at most: ${command} ${args.join(' ')}`)
  mkdirSync(peerFolder, { recursive: true })
  const made = spawnSync(command, args, { cwd: peerFolder, encoding: 'utf8', timeout: minutes * 60_000, maxBuffer: 1 << 28 })
  if (made.status === 0 && existsSync(path)) return undefined
  const why =
    made.error?.code === 'ENOENT'
      ? `${command} is not there`
      : made.error?.code === 'ETIMEDOUT'
        ? `it took more than ${minutes} minutes`
        : String(made.stderr).trim().split('\n').at(-1)
  return { absent: `cannot be installed (${command} ${args.join(' ')}): ${why}` }
}
