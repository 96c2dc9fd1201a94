import type { ControlCommand } from './data/control-socket.js'
import { importOverSocket } from './import-command.js'
import { overviewsOverSocket } from './overviews-command.js'
import type { Publishing } from './publishing.js'

/** What other processes may ask of a running server. `reload` publishes the config in force anew. */
export function serverCommands({
  stores,
  publisher,
  dataFolder,
  reload,
}: Publishing & { readonly dataFolder: string; readonly reload: () => Promise<void> }): Readonly<Record<string, ControlCommand>> {
  return {
    import: importOverSocket(stores, publisher.config, reload),
    overviews: overviewsOverSocket({ stores, publisher }, dataFolder, reload),
  }
}
