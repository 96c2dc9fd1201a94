import type { Atlas } from '#core/atlas.js'
import { publicName } from './public-name.js'
import type { ServiceAnswer } from './service.js'

/** `/health/live`: the process answers. */
export function live(): ServiceAnswer {
  return { status: 200, mediaType: 'application/json', body: '{"status":"live"}', cacheSeconds: 0 }
}

/**
 * `/health/ready`: `ready`, `degraded` (still 200: some sources are left out, or a newer version of them is; they are named) or, while closing or before the first atlas, `unavailable` (503).
 */
export function ready(atlas: Atlas, isClosing: boolean): ServiceAnswer {
  const leftOut = atlas.verdicts
    .filter(verdict => verdict.findings.some(finding => finding.severity === 'error'))
    .map(({ source, collection, findings }) => ({
      source: publicName(source),
      ...(collection !== undefined && { collection }),
      reasons: findings.filter(finding => finding.severity === 'error').map(finding => finding.message),
    }))
  const status = isClosing ? 'unavailable' : leftOut.length ? 'degraded' : 'ready'
  const state = atlas.state && (atlas.state.kind === 'kept' ? 'kept' : `off: ${atlas.state.finding.message}`)
  const body = {
    status,
    generation: atlas.generation,
    collections: atlas.collections.size,
    ...(state && { state }),
    ...(leftOut.length && { leftOut }),
  }
  return { status: isClosing ? 503 : 200, mediaType: 'application/json', body: JSON.stringify(body), cacheSeconds: 0 }
}
