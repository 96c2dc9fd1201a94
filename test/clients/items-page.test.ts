import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import t from 'tap'
import { runServer } from '../support/running-server.js'
import { until } from '../support/until.js'
import { patience, startChromium, watchedPage, withoutChromium } from './support/chromium.js'

const ready = 'body[data-ready="true"]'

t.test('the table of a collection in a browser', { skip: withoutChromium }, async t => {
  const server = await runServer([])
  t.teardown(() => server.stop())
  const browser: Browser = await startChromium()
  t.teardown(() => browser.close())
  const home = `${server.address}/collections/arbres/items`
  const walnuts = await fetch(`${home}?f=json&limit=1000&essence=Noyer`).then(
    answer => answer.json() as Promise<{ features: { id: number }[] }>,
  )
  const count = walnuts.features.length

  t.test('is filtered, paged and downloaded', async t => {
    const { page, faults } = await watchedPage(browser, [server.address], { locale: 'fr' })
    await page.goto(home)
    await page.waitForSelector(ready)
    t.equal(await page.locator('html').getAttribute('lang'), 'fr')
    await page.locator('select[name="essence"]').selectOption('Noyer')
    await page.locator('.filter button[type="submit"]').click()
    await page.waitForSelector(`.conditions >> text=Noyer`)
    t.equal(new URL(page.url()).search, '?f=html&essence=Noyer&limit=25', 'what is left empty is not in the address')
    t.match(await page.locator('.pager').first().textContent(), new RegExp(`1–25 sur ${count}`))

    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.files a', { hasText: /^CSV$/ }).click()])
    t.equal(download.suggestedFilename(), 'arbres.csv')
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    t.equal(lines.length, 1 + count, 'all that is selected, whatever the page shows')
    t.ok(lines.slice(1).every(line => line.includes('Noyer')))

    const seen: string[] = []
    for (;;) {
      await page.waitForSelector(ready)
      seen.push(...(await page.locator('tbody th a').allTextContents()))
      const next = page.locator('a[rel="next"]').first()
      if ((await next.count()) === 0) break
      const here = page.url()
      await next.click()
      await page.waitForURL(({ href }) => href !== here)
    }
    t.same(
      seen.map(Number).sort((a, b) => a - b),
      walnuts.features.map(({ id }) => id).sort((a, b) => a - b),
      'the pages show each tree once',
    )
    t.same(faults, [])
    await page.context().close()
  })

  t.test('a row is shown on the map, a place on the map in the table', async t => {
    const { page, faults } = await watchedPage(browser, [server.address], { locale: 'en' })
    await page.goto(`${home}?essence=Noyer&sortby=-hauteur`)
    await page.waitForSelector(ready)
    if (process.env.ARPENT_BLESS) await page.screenshot({ path: 'docs/pictures/items-page.jpg', type: 'jpeg', quality: 70 })
    const rows = page.locator('tbody tr')
    await rows.nth(2).locator('button').focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('tr[data-row="2"][aria-selected="true"]')
    await rows.nth(4).locator('td').first().click()
    await page.waitForSelector('tr[data-row="4"][aria-selected="true"]')
    t.equal(await page.locator('tr[aria-selected]').count(), 1, 'one at a time')
    const map = (await page.locator('#map').boundingBox())!
    /** The map moves to its tree for a while, which then is in the middle. */
    const clickUntil = (x: number, y: number, selector: string, count: number) =>
      until(async () => {
        await page.mouse.click(map.x + x, map.y + y)
        await page.waitForTimeout(1000)
        return (await page.locator(selector).count()) === count
      })
    t.ok(await clickUntil(12, map.height - 60, 'tr[aria-selected]', 0), 'nothing is there')
    t.ok(await clickUntil(map.width / 2, map.height / 2, 'tr[data-row="4"][aria-selected="true"]', 1), 'the tree is there')

    await page.locator('#here').click()
    await page.waitForURL(/bbox=/)
    await page.waitForSelector(ready)
    const ids = await page.locator('tbody th a').allTextContents()
    t.ok(ids.length >= 1 && ids.length < 25, `${ids.length} are near`)
    t.same(faults, [])
    await page.context().close()
  })

  t.test('is whole without a script, on a telephone, and tells what is wrong', async t => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, locale: 'fr' })
    context.setDefaultTimeout(patience)
    const page = await context.newPage()
    await page.goto(home)
    t.equal(await page.locator('tbody tr').count(), 25)
    await page.locator('textarea[name="filter"]').fill("hauteur > 10 AND essence = 'Noyer'")
    await page.locator('.filter button[type="submit"]').click()
    await page.waitForURL(/filter=/)
    const heights = await page.locator('tbody td:nth-child(6)').allTextContents()
    t.ok(heights.length > 0 && heights.every(height => Number(height) > 10), heights.join())
    await page.locator('textarea[name="filter"]').fill('hauteurs > 10')
    await page.locator('.filter button[type="submit"]').click()
    t.match(await page.locator('[role="alert"]').textContent(), /hauteur/)
    await context.close()

    const small = await watchedPage(browser, [server.address], { width: 390, height: 844 })
    for (const path of [
      '/collections/arbres/items',
      '/collections/arbres/items/1',
      '/collections/arbres',
      '/api',
      '/conformance',
      '/functions',
      '/collections/arbres/schema',
      '/collections/arbres/aggregate?group-by=essence',
    ]) {
      await small.page.goto(server.address + path)
      t.ok(await small.page.evaluate('document.documentElement.scrollWidth <= 390'), `${path}: nothing sticks out`)
    }
    t.same(small.faults, [])
    await small.page.context().close()
  })

  t.test('every field and button has a name', async t => {
    const { page } = await watchedPage(browser, [server.address], { locale: 'en' })
    await page.goto(home)
    await page.waitForSelector(ready)
    const nameless = await page.evaluate(`[...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a')]
      .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || (one.labels && one.labels.length)))
      .map(one => one.outerHTML)`)
    t.same(nameless, [])
    await page.context().close()
  })
})
