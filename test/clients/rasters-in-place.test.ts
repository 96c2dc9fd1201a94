import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { runServer } from '../support/running-server.js'
import { sharedData } from '../support/shared-data.js'
import { debianPython, seenBy } from './support/python.js'

const [ortho, dem] = [sharedData('bench/ortho'), sharedData('bench/dem')]

interface Asked {
  readonly layer: string
  readonly files: readonly string[]
  readonly crs: string
  /** Of what is no photograph: the values that are black and white. */
  readonly heights: readonly [number, number] | null
}

interface Seen {
  readonly layer: string
  readonly crs: string
  /** Pixels, the greater of right and down. */
  readonly shift: number
  /** Decibels. */
  readonly psnr: number
  readonly spread: number
}

/** Rasters by store and pattern; heights with the range of their greys. */
const rasters = [
  { layer: 'kampala', store: 'ortho', files: 'kampala-dalles/*.tif', crs: 'EPSG:3857' },
  { layer: 'nashville', store: 'ortho', files: 'noaa-nashville-*.tif', crs: 'EPSG:4326' },
  { layer: 'colorado', store: 'ortho', files: 'usgs-hro-*.tif', crs: 'EPSG:26913' },
  ...['2010', '2014', '2017', '2020'].map(year => ({
    layer: `naip-${year}`,
    store: 'ortho' as const,
    files: `naip-series/*_${year}*.tif`,
    crs: 'EPSG:26914',
  })),
  { layer: 'surface', store: 'dem', files: 'ign-mns-5m/*.tif', crs: 'EPSG:2154', heights: [120, 170] },
  { layer: 'srtm', store: 'dem', files: 'srtm_41_19.tif', crs: 'EPSG:32733', heights: [0, 1700] },
] as const

const config = {
  stores: { ortho: { kind: 'cog', root: ortho.path }, dem: { kind: 'cog', root: dem.path } },
  collections: Object.fromEntries(
    rasters.map(({ layer, store, files, ...more }) => {
      const greys = 'heights' in more && {
        value: 'b1',
        ramp: [
          [more.heights[0], '#000000'],
          [more.heights[1], '#ffffff'],
        ],
      }
      return [layer, { store, files, ...(greys && { styles: [{ name: 'greys', raster: greys }] }) }]
    }),
  ),
}

function asked(): Asked[] {
  return rasters.map(({ layer, store, files, crs, ...more }) => ({
    layer,
    files: globbed(config.stores[store].root, files),
    crs,
    heights: 'heights' in more ? more.heights : null,
  }))
}

function globbed(root: string, pattern: string): string[] {
  const [folder, name] = [dirname(join(root, pattern)), basename(pattern)]
  const matching = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
  return readdirSync(folder)
    .filter(file => matching.test(file))
    .sort()
    .map(file => join(folder, file))
}

const clients = [
  {
    name: 'gdalwarp',
    script: 'gdal_in_place.py',
    args: ['EPSG:3857'],
    skip: unlessAll(missing('GDAL for Python', debianPython, '-c', 'from osgeo import gdal; import numpy')),
  },
  {
    name: 'QGIS',
    script: 'qgis_in_place.py',
    args: [],
    skip: unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core')),
  },
]
const skip = ortho.skip || dem.skip || (clients.every(({ skip }) => skip) && clients.map(({ skip }) => skip).join(', '))

t.test('real photographs and heights lie where programs we did not write put them', { skip }, async t => {
  const folder = t.testdir({ 'arpent.json': JSON.stringify(config) })
  const server = await runServer(['--config', join(folder, 'arpent.json')])
  t.teardown(() => server.stop())
  const input = JSON.stringify(asked())
  for (const { name, script, args, skip } of clients)
    t.test(name, { skip }, async t => {
      const seen = await seenBy<Seen>(debianPython, script, server.address, input, ...args)
      t.ok(seen.length >= asked().length, `${seen.length} pictures were compared`)
      for (const { layer, crs, shift, psnr, spread } of seen) {
        t.comment(`${layer} in ${crs}: shift ${shift.toFixed(3)} px, PSNR ${psnr.toFixed(1)} dB`)
        t.ok(spread > 1, `${layer} in ${crs}: there is something to see`)
        t.ok(shift < 0.1, `${layer} in ${crs}: in place (${shift.toFixed(3)} px)`)
        t.ok(psnr > 35, `${layer} in ${crs}: alike (${psnr.toFixed(1)} dB)`)
      }
    })
})
