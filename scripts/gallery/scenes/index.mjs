import { cadastreScenes } from './cadastre.mjs'
import { demoScenes } from './demo.mjs'
import { documentScenes } from './documents.mjs'
import { landCoverScenes } from './land-cover.mjs'
import { legendScenes } from './legends.mjs'
import { smallScaleScenes } from './small-scales.mjs'
import { terrainScenes } from './terrain.mjs'

/**
 * The scenes: {id, group, title: {en, fr}, crs, bbox (x, y), layers (bottom first), width, height, background, reference: false where QGIS has no words for it, 'printed' where it
 * draws what Arpent prints, lacks: what QGIS does not read, document: the format of which it is a picture};
 * layers: {data: a name of `sources.mjs`, style: a file, or a style of rasters as the config has them, as: the layer of a style of several, blend, like: the
 * same for QGIS, where it cannot read the file}.
 */
export const scenes = [
  ...demoScenes,
  ...landCoverScenes,
  ...cadastreScenes,
  ...smallScaleScenes,
  ...terrainScenes,
  ...documentScenes,
  ...legendScenes,
]

/** What is drawn by others of this project and has no picture here yet. */
export const awaited = [
  { title: { en: 'Heat map', fr: 'Carte de chaleur' } },
  { title: { en: 'Clusters', fr: 'Agrégats de points' } },
  { title: { en: 'Hexagons', fr: 'Hexagones' } },
]
