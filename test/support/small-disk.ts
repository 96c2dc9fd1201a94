import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, in memory. */
export interface SmallDisk {
  readonly folder: string
  /** Changes its size (`size=20m`) or its rights (`ro`, `rw`). */
  remount(options: string): void
  /** Takes up what is free but for so many kilobytes, until `free`. */
  fill(kilobytesLeft: number): void
  free(): void
  remove(): void
}

/** For the `skip` option: false where one can be mounted. */
export const withoutMounts: string | false = canMount() ? false : 'a file system cannot be mounted here, which takes root'

export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-disk-'))
  const mounted = run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)
  if (mounted !== 0) {
    rmdirSync(folder)
    throw new Error('tmpfs cannot be mounted')
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    remount(options) {
      if (run('mount', '-o', `remount,${options}`, folder) !== 0) throw new Error(`not remounted with ${options}`)
    },
    fill(kilobytesLeft) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 1024 * kilobytesLeft)))
    },
    free: () => rmSync(ballast, { force: true }),
    remove() {
      run('umount', '-l', folder)
      rmdirSync(folder)
    },
  }
}

function canMount(): boolean {
  try {
    smallDisk(1).remove()
    return true
  } catch {
    return false
  }
}

function run(command: string, ...args: string[]): number | null {
  return spawnSync(command, args, { stdio: 'ignore' }).status
}
