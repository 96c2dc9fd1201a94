import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { askPython, pathOf, pythonWith } from './prepare-sources.mjs'
import { isRead } from './print-styles.mjs'
import { sizeOf } from './server.mjs'
import { idOf } from './write-config.mjs'

/** The fonts that come with the server, so that both programs write with the same letters. */
const fonts = () => {
  const packages = resolve('node_modules/@expo-google-fonts')
  return readdirSync(packages, { recursive: true })
    .filter(name => name.endsWith('.ttf'))
    .map(name => join(packages, name))
}
const families = {
  Arial: 'Arimo',
  Helvetica: 'Arimo',
  'Times New Roman': 'Tinos',
  Times: 'Tinos',
  'Courier New': 'Cousine',
  'sans-serif': 'Open Sans',
}

/** PNGs of scenes by QGIS, and which it is: {images: {id: bytes}, version}. Scenes that QGIS has no words for are not asked for. */
export async function drawReferences(scenes, sources, printed, folder) {
  const python = pythonWith('qgis.core')
  if (!python) {
    console.log('  skipped: references: QGIS for Python is not installed')
    return { images: {} }
  }
  const asked = scenes
    .filter(({ reference, legend }) => reference !== false && !legend)
    .map(scene => ({
      id: scene.id,
      crs: scene.crs,
      bbox: scene.bbox,
      ...sizeOf(scene),
      background: scene.background ?? '#ffffff',
      output: join(folder, `${scene.id}.qgis.png`),
      layers: scene.layers.map((layer, i) => ({
        ...sources[layer.data],
        ...styleOf(layer, printed[idOf(scene, i)]),
        ...(layer.blend && { blend: layer.blend }),
      })),
    }))
  const { version, failed } = askPython(python, 'scripts/gallery/draw_by_qgis.py', {
    fonts: fonts(),
    families,
    scenes: asked,
  })
  for (const [id, reason] of Object.entries(failed)) console.log(`  no reference: ${id}: ${reason}`)
  const images = Object.fromEntries(
    asked.filter(({ id, output }) => !failed[id] && existsSync(output)).map(({ id, output }) => [id, readFileSync(output)]),
  )
  return { images, version }
}

function styleOf({ style, like }, printed) {
  if (like) return typeof like === 'string' ? { style: pathOf(like) } : { raster: like }
  if (isRead(style)) return { style: pathOf(style) }
  if (style?.raster) return { raster: style.raster }
  return printed ? { style: printed.path } : {}
}
