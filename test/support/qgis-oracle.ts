import { spawnSync } from 'node:child_process'
import { gdalPythonPath } from './gdal.js'
import { missing, unlessAll } from './programs.js'

export const withoutQgis = unlessAll(missing('QGIS for Python', gdalPythonPath, '-c', 'import qgis.core'))

/** What QGIS answers; `qgis_oracle.py` says to what. */
export function askQgis<T>(question: unknown): T {
  const { status, stdout, stderr } = spawnSync(gdalPythonPath, ['test/support/qgis_oracle.py'], {
    input: JSON.stringify(question),
    maxBuffer: 1 << 28,
    timeout: 120_000,
  })
  if (status !== 0) throw new Error(String(stderr))
  return JSON.parse(String(stdout).trim().split('\n').at(-1)!) as T
}
