import { figuresOf, serversOf, workloadsOf } from './figures.mjs'

const colors = { arpent: '#1b7f5c', mapserver: '#c2603a', qgis: '#6b8e23', mapnik: '#5b6fb3', ogr2ogr: '#888888' }

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
