// `npm run gallery [-- SCENE…] [--work FOLDER]`: maps of real data and of the demo, by the built server over HTTP, each beside the same map by QGIS, with how
// many pixels differ: `docs/gallery/`. Data beside the project (`../shared`, or ARPENT_SHARED), GDAL and QGIS may be absent: what needs them is left out by name.
// SCENE is a part of names of scenes; then only their pictures are made anew. FOLDER keeps what is made on the way, for the next time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { drawDocument } from './gallery/draw-document.mjs'
import { drawReferences } from './gallery/draw-references.mjs'
import { differingPixels, writePicture } from './gallery/pictures.mjs'
import { prepareSources } from './gallery/prepare-sources.mjs'
import { printStyles } from './gallery/print-styles.mjs'
import { scenes } from './gallery/scenes/index.mjs'
import { pictureOf, sizeOf, startServer } from './gallery/server.mjs'
import { styleTable } from './gallery/style-table.mjs'
import { writeConfig } from './gallery/write-config.mjs'
import { writePage } from './gallery/write-page.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values, positionals } = parseArgs({ options: { work: { type: 'string' } }, allowPositionals: true })
const chosen = positionals.length ? scenes.filter(({ id }) => positionals.some(part => id.includes(part))) : scenes
const work = values.work ?? mkdtempSync(join(tmpdir(), 'arpent-gallery-'))
const output = 'docs/gallery'
mkdirSync(work, { recursive: true })
mkdirSync(output, { recursive: true })
const started = Date.now()
const step = text => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`)

try {
  step('data')
  const { sources, absent } = prepareSources(chosen, join(work, 'sources'))
  const drawn = chosen.filter(({ layers }) => layers.every(({ data }) => sources[data]))
  for (const { id, layers } of chosen.filter(scene => !drawn.includes(scene)))
    console.log(`  skipped: ${id}: ${absent[layers.find(({ data }) => !sources[data]).data]}`)

  const config = writeConfig(drawn, sources, work)
  step('styles')
  const printed = await printStyles(drawn, config, work)
  step('maps')
  const server = await startServer(config, join(work, 'data'))
  const rows = []
  try {
    for (const scene of drawn) {
      const { image, error } = await pictureOf(server.address, scene)
      if (error) console.log(`  failed: ${scene.id}: ${error}`)
      else if (!scene.document) rows.push({ scene, image })
      else {
        const document = await pictureOf(server.address, scene, scene.document)
        const drawn = document.image && (await drawDocument(document.image, scene.document, sizeOf(scene).width))
        if (drawn) rows.push({ scene, image: drawn, ...(!scene.isPage && { png: image }) })
        else console.log(`  skipped: ${scene.id}: ${document.error ?? 'Poppler is not installed'}`)
      }
    }
  } finally {
    await server.stop()
  }

  step('references')
  const { images: references, version } = await drawReferences(
    rows.map(({ scene }) => scene),
    sources,
    printed,
    work,
  )
  step('pictures')
  for (const row of rows) {
    row.picture = await writePicture(join(output, `${row.scene.id}.png`), row.image)
    const reference = row.png ?? references[row.scene.id]
    if (!reference) continue
    row.reference = await writePicture(join(output, `${row.scene.id}.reference.png`), reference)
    row.differing = await differingPixels(row.image, reference)
  }
  writePage(output, rows, styleTable(), version)
  for (const { scene, differing } of rows)
    console.log(`${scene.id.padEnd(28)}${differing === undefined ? '      –' : `${(100 * differing).toFixed(1).padStart(6)} %`}`)
  step(`${rows.length} of ${chosen.length} scenes`)
} finally {
  if (!values.work) rmSync(work, { recursive: true, force: true })
}
