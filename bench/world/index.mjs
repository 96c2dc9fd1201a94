import { makeOrtho } from './ortho.mjs'
import { startPostgres } from './postgres.mjs'
import { makeVectors, origin, sideOf } from './vectors.mjs'
import { workloads } from './workloads.mjs'

/** The data of a run: a database and orthophotos, seeded, removed with the run. */
export async function makeWorld(cleanup, { features, cogs, orthoSide, layerCounts, importRows }) {
  const postgres = await startPostgres(cleanup)
  await makeVectors(postgres.url, features)
  const orthoFolder = cleanup.folder('ortho')
  const ortho = makeOrtho(orthoFolder, orthoSide, cogs)
  const side = sideOf(features)
  const extent = [origin[0], origin[1], origin[0] + side, origin[1] + side]
  const world = { features, cogs, postgres, ortho, orthoFolder, extent, layerCounts, importRows }
  const all = workloads(world)
  return Object.assign(world, { workloads: all, first: all.find(({ name }) => name === 'png-light') })
}
