import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sources } from './sources.mjs'

/** Where a name of `sources.mjs` or of a scene lies: `shared/…` is beside the project, all else within. */
export const pathOf = name =>
  name.startsWith('shared/') ? join(resolve(process.env.ARPENT_SHARED ?? '../shared'), 'data', name.slice('shared/'.length)) : resolve(name)

/** A Python that has a module, if any: Debian's, also where another one comes first. */
export const pythonWith = module =>
  ['python3', '/usr/bin/python3'].find(program => spawnSync(program, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0)

/** Runs a script with a question as JSON, and returns its answer: the last line that it prints. */
export function askPython(python, script, question, env = {}) {
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(question),
    // GDAL writes no statistics beside files
    env: { ...process.env, GDAL_PAM_ENABLED: 'NO', ...env },
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`${script}: ${stderr}`)
  return JSON.parse(String(stdout).trim().split('\n').at(-1))
}

/** Files of the sources that scenes want: {name: {path, layer?, files?, isRaster?}}, and why the others are absent: {name: reason}. */
export function prepareSources(scenes, folder) {
  mkdirSync(folder, { recursive: true })
  const wanted = [...new Set(scenes.flatMap(({ layers }) => layers.map(({ data }) => data)))]
  const found = {}
  const absent = {}
  const recipes = {}
  for (const name of wanted) {
    const source = sources[name]
    if (!source) throw new Error(`No source is called ${name}.`)
    const { file, raster, files, layer, recipe } = source
    const origin = file ?? raster ?? recipe.from ?? recipe.archive ?? recipe.polygonize ?? recipe.classify
    const isRaster = raster !== undefined || recipe?.classify !== undefined
    const made = join(folder, `${name}.${isRaster ? 'tif' : 'gpkg'}`)
    if (!existsSync(pathOf(origin))) absent[name] = `${origin} is absent`
    else if (!recipe)
      found[name] = { path: pathOf(origin), table: layer ?? name, ...(layer && { layer }), ...(files && { files }), isRaster }
    else {
      if (!existsSync(made)) recipes[name] = withPaths(recipe)
      found[name] = { path: made, table: name, isRaster }
    }
  }
  const python = Object.keys(recipes).length > 0 && pythonWith('osgeo.gdal')
  const failed = python
    ? askPython(python, 'scripts/gallery/prepare.py', { folder, recipes })
    : Object.fromEntries(Object.keys(recipes).map(name => [name, 'GDAL for Python is not installed']))
  for (const [name, reason] of Object.entries(failed)) {
    absent[name] = reason
    delete found[name]
  }
  return { sources: found, absent }
}

const withPaths = ({ from, archive, polygonize, classify, sql, ...rest }) => ({
  ...rest,
  ...(from && { from: pathOf(from) }),
  ...(archive && { archive: pathOf(archive) }),
  ...(polygonize && { polygonize: pathOf(polygonize) }),
  ...(classify && { classify: pathOf(classify) }),
  ...(sql && { sql: sql.replace(/\{([^}]+)\}/g, (_, name) => pathOf(name)) }),
})
