import type { Config } from '#config/config.js'
import type { Publication } from '#core/publication.js'
import { isRemote } from '#stores/cog/locations.js'
import { type FoundFiles, findFiles } from './find-files.js'
import { displayPath } from './left-out.js'

/** Looks through all files and folders that stores of a config name. */
export async function findConfigFiles(config: Config, signal?: AbortSignal): Promise<FoundFiles> {
  return findFiles(filesOf(config), signal)
}

const filesOf = (config: Config) => [
  ...new Set([...config.stores.values()].flatMap(store => (store.kind === 'postgis' ? [] : store.files)).filter(file => !isRemote(file))),
]

/** What was named or found but is not published, each with the reason. */
export function gatherLeftOut(config: Config, found: FoundFiles): readonly Publication[] {
  const { features, rasters, refused, unreadable, ignored } = found
  const out = (source: string, severity: 'error' | 'warning' | 'info', code: string, message: string): Publication => ({
    source,
    name: source,
    settings: {},
    found: { kind: 'nothing' },
    findings: [{ severity, code, message }],
  })
  const count = [...ignored.values()].reduce((sum, n) => sum + n, 0)
  const kinds = [...ignored]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 12)
    .map(([extension, n]) => `${n} ${extension || 'without extension'}`)
  const isEmpty = filesOf(config).length > 0 && features.length + rasters.length + refused.length + unreadable.length === 0
  return [
    ...config.refusedSources.map(({ source, reason }) => out(source, 'error', 'unsupported', reason)),
    ...unreadable.map(({ path, message }) => out(displayPath(path), 'error', 'unreadable', message)),
    ...refused.map(({ path, message, isNamed }) => out(displayPath(path), isNamed ? 'error' : 'warning', 'unsupported', message)),
    ...(isEmpty
      ? [out(filesOf(config).map(displayPath).join(', '), 'error', 'nothing-found', 'There is no file here that could be published.')]
      : []),
    ...(count > 0
      ? [
          out(
            `${count} other files`,
            'info',
            'ignored',
            `Files that hold no features and no rasters are not looked at: ${kinds.join(', ')}.`,
          ),
        ]
      : []),
  ]
}
