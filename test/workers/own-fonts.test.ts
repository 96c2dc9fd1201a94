import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import { fontFaults } from '#render/labels/fonts/font-library.js'
import type { Symbolizer } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { memorySource, memoryStore } from '../support/memory-store.js'
import { smallTown } from '../support/small-town.js'

const { trees } = smallTown('EPSG:2154', (x, y) => [x, y])
const store = memoryStore('memory', [trees])
const club = (family: string): Symbolizer => ({
  kind: 'point',
  graphic: { shapes: [{ kind: 'glyph', family, character: '♣', color: '#006600' }], size: 20 },
})

async function drawn(symbolizer: Symbolizer, fonts: readonly string[]): Promise<Buffer> {
  const renderer = inlineRenderer({ features: () => store, raster: () => { throw new Error('no rasters here') } }, fonts) // biome-ignore format: short
  const { bytes } = await renderer.draw({
    width: 200,
    height: 200,
    crs: 'EPSG:2154',
    bbox: [0, 0, 400, 400],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: 5000,
    pixelRatio: 1,
    layers: [
      {
        kind: 'features',
        source: memorySource('memory', trees),
        geometry: trees.geometries[0],
        style: { passes: [{ rules: [{ name: '', symbolizers: [symbolizer] }] }] },
      },
    ],
    maxFeatures: 100,
    deadline: steadyNow() + 900_000,
  })
  return sharp(bytes).raw().toBuffer()
}

t.test('fonts of a folder count, broken ones and folders that are not there are told', async t => {
  const folder = t.testdir({ fonts: {} })
  const fonts = join(folder, 'fonts')
  mkdirSync(join(fonts, 'more'))
  copyFileSync(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf')), join(fonts, 'more', 'mono.ttf'))
  writeFileSync(join(fonts, 'broken.ttf'), 'not a font')
  const faults = await fontFaults([fonts, join(folder, 'none')])
  t.same(
    faults.map(({ file }) => file.split('/').at(-1)),
    ['broken.ttf', 'none'],
  )
  t.equal((await drawn(club('DejaVu Sans Mono'), [fonts, join(folder, 'none')])).length, 200 * 200 * 3, 'and maps are drawn all the same')
})

t.test('a character of a family that is not there is no letter of another', async t => {
  const square: Symbolizer = { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'square', color: '#808080' }], size: 20 } }
  t.equal(Buffer.compare(await drawn(club('cadastre_rm'), []), await drawn(square, [])), 0)
  t.not(Buffer.compare(await drawn(club('DejaVu Sans'), []), await drawn(square, [])), 0)
})
