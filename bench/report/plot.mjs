import { figuresOf, serversOf, workloadsOf } from './figures.mjs'

const colors = {
  arpent: '#1b7f5c',
  mapserver: '#c2603a',
  qgis: '#6b8e23',
  mapnik: '#5b6fb3',
  martin: '#8a5bb3',
  titiler: '#b3a15b',
  ogr2ogr: '#888888',
}

/** Bars of requests per second at c = 1, each workload to its own scale: SVG. */
export function plotOf(result) {
  const groups = workloadsOf(result).map(workload => ({
    workload,
    bars: serversOf(result, workload).map(server => ({ server, perSecond: figuresOf(result, workload, server, 1)?.perSecond ?? 0 })),
  }))
  let y = 24
  const parts = []
  for (const { workload, bars } of groups) {
    const most = Math.max(...bars.map(({ perSecond }) => perSecond))
    parts.push(`<text x="10" y="${y}" font-weight="bold">${result.plan.titles?.[workload] ?? workload}</text>`)
    for (const { server, perSecond } of bars) {
      y += 16
      const width = Math.max(1, (420 * perSecond) / most)
      parts.push(
        `<text x="110" y="${y + 10}" text-anchor="end">${result.titles[server]}</text><rect x="118" y="${y}" width="${width.toFixed(1)}" height="12" fill="${colors[server] ?? '#999'}"/><text x="${(124 + width).toFixed(1)}" y="${y + 10}">${perSecond >= 10 ? Math.round(perSecond).toLocaleString('en') : perSecond.toPrecision(2)}</text>`,
      )
    }
    y += 34
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="${y}" font-family="sans-serif" font-size="11"><title>Requests per second at c = 1</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('\n')}</svg>\n`
}

/** Milliseconds of processor over size, both logarithmic, a line for each workload and server: SVG. */
export function plotGrowth({ growth, plan, titles }) {
  const [width, height, margin] = [640, 420, 60]
  const cost = ({ cpu, databaseCpu }) => (cpu + databaseCpu) * 1000
  const points = growth.flatMap(line => line.points).filter(point => cost(point) > 0)
  const span = values => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)) + 1e-9)]
  const [x0, x1] = span(points.map(({ size }) => size))
  const [y0, y1] = span(points.map(cost))
  const x = size => margin + ((Math.log10(size) - x0) / Math.max(1, x1 - x0)) * (width - margin - 200)
  const y = ms => height - margin - ((Math.log10(ms) - y0) / Math.max(1, y1 - y0)) * (height - 2 * margin)
  const ticks = (from, to) => Array.from({ length: to - from + 1 }, (_, k) => 10 ** (from + k))
  const axes = [
    ...ticks(x0, x1).map(
      size => `<text x="${x(size)}" y="${height - margin + 18}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    ...ticks(y0, y1).map(
      ms =>
        `<text x="${margin - 6}" y="${y(ms) + 4}" text-anchor="end">${ms} ms</text><line x1="${margin}" x2="${width - 200}" y1="${y(ms)}" y2="${y(ms)}" stroke="#ddd"/>`,
    ),
  ]
  const lines = growth.map(({ workload, server, points: all, cpuExponent }) => {
    const shown = all.filter(point => cost(point) > 0)
    const last = shown.at(-1)
    const label = last
      ? `<text x="${x(last.size) + 6}" y="${y(cost(last)) + 4}">${titles[server]}, ${workload}: n^${cpuExponent.toFixed(2)}</text>`
      : ''
    return `<polyline fill="none" stroke="${colors[server] ?? '#999'}" stroke-width="2" points="${shown.map(point => `${x(point.size)},${y(cost(point))}`).join(' ')}"/>${label}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11"><title>Processor time of a request over ${growth[0]?.dimension}: ${plan.titles?.[growth[0]?.workload] ?? ''}</title><rect width="100%" height="100%" fill="#fff"/>${[...axes, ...lines].join('\n')}</svg>\n`
}
