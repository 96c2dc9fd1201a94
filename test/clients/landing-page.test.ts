import type { Browser, Page } from 'playwright-core'
import t from 'tap'
import { runServer } from '../support/running-server.js'
import { until } from '../support/until.js'
import { startChromium, watchedPage, withoutChromium } from './support/chromium.js'

async function open(browser: Browser, address: string, locale: string) {
  const watched = await watchedPage(browser, [address], { locale })
  await watched.page.goto(`${address}/`)
  await watched.page.waitForSelector('body[data-ready="true"]')
  return watched
}

/** Share of the map's pixels that are neither white nor transparent. */
const drawnShare = (page: Page) =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('#map canvas')
    if (!canvas) return 0
    // a copy to read from: a browser complains of a canvas that is read again and again
    const copy = document.createElement('canvas')
    copy.width = canvas.width
    copy.height = canvas.height
    const context = copy.getContext('2d', { willReadFrequently: true })
    context.drawImage(canvas, 0, 0)
    const { data } = context.getImageData(0, 0, copy.width, copy.height)
    let drawn = 0
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] + data[i + 1] + data[i + 2] < 750) drawn++
    return drawn / (data.length / 4)
  })()`) as Promise<number>

t.test('the landing page of the demo in a browser', { skip: withoutChromium }, async t => {
  const server = await runServer([])
  t.teardown(() => server.stop())
  const browser = await startChromium()
  t.teardown(() => browser.close())

  t.test('shows a live map and a card for every collection', async t => {
    const { page, faults } = await open(browser, server.address, 'en')
    t.ok(((await drawnShare(page)) as number) > 0.2, 'the map is drawn')
    const legends = await page.locator('article:has(.legend)').evaluateAll(cards =>
      cards.map(card => {
        const { legend, toggle } = { legend: card.querySelector('.legend'), toggle: card.querySelector('.toggle input') }
        return [(legend as unknown as { open: boolean }).open, (toggle as unknown as { checked: boolean }).checked]
      }),
    )
    t.ok(legends.length > 0 && legends.every(([isOpen, isShown]) => isOpen === isShown), 'legends of what is shown are open')
    t.equal(await page.locator('article').count(), 10)
    t.match(await page.title(), /the commune that does not exist/)
    for (const image of await page.locator('article > img').all()) {
      await image.scrollIntoViewIfNeeded()
      t.ok(
        await image.evaluate(async element => {
          const picture = element as unknown as { decode(): Promise<void>; naturalWidth: number }
          await picture.decode()
          return picture.naturalWidth === 320
        }),
        'a thumbnail',
      )
    }
    if (process.env.ARPENT_BLESS) {
      for (const id of ['batiments', 'routes']) await page.locator(`article[data-layer="${id}"] input`).check()
      await page.locator('article[data-layer="orthophoto"] input').uncheck()
      await page.locator('article[data-layer="orthophoto"] input').check()
      await page.evaluate('window.scrollTo(0, 0)')
      await page.waitForTimeout(3000)
      await page.screenshot({ path: 'docs/pictures/landing-page.jpg', type: 'jpeg', quality: 80 })
    }
    t.same(faults, [])
  })

  t.test('layers are switched on, places are asked about, addresses are copied', async t => {
    const { page, faults } = await open(browser, server.address, 'fr')
    t.match(await page.locator('header').textContent(), /la commune qui n’existe pas/)
    const before = await drawnShare(page)
    await page.locator('article[data-layer="orthophoto"] input').uncheck()
    await page.waitForFunction(`document.querySelector('body').dataset.ready === 'true'`)
    await page.locator('article[data-layer="limite_communale"] input').check()
    const now = () => drawnShare(page)
    t.ok(await until(async () => (await now()) > 0.05 && (await now()) !== before), `another layer is drawn (${before} before)`)
    await page.mouse.click(430, 520)
    await page.waitForSelector('.bubble')
    t.match(await page.locator('.bubble').textContent(), /Évrault/)
    await page.locator('header button[data-copy]').click()
    t.ok(await until(async () => (await page.evaluate('navigator.clipboard.readText()')) === `${server.address}/wms`))
    t.same(faults, [])
  })

  t.test('a dataset has a page of its own, a telephone shows everything', async t => {
    const { page, faults } = await open(browser, server.address, 'fr')
    await page.setViewportSize({ width: 390, height: 844 })
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= 390'), 'nothing sticks out')
    await page.locator('article[data-layer="parcelles"] h2 a').click()
    await page.waitForURL(/\/datasets\/parcelles\/$/)
    await page.waitForSelector('body[data-ready="true"]')
    t.equal(await page.locator('article').count(), 1)
    t.match(await page.locator('table').textContent(), /contenance/)
    t.same(faults, [])
  })
})
