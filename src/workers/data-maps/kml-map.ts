import { Problem } from '#core/problem.js'
import type { LayerJob, MapJob } from '#core/queries.js'
import { type KmlWriter, openKml } from '#formats/map-data/kml.js'
import { kmlStyle, type SymbolPlace } from '#formats/map-data/kml-style.js'
import { mostBytes } from '#formats/vector/vector-format.js'
import { writeZip, type ZipEntry } from '#formats/zip.js'
import { ewkbType } from '#geo/ewkb.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import { featureLooks } from '#render/feature-looks.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import { prepareRun, rowCompiler } from '../find-rows.js'
import type { DataMap, DataMapTools } from './data-map.js'
import { type FeatureLayer, sortLayers } from './sort-layers.js'
import { symbolFiles } from './symbol-files.js'

/**
 * KML 2.2 (OGC 07-147r2): layers of few features as placemarks in the colours of the style, whole, all else as a picture. The map is in longitude and
 * latitude. The document is one file: its pictures are elsewhere, as a map of the same request, or, where only part of it is a picture, as its KMZ.
 * Points have the client's own symbol, in their colour.
 */
export const kmlMap: DataMap = {
  mediaType: 'application/vnd.google-earth.kml+xml',
  async write(job, tools, stop) {
    const title = titleOf(job.layers)
    const document = openKml(title)
    const layers = await sortLayers(job, tools, stop)
    const pictures = layers.filter(({ kind }) => kind === 'picture').length
    if (pictures === 0)
      for (const layer of layers) if (layer.kind === 'features') await addFeatures(document, job, layer, tools, () => undefined)
    if (pictures > 0 && pictures === layers.length) document.addOverlay(title, known(job.data?.pictureAddress), job.bbox)
    else if (pictures > 0) document.addLink(title, known(job.data?.kmzAddress))
    return document.finish()
  },
}

/** The same in one archive (OGC 07-147r2, annex C) with its pictures: `doc.kml`, and symbols and parts of the map beside it. */
export const kmzMap: DataMap = {
  mediaType: 'application/vnd.google-earth.kmz',
  async write(job, tools, stop) {
    const document = openKml(titleOf(job.layers))
    const symbols = symbolFiles(tools.context)
    const pictures: ZipEntry[] = []
    let pending: LayerJob[] = []
    const drawPending = async () => {
      if (pending.length === 0) return
      const background = { ...job.background, isTransparent: true }
      const { bytes } = await tools.draw({ ...job, mediaType: 'image/png', background, layers: pending })
      const name = `files/map-${pictures.length + 1}.png`
      pictures.push({ name, bytes, isStored: true })
      document.addOverlay(titleOf(pending), name, job.bbox)
      pending = []
    }
    for (const layer of await sortLayers(job, tools, stop)) {
      stop.check()
      if (layer.kind === 'picture') pending.push(layer.job)
      else {
        await drawPending()
        await addFeatures(document, job, layer, tools, symbols.place)
      }
    }
    await drawPending()
    return writeZip([{ name: 'doc.kml', bytes: document.finish() }, ...pictures, ...(await symbols.files())])
  },
}

function known(address: string | undefined): string {
  if (address !== undefined) return address
  throw new Problem('unsupported', 'This map has pictures, which KML can only name, and the address is too long; FORMAT=kmz would work.', {
    locator: 'format',
  })
}

async function addFeatures(
  document: KmlWriter,
  job: MapJob,
  { job: layer, plan, batches }: FeatureLayer,
  { context }: DataMapTools,
  symbolPlace: SymbolPlace,
): Promise<void> {
  const { id, title } = layer.name ?? { id: layer.source.table, title: layer.source.table }
  const [first] = batches
  if (!first) return
  for (const run of [...plan.runs, ...plan.labels]) await prepareRun(run)
  const { columns } = first.schema
  const told = job.data?.hasAttributes === false ? [] : layer.source.columns.map(({ name }) => name)
  const folder = document.openFolder(title, new Map(told.map(name => columnIndex(columns, name)).map(index => [index, columns[index]])))
  const hasGlyphs = plan.runs.some(run => run.hasGlyphs)
  const options = {
    passes: plan.runs.flatMap(({ passes }) => passes),
    labels: plan.labels.flatMap(({ passes }) => passes),
    scale: job,
    geometry: layer.geometry.name,
    compilerFor: rowCompiler(job),
    icons: openIconBook(context.icons),
    spareKernel: context.spareKernel,
    ...(hasGlyphs && { glyph: await context.glyphs() }),
  }
  const [idColumn, shape] = [columnIndex(columns, '@id'), columnIndex(columns, layer.geometry.name)]
  for (const batch of batches) {
    const row = new RowView(batch)
    for (const [i, look] of (await featureLooks(batch, options)).entries()) {
      const geometry = row.at(i).bytes(shape)
      const style = geometry && kmlStyle(look, classesOf(geometry), symbolPlace)
      if (style === undefined || !geometry) continue
      const feature = `${id}.${row.text(idColumn)}`
      folder.add({ id: feature, name: look.label?.text ?? feature, style, geometry, row })
    }
    if (document.length > mostBytes)
      throw new Problem('too-large', 'The features on this map are more than one answer holds; ask for a smaller area.')
  }
  folder.close()
}

/** As pens count them: 1 points, 2 lines, 4 polygons. */
function classesOf(ewkb: Uint8Array): number {
  const { kind } = ewkbType(ewkb)
  if (kind.endsWith('Point')) return 1
  if (kind.endsWith('LineString')) return 2
  return kind.endsWith('Polygon') ? 4 : 7
}

/** Titles of layers, as the name of what shows them. */
function titleOf(layers: readonly LayerJob[]): string {
  return layers.flatMap(layer => ('name' in layer && layer.name ? [layer.name.title] : [])).join(', ')
}
