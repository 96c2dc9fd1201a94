import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gdal, gdalRead, withoutGdal } from '../support/gdal.js'
import { writeTiff } from '../support/make-tiff.js'
import { readPicture } from '../support/picture.js'
import { unlessAll } from '../support/programs.js'
import { runServer } from '../support/running-server.js'

const [west, north] = [700_000, 6_600_000]
const ground = (x: number, y: number) => 500 + 300 * Math.sin((x - west) / 250) * Math.cos((y - north) / 330)

function writeHeights(path: string, x: number, y: number, side: number, pixel: number): string {
  const height = (column: number, row: number) => ground(x + pixel * (column + 0.5), y - pixel * (row + 0.5))
  return writeTiff(path, [
    { width: side, height: side, type: 'float32', bands: [height], place: [x, y, pixel, pixel], epsg: 2154, nodata: '-9999' },
  ])
}

/** Four files each: of two pixel sizes, and of grids that lie beside each other by parts of a pixel. */
const mosaics: Readonly<Record<string, readonly (readonly [x: number, y: number, side: number, pixel: number])[]>> = {
  sizes: [
    [west, north, 100, 10],
    [west + 1000, north, 200, 5],
    [west, north - 1000, 200, 5],
    [west + 1000, north - 1000, 100, 10],
  ],
  shifted: [0, 1].flatMap(row => [0, 1].map(column => [west + 993.3 * column, north - 994.1 * row, 101, 10] as const)),
}
const looks = {
  shade: { style: 'value: "hillshade(b1, 315, 45, 2)"', of: ['hillshade', '-z', '2'] },
  steepness: { style: 'value: slope(b1), range: [0, 255]', of: ['slope'] },
} as const

t.test('slopes and light go on across files of different grids, as over one file by gdaldem', { skip: unlessAll(withoutGdal) }, async t => {
  const folder = t.testdir({})
  for (const [name, files] of Object.entries(mosaics)) {
    mkdirSync(join(folder, name))
    for (const [i, place] of files.entries()) writeHeights(join(folder, name, `${i}.tif`), ...place)
  }
  const styles = Object.entries(looks).map(([name, { style }]) => `{ name: ${name}, raster: { ${style} } }`)
  const collections = Object.keys(mosaics).map(name => `  ${name}: { store: r, files: "${name}/*.tif", styles: [${styles.join(', ')}] }`)
  writeFileSync(join(folder, 'arpent.yaml'), `stores: { r: { kind: cog, root: . } }\ncollections:\n${collections.join('\n')}\n`)
  const whole = writeHeights(join(folder, 'whole.tif'), west, north, 199, 10)
  const server = await runServer(['--config', join(folder, 'arpent.yaml')])
  t.teardown(() => server.stop())
  const map = { SERVICE: 'WMS', VERSION: '1.3.0', REQUEST: 'GetMap', CRS: 'EPSG:2154', WIDTH: '199', HEIGHT: '199', FORMAT: 'image/png' }
  for (const [style, { of: options }] of Object.entries(looks)) {
    const [mode, ...rest] = options
    gdal('gdaldem', mode, '-q', whole, join(folder, `${style}-by-gdal.tif`), ...rest)
    const [right] = gdalRead(join(folder, `${style}-by-gdal.tif`), 0, { left: 0, top: 0, width: 199, height: 199 })
    for (const layer of Object.keys(mosaics)) {
      const box = `${west},${north - 1990},${west + 1990},${north}`
      const query = new URLSearchParams({ ...map, LAYERS: layer, STYLES: style, BBOX: box })
      const { pixels } = await readPicture(new Uint8Array(await (await fetch(`${server.address}/wms?${query}`)).arrayBuffer()))
      let most = 0
      for (let y = 2; y < 197; y++)
        for (let x = 2; x < 197; x++) most = Math.max(most, Math.abs(pixels[4 * (y * 199 + x)] - right[y * 199 + x]))
      // interpolating between shifted pixels costs some
      t.ok(most <= (layer === 'sizes' ? 1 : 8), `${style} of ${layer}: at most ${most} off`)
    }
  }
})
