import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map(name => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1')) : []
const library = folders.find(path => existsSync(path))

/** For the `skip` option: false where the time of day can be changed for one program. */
export const withoutFakeClock: string | false = library ? false : 'libfaketime is not installed'

export interface FakeClock {
  /** For the program whose clock it is. */
  readonly env: Readonly<Record<string, string>>
  /** From now on, within a second, it is so many seconds later than it really is. */
  jump(seconds: number): void
}

/** A time of day that can be set while a program runs; the clock that only goes forward is left alone, as when somebody sets the real one. */
export function fakeClock(folder: string): FakeClock {
  const file = join(folder, '.clock')
  const jump = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}s\n`)
  jump(0)
  return {
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    jump,
  }
}
