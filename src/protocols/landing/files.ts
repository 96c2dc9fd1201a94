import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Problem } from '#core/problem.js'
import { problemAnswer } from '../http/problem-json.js'
import type { Service } from '../http/service.js'

const require = createRequire(import.meta.url)
const ownFile = (name: string) => new URL(`../../../web/${name}`, import.meta.url)

/** Every file the pages load, by name: a closed list, so that no path is ever built from a request. */
const files: Readonly<Record<string, { readonly path: () => URL | string; readonly mediaType: string }>> = {
  'page.css': { path: () => ownFile('page.css'), mediaType: 'text/css' },
  'data.css': { path: () => ownFile('data.css'), mediaType: 'text/css' },
  'copy.js': { path: () => ownFile('copy.js'), mediaType: 'text/javascript' },
  'features.js': { path: () => ownFile('features.js'), mediaType: 'text/javascript' },
  'page.js': { path: () => ownFile('page.js'), mediaType: 'text/javascript' },
  'icon.svg': { path: () => ownFile('icon.svg'), mediaType: 'image/svg+xml' },
  'ol.js': { path: () => require.resolve('ol/dist/ol.js'), mediaType: 'text/javascript' },
  'ol.css': { path: () => require.resolve('ol/ol.css'), mediaType: 'text/css' },
}

/** Serves `web/` and OpenLayers. */
export function webFiles(): Service {
  return async ({ path: { file: name = '' } }) => {
    if (!Object.hasOwn(files, name)) return problemAnswer(new Problem('not-found', 'There is no such file.'))
    const { path, mediaType } = files[name]
    return { status: 200, mediaType: `${mediaType}; charset=utf-8`, body: await readFile(path()), cacheSeconds: 3600 }
  }
}
