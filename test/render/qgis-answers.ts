import { spawnSync } from 'node:child_process'
import { gdalPythonPath } from '../support/gdal.js'
import { missing, unlessAll } from '../support/programs.js'

export const withoutQgis = unlessAll(missing('QGIS for Python', gdalPythonPath, '-c', 'import qgis.core'))

/** What QGIS answers to questions; the script lists them. */
export function qgisAnswers<T>(questions: readonly (readonly unknown[])[], script = 'qgis_pens.py'): T[] {
  const { status, stdout, stderr } = spawnSync(gdalPythonPath, [`test/render/${script}`], {
    input: JSON.stringify(questions),
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(String(stderr))
  return JSON.parse(String(stdout).trim().split('\n').at(-1)!) as T[]
}
