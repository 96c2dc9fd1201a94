import { spawnSync } from 'node:child_process'

/** The Python that knows GDAL: Debian's, also where another one comes first. */
const python = ['python3', '/usr/bin/python3'].find(program => isThere(program, ['-c', 'from osgeo import gdal']))

/** For scripts that are files. */
export const gdalPythonPath = python ?? 'python3'

/** Why tests against GDAL are skipped; false when it is there, with its programs and its Python. */
export const withoutGdal: string | false = python && isThere('gdalwarp', ['--version']) ? false : 'needs GDAL (gdal-bin, python3-gdal)'

function isThere(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

/** Runs a GDAL program; throws with what it said when it fails. */
export function gdal(program: string, ...args: (string | number)[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args.map(String), { maxBuffer: 1 << 30 })
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stderr}`)
  return stdout
}

/** Python with GDAL. What it prints as JSON. */
export function gdalPython<T>(script: string, ...args: (string | number)[]): T {
  return JSON.parse(
    gdal(python!, '-c', `from osgeo import gdal\ngdal.UseExceptions()\nimport sys, json\n${script}`, ...args).toString(),
  ) as T
}

const readScript = `
from osgeo import gdal
import sys
gdal.UseExceptions()
path, level, left, top, width, height = sys.argv[1], *map(int, sys.argv[2:])
ds = gdal.Open(path)
for b in range(ds.RasterCount):
    band = ds.GetRasterBand(b + 1)
    mask = band.GetMaskBand()
    if level > 0:
        mask = band.GetOverview(level - 1).GetMaskBand()
        band = band.GetOverview(level - 1)
    sys.stdout.buffer.write(band.ReadRaster(left, top, width, height, buf_type=gdal.GDT_Float64))
sys.stdout.buffer.write(mask.ReadRaster(left, top, width, height, buf_type=gdal.GDT_Float64))
`

/** Samples of a window of a level as GDAL reads them: one array per band, then the mask (of the last band). */
export function gdalRead(
  path: string,
  level: number,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): Float64Array[] {
  const bytes = gdal(python!, '-c', readScript, path, level, left, top, width, height)
  const count = width * height
  const whole = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return Array.from({ length: whole.length / count }, (_, i) => whole.subarray(i * count, (i + 1) * count))
}
