import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Real open data live beside the project, in `../shared/data`, or where ARPENT_SHARED says; tests that use them skip by name where they are absent. */
export function sharedData(path: string): { readonly path: string; readonly skip: string | false } {
  const found = join(resolve(process.env.ARPENT_SHARED ?? '../shared'), 'data', path)
  return { path: found, skip: existsSync(found) ? false : `shared data ${path} is absent` }
}
