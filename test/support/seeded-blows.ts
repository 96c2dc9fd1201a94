import { seeded } from './seeded.js'

export interface Blow {
  /** When it falls: a share of how long the work takes unharmed. */
  readonly share: number
  readonly signal: 'SIGKILL' | 'SIGTERM'
}

/** Blows at random moments spread over the work, of both kinds in turns; ARPENT_FAULTS_SEED chooses others. */
export function seededBlows(count: number): readonly Blow[] {
  const random = seeded(Number(process.env.ARPENT_FAULTS_SEED ?? 1))
  return Array.from({ length: count }, (_, i) => ({ share: (i + random()) / count, signal: i % 2 ? 'SIGTERM' : 'SIGKILL' }))
}
