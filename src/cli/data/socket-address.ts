import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '#core/problem.js'

/** Bytes a path may have as the address of a socket, on the strictest system (macOS: 104 with the final zero). */
const longestAddress = 103

/** A folder whose sockets can be listened on and connected to, however long its path is. Close it when done: sockets stay. */
export interface SocketFolder {
  /** Address of the socket called `name`. */
  address(name: string): string
  close(): void
}

/** Throws `unsupported` where the system knows no way to a socket below such a long path. */
export function openSocketFolder(folder: string): SocketFolder {
  if (Buffer.byteLength(join(folder, 'x'.repeat(longestName))) <= longestAddress) return { address: name => join(folder, name), close() {} }
  if (process.platform !== 'linux') {
    throw new Problem(
      'unsupported',
      `The path of the data folder is too long for a socket: ${longestAddress - longestName} bytes would have worked.`,
    )
  }
  const fd = openSync(folder, 'r') // Linux finds the folder under this short name while it is open
  return { address: name => `/proc/self/fd/${fd}/${name}`, close: () => closeSync(fd) }
}

/** Longest name of a socket in the folder, in bytes. */
export const longestName = 40
