import t from 'tap'
import { writeEwkb } from '#geo/ewkb.js'
import { placesOfTrees, smallServer } from '../support/small-server.js'
import { startChromium, watchedPage, withoutChromium } from './support/chromium.js'

/** As long as PostgreSQL lets a name be, and no place to break it. */
const longest = 'x'.repeat(63)

t.test('names of 63 characters leave room for what is told of them', { skip: withoutChromium }, async t => {
  const server = await smallServer({
    table: {
      schema: 'public',
      table: 'arbres',
      columns: [longest, longest.replace('x', 'y')].map(name => ({ name, kind: 'text', nativeType: 'text', isNullable: true })),
      geometries: [placesOfTrees],
      rows: [['a', 'b', writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(770_050, 6_279_100) }, { srid: 2154 })]],
    },
  })
  t.teardown(() => server.close())
  const browser = await startChromium()
  t.teardown(() => browser.close())
  const { page } = await watchedPage(browser, [server.address], { width: 1200, height: 700 })
  for (const path of [
    '/collections/arbres/schema',
    '/collections/arbres/queryables',
    '/collections/arbres/items/0-1',
    '/datasets/arbres/',
  ]) {
    await page.goto(`${server.address}${path}?f=html`)
    const widest = await page.evaluate(
      "Math.max(0, ...[...document.querySelectorAll('.document th, .document td:not(:has(div, dl))')].map(cell => cell.clientWidth))",
    )
    t.ok(Number(widest) < 300, `${path}: no cell takes more than a quarter of the page, the widest ${widest}`)
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path)
  }
})
