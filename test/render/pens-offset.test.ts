import t from 'tap'
import { line, polygon } from '../support/drawing.js'
import { alphaDistance, drawPens, drawSvg, ink } from '../support/pens.js'
import { pick, seeded } from '../support/seeded.js'
import { qgisAnswers, withoutQgis } from './qgis-answers.js'

const [width, height] = [160, 140]
const geosJoins = { round: 1, mitre: 2, bevel: 3 } as const
const pathOf = (wkt: string) =>
  wkt
    .replace(/^[^(]*/, '')
    .replace(/\),/g, 'M')
    .replace(/[()]/g, '')
    .replace(/,\s*/g, 'L')

t.test('parallels of lines lie where GEOS puts them', { skip: withoutQgis }, async t => {
  const random = seeded(81)
  // corners tighter than the distance, and segments shorter
  const cases = Array.from({ length: 60 }, () => {
    let [x, y, direction] = [50 + random() * 50, 50 + random() * 40, random() * 6]
    const bend = (random() - 0.5) * 0.5
    const path = Array.from({ length: 14 }, () => {
      direction += bend + (random() - 0.5) * 1.4
      x += Math.cos(direction) * (4 + random() * 7)
      y += Math.sin(direction) * (4 + random() * 7)
      return [x, y]
    })
    return { path, offset: pick(random, [-10, 10, -5, 14]), join: pick(random, ['round', 'mitre', 'bevel'] as const) }
  })
  const answers = qgisAnswers<string>(
    // GEOS is y up: our left is its right
    cases.map(({ path, offset, join }) => ['offset', `LINESTRING(${path.map(p => p.join(' ')).join(',')})`, -offset, geosJoins[join]]),
  )
  for (const [i, { path, offset, join }] of cases.entries()) {
    const drawn = drawPens({
      width,
      height,
      pens: [{ kind: 'stroke', classes: 6, paint: ink, width: 2, join, offset }],
      geometries: [line(...path)],
    })
    // the same line in many small steps
    const steps = path
      .slice(1)
      .flatMap(([x, y], k) =>
        Array.from({ length: 7 }, (_, n) => [path[k][0] + ((x - path[k][0]) * (n + 1)) / 7, path[k][1] + ((y - path[k][1]) * (n + 1)) / 7]),
      )
    const stepped = drawPens({
      width,
      height,
      pens: [{ kind: 'stroke', classes: 6, paint: ink, width: 2, join, offset }],
      geometries: [line(path[0], ...steps)],
    })
    t.ok(alphaDistance(drawn, stepped).mean < 0.002, `line ${i} in small steps`)
    const expected = await drawSvg(width, height, `<path d="M${pathOf(answers[i])}" fill="none" stroke="#000" stroke-width="2"/>`)
    const { mean } = alphaDistance(drawn, expected)
    t.ok(mean < 0.001, `line ${i}, ${join}, ${offset}: ${mean.toFixed(4)}`)
  }
})

t.test('positive is outwards of shells and into holes, however they are wound', async t => {
  const ring = (x0: number, y0: number, x1: number, y1: number) => [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
    [x0, y0],
  ]
  const shell = ring(30, 30, 130, 110)
  const hole = ring(60, 50, 100, 90)
  const rect = (x0: number, y0: number, x1: number, y1: number) => `<rect x="${x0}" y="${y0}" width="${x1 - x0}" height="${y1 - y0}"/>`
  const style = 'fill="none" stroke="#000" stroke-width="2"'
  for (const rings of [
    [shell, hole],
    [shell.toReversed(), hole],
    [shell, hole.toReversed()],
    [shell.toReversed(), hole.toReversed()],
  ])
    for (const offset of [5, -5]) {
      const drawn = drawPens({
        width,
        height,
        pens: [{ kind: 'stroke', classes: 4, paint: ink, width: 2, offset }],
        geometries: [polygon(...rings)],
      })
      const [s, h] = [offset, -offset]
      const svg = `<g ${style}>${rect(30 - s, 30 - s, 130 + s, 110 + s)}${rect(60 - h, 50 - h, 100 + h, 90 + h)}</g>`
      t.ok(alphaDistance(drawn, await drawSvg(width, height, svg)).mean < 0.0005, `${offset}`)
    }
  const gone = drawPens({
    width,
    height,
    pens: [{ kind: 'stroke', classes: 4, paint: ink, width: 2, offset: -45 }],
    geometries: [polygon(shell)],
  })
  t.ok(
    gone.rgba.every(v => v === 0),
    'a ring that is too narrow for its parallel has none',
  )
})

t.test('the parallel of a line with a small notch has no loops', async t => {
  const notch = line([10, 60], [70, 60], [74, 66], [78, 60], [150, 60])
  const drawn = drawPens({ width, height, pens: [{ kind: 'stroke', classes: 2, paint: ink, width: 2, offset: -20 }], geometries: [notch] })
  for (let y = 0; y < 78; y++) for (let x = 0; x < width; x++) if (drawn.alpha(x, y)) t.fail(`a loop at ${x} ${y}`)
  t.equal(drawn.alpha(40, 80), 255)
})
