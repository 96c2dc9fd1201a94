import type { Logger } from 'pino'
import type { Atlas, RasterSource } from '#core/atlas.js'
import type { Mosaic } from '#core/mosaic.js'
import type { Renderer } from '#core/ports.js'
import type { RasterFault } from '#core/queries.js'

/** Files of mosaics that turned out to be broken while maps were drawn. */
export interface RasterFaults {
  /** `renderer`, whose faults are noted: each once in the log, until the file changes. */
  watch(renderer: Renderer): Renderer
  /** `atlas` with the faults in the verdicts of the collections whose files they still are. */
  tell(atlas: Atlas): Atlas
}

/** Faults remembered: beyond it a disk is broken, not a file. */
const most = 1000
/** Faults listed in one verdict. */
const mostListed = 20

export function rasterFaults(log: Pick<Logger, 'warn'>): RasterFaults {
  const known = new Map<string, RasterFault>()
  const told = new WeakMap<Atlas, { readonly count: number; readonly atlas: Atlas }>()
  const note = (fault: RasterFault) => {
    const key = JSON.stringify([fault.store, fault.path, fault.version])
    if (known.has(key) || known.size >= most) return
    known.set(key, fault)
    log.warn({ store: fault.store, file: fault.path }, `left out of its mosaic until it changes: ${fault.message}`)
  }
  return {
    watch: renderer => ({
      async draw(job, signal) {
        const image = await renderer.draw(job, signal)
        image.faults?.forEach(note)
        return image
      },
      changed: () => renderer.changed?.(),
    }),
    tell(atlas) {
      const before = told.get(atlas)
      if (before?.count === known.size) return before.atlas
      const next = known.size === 0 ? atlas : withFaults(atlas, [...known.values()])
      told.set(atlas, { count: known.size, atlas: next })
      return next
    },
  }
}

function withFaults(atlas: Atlas, faults: readonly RasterFault[]): Atlas {
  const verdicts = atlas.verdicts.map(verdict => {
    const source = atlas.collections.get(verdict.collection ?? '')?.source
    if (source?.kind !== 'raster') return verdict
    const versions = versionsOf(source)
    const mine = faults.filter(({ store, path, version }) => versions.get(`${store} ${path}`) === version)
    const findings = mine.slice(0, mostListed).map(({ message }) => ({ severity: 'error' as const, code: 'damaged', message }))
    return findings.length === 0 ? verdict : { ...verdict, findings: [...verdict.findings, ...findings] }
  })
  return { ...atlas, verdicts }
}

/** Versions of all files of a collection, by store and path. */
function versionsOf({ store, mosaic, overviews }: RasterSource): ReadonlyMap<string, string> {
  const of = (store: string, { files }: Mosaic) => files.map(({ path, version }) => [`${store} ${path}`, version] as const)
  const own = of(store, mosaic)
  return new Map(overviews ? [...own, ...overviews.generations.flatMap(generation => of(overviews.store, generation))] : own)
}
