import type { ControlCommand } from './data/control-socket.js'
import type { Publishing } from './publishing.js'

/** What other processes may ask of a running server. */
export function serverCommands({
  reload,
}: Publishing & { readonly reload: () => Promise<void> }): Readonly<Record<string, ControlCommand>> {
  return {
    reload: async () => {
      await reload()
    },
  }
}
