import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { makeFiles } from './many-files.mjs'
import { makeOrtho, makeTiled } from './ortho.mjs'
import { makePoints } from './points.mjs'
import { startPostgres } from './postgres.mjs'
import { makeReal } from './real.mjs'
import { makeVectors, origin, sideOf } from './vectors.mjs'

/** Where real data are, beside the repository or where ARPENT_SHARED says; undefined when they are not there. */
export function realData() {
  const shared = process.env.ARPENT_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))
  const folder = `${shared}/data/bench`
  return existsSync(`${folder}/cadastre`) ? folder : undefined
}

/** What workloads can need, in the order of making. Each adds to the world. */
const makers = {
  postgres: async (_world, cleanup) => ({ postgres: await startPostgres(cleanup) }),
  vectors: async world => {
    await makeVectors(world.postgres.url, world.features)
  },
  points: async world => ({ points: await makePoints(world.postgres.url, world.features) }),
  real: async (world, cleanup) => ({ real: await makeReal(world.postgres, realData(), cleanup.folder('real')) }),
  ortho: (world, cleanup) => ({ ortho: makeOrtho(cleanup.folder('ortho'), world.orthoSide, world.cogs) }),
  mosaic: (world, cleanup) => ({ mosaic: makeOrtho(cleanup.folder('mosaic'), world.orthoSide, 2000) }),
  realOrtho: (world, cleanup) => ({
    realOrtho: makeOrtho(cleanup.folder('ortho-real'), world.orthoSide, 1, `${realData()}/ortho/kampala-dalles`),
  }),
  tiled256: (world, cleanup) => ({ tiled256: makeTiled(cleanup.folder('tiled-256'), world.orthoSide, 256) }),
  tiled512: (world, cleanup) => ({ tiled512: makeTiled(cleanup.folder('tiled-512'), world.orthoSide, 512) }),
  files: (world, cleanup) => ({ files: makeFiles(cleanup.folder('files'), world.files) }),
}
const alsoNeeds = { vectors: ['postgres'], real: ['postgres'], points: ['postgres'] }

/**
 * The data that the chosen workloads need, made from seeds (and real data where they are), removed with the run. `world.workloads` are the workloads with their
 * layers and requests.
 */
export async function makeWorld(cleanup, sizes, chosen, say) {
  const side = sideOf(sizes.features)
  const world = { ...sizes, extent: [origin[0], origin[1], origin[0] + side, origin[1] + side] }
  const needs = new Set(chosen.flatMap(({ needs }) => needs.flatMap(need => [...(alsoNeeds[need] ?? []), need])))
  for (const [need, make] of Object.entries(makers)) {
    if (!needs.has(need)) continue
    const began = performance.now()
    Object.assign(world, await make(world, cleanup))
    say(`made ${need} in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  }
  const workloads = []
  for (const { make, ...workload } of chosen) workloads.push({ ...workload, ...(await make?.(world)) })
  return Object.assign(world, { workloads })
}
