import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathOf } from './prepare-sources.mjs'

/** The id under which the server publishes a layer of a scene. Styles of several layers are told which they are for by what stands behind the colon. */
export const idOf = (scene, i) => `${scene.id}${scene.layers[i].as ? `:${scene.layers[i].as}` : `_${i}`}`

/** A config file with a collection for each layer of each scene; its path. */
export function writeConfig(scenes, sources, folder) {
  const collections = {}
  for (const scene of scenes)
    scene.layers.forEach(({ data, style }, i) => {
      const { path, table, files = basename(path), isRaster } = sources[data]
      const where = isRaster ? { store: `raster_${data}`, files } : { store: 'local', table }
      const styled = style && { styles: [typeof style === 'string' ? pathOf(style) : { name: 'shown', ...style }] }
      collections[idOf(scene, i)] = { ...where, title: data, ...styled }
    })
  const used = [...new Set(scenes.flatMap(({ layers }) => layers.map(({ data }) => data)))]
  const files = [...new Set(used.filter(name => !sources[name].isRaster).map(name => sources[name].path))]
  const stores = { ...(files.length > 0 && { local: { kind: 'embedded', discover: false, files } }) }
  for (const name of used) {
    const { path, files, isRaster } = sources[name]
    if (isRaster) stores[`raster_${name}`] = { kind: 'cog', root: files ? path : dirname(path) }
  }
  const config = join(folder, 'arpent.json')
  writeFileSync(config, JSON.stringify({ service: { title: 'Gallery', languages: ['en', 'fr'] }, stores, collections }, undefined, 1))
  return config
}
