// How the cost of a request grows with the data: the same workload over worlds of several sizes, and the exponent of the power that fits best.
import { figuresOf, serversOf } from './report/figures.mjs'

/** Sizes of a curve, from what was asked for downwards: 10^4, 10^5, 10^6 of features; 1, 100, 2000 of files; layers are rows of their own already. */
export const growthSizes = {
  features: features => [features / 100, features / 10, features].map(Math.round).filter(size => size >= 1000),
  cogs: cogs => [1, 10, 100, 2000].filter(size => size <= Math.max(cogs, 100)),
}

/** Of results at several sizes: `[{ workload, server, dimension, points: [{ size, p50, cpu }], exponent, cpuExponent }]`. */
export function growthOf(runs, dimension, workloads) {
  return workloads.flatMap(workload =>
    serversOf(runs[0].result, workload).map(server => {
      const points = runs
        .map(({ size, result }) => ({ size, ...pick(figuresOf(result, workload, server, 1)) }))
        .filter(({ p50 }) => p50 > 0)
      const cost = points.map(({ cpu, databaseCpu }) => cpu + databaseCpu)
      return {
        workload,
        server,
        dimension,
        points,
        exponent: exponentOf(
          points.map(({ size }) => size),
          points.map(({ p50 }) => p50),
        ),
        cpuExponent: exponentOf(
          points.map(({ size }) => size),
          cost,
        ),
      }
    }),
  )
}

const pick = ({ p50, cpu, databaseCpu } = {}) => ({ p50, cpu, databaseCpu })

/** b of y = a x^b by least squares of the logarithms. */
export function exponentOf(xs, ys) {
  const [u, v] = [xs, ys].map(list => list.map(Math.log))
  const mean = list => list.reduce((sum, one) => sum + one, 0) / list.length
  const [mu, mv] = [mean(u), mean(v)]
  return u.reduce((sum, x, k) => sum + (x - mu) * (v[k] - mv), 0) / u.reduce((sum, x) => sum + (x - mu) ** 2, 0)
}
