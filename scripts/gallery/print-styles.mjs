import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { chooseConfig } from '#cli/choose-config.js'
import { syncLoader } from '#cli/publish/sync-loader.js'
import { startPublishing } from '#cli/publishing.js'
import { styleWriters } from '#styles/writers.js'
import { idOf } from './write-config.mjs'

/**
 * The styles of layers as `arpent style` prints them, for programs that cannot read what the layer was styled with: default styles, and styles of MapLibre.
 * {id: {path of an SLD 1.1.0, what it cannot say}}. Loads the data, too, so that the server finds them loaded.
 */
export async function printStyles(scenes, configFile, folder) {
  const { config } = await chooseConfig({ sources: [], config: configFile }, process.env)
  const { stores, publisher } = startPublishing({
    dataFolder: join(folder, 'data'),
    load: syncLoader(process.stderr),
    log: pino({ level: 'error' }),
  })
  try {
    const { collections, verdicts } = await publisher.publish(config, new AbortController().signal)
    const unread = verdicts.flatMap(({ findings = [] }) => findings).filter(({ code }) => /unread|not-found|unreadable/.test(code))
    for (const message of new Set(unread.map(({ message }) => message))) console.log(`  ${message}`)
    const printed = {}
    for (const scene of scenes)
      scene.layers.forEach((layer, i) => {
        const id = idOf(scene, i)
        const collection = collections.get(id)
        if (!collection) return
        if (isRead(layer.style) || collection.source.kind !== 'features') return
        const { text, notes } = styleWriters.se(collection.styles[0].style, id)
        const path = join(folder, `${id.replace(':', '-')}.printed.sld`)
        writeFileSync(path, text)
        printed[id] = { path, notes: notes.length }
      })
    return printed
  } finally {
    await stores.close()
  }
}

/** Whether QGIS reads the style of a layer itself. */
export const isRead = style => typeof style === 'string' && /\.(sld|qml)$/i.test(style)
