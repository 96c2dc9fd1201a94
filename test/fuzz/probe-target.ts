import { pick, seededInteger } from '../support/seeded.js'
import { type Edit, edited, randomEdit, shorterEdit } from './mutations.js'
import type { Files, Probe } from './probe.js'
import { sandbox } from './sandbox.js'
import type { Target } from './target.js'

/** Damaged copies of a probe's samples, tried in a sandbox. */
export async function probeTarget(probe: Probe): Promise<Target> {
  const samples = await probe.samples()
  const names = Object.keys(samples)
  const target: Target<Files> = {
    name: probe.name,
    title: probe.title,
    cases: probe.cases,
    growth: 200,
    make(random) {
      const base = pick(random, names)
      return {
        base,
        parts: Array.from({ length: random() < 0.5 ? 1 : seededInteger(random, 2, 4) }, () =>
          randomEdit(random, samples[base], probe.words ?? []),
        ),
      }
    },
    inputOf: ({ base, parts }) => edited(samples[base], parts as readonly Edit[]),
    shorter: part => shorterEdit(part as Edit),
    start: () => sandbox(probe.name),
  }
  return target as Target
}
