import t from 'tap'
import { defaultStyle } from '#styles/default-style.js'
import { oklch } from '#styles/oklch.js'
import { rulesOf } from '#styles/style.js'

const kinds = (type: string) => [...new Set(rulesOf(defaultStyle('x', type)).flatMap(rule => rule.symbolizers.map(({ kind }) => kind)))]
const luma = (color: string) => {
  const rgb = Number.parseInt(color.slice(1), 16)
  return 0.2126 * (rgb >> 16) + 0.7152 * ((rgb >> 8) & 255) + 0.0722 * (rgb & 255)
}

t.test('each geometry type has its symbolizers', async t => {
  t.same(kinds('POINT'), ['point'])
  t.same(kinds('MULTILINESTRING'), ['line'])
  t.same(kinds('COMPOUNDCURVE'), ['line'])
  t.same(kinds('MULTIPOLYGON'), ['fill', 'line'])
  t.same(kinds('CURVEPOLYGON'), ['fill', 'line'])
  t.same(kinds('TIN'), ['fill', 'line'])
  t.same(kinds('GEOMETRY'), ['fill', 'line', 'point'])
  t.same(kinds('raster'), ['raster'])
})

t.test('exactly one rule of a pass is in force at any scale', async t => {
  const [{ rules }] = defaultStyle('parcelles', 'POLYGON').passes
  for (const scale of [0, 1, 3999, 4000, 12_000, 35_000, 499_999, 500_000, 1e9]) {
    const inForce = rules.filter(rule => scale >= (rule.minScaleDenominator ?? 0) && scale < (rule.maxScaleDenominator ?? Infinity))
    t.equal(inForce.length, 1, `1:${scale}`)
  }
})

t.test('colours come from the name, spread evenly, and polygons are lighter than their outline', async t => {
  t.same(defaultStyle('routes', 'LINESTRING'), defaultStyle('routes', 'LINESTRING'))
  const names = Array.from({ length: 480 }, (_, i) => `layer_${i}`)
  const colors = new Map<string, number>()
  for (const name of names) {
    const [fill, outline] = defaultStyle(name, 'POLYGON').passes.map(({ rules }) => rules[0].symbolizers[0])
    if (fill.kind !== 'fill' || outline.kind !== 'line') throw new Error('no fill with an outline')
    t.ok(luma(String(fill.color)) > luma(String(outline.stroke.color)) + 50, name)
    colors.set(String(fill.color), (colors.get(String(fill.color)) ?? 0) + 1)
  }
  t.equal(colors.size, 24, 'every hue of the palette is used')
  t.ok(Math.max(...colors.values()) < 50, 'none far too often')
})

t.test('OKLCH as its author defines it', async t => {
  t.equal(oklch(1, 0, 0), '#ffffff')
  t.equal(oklch(0, 0, 0), '#000000')
  t.equal(oklch(0.627955, 0.257683, 29.2339), '#ff0000')
  t.equal(oklch(0.5, 0.4, 140).length, 7, 'what sRGB cannot show is drawn in')
})
