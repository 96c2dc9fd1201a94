import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import t from 'tap'
import { runServer } from '../support/running-server.js'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page whose console and requests are watched: both must stay clean, and at home. */
async function open(browser: Browser, address: string, locale: string) {
  const context = await browser.newContext({
    locale,
    viewport: { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', message => ['error', 'warning'].includes(message.type()) && faults.push(message.text()))
  page.on('pageerror', error => faults.push(String(error)))
  page.on(
    'request',
    request => !/^(data|blob):/.test(request.url()) && !request.url().startsWith(address) && faults.push(`asked ${request.url()}`),
  )
  page.on('response', response => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`))
  await page.goto(`${address}/`)
  await page.waitForSelector('body[data-ready="true"]', { timeout: 60_000 })
  return { page, faults }
}

/** Share of the map's pixels that are neither white nor transparent. */
const drawnShare = (page: Page) =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('#map canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let drawn = 0
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] + data[i + 1] + data[i + 2] < 750) drawn++
    return drawn / (data.length / 4)
  })()`) as Promise<number>

t.test('the landing page of the demo in a browser', { skip: program ? false : 'Chromium is not installed', timeout: 180_000 }, async t => {
  const server = await runServer([])
  t.teardown(() => server.stop())
  const browser = await chromium.launch({ executablePath: program, args: flags })
  t.teardown(() => browser.close())

  t.test('shows a live map and a card for every collection', async t => {
    const { page, faults } = await open(browser, server.address, 'en')
    t.ok(((await drawnShare(page)) as number) > 0.2, 'the map is drawn')
    t.equal(await page.locator('article').count(), 10)
    t.match(await page.title(), /the commune that does not exist/)
    for (const image of await page.locator('article img').all()) {
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
    await page.waitForTimeout(2500)
    t.ok((await drawnShare(page)) > 0.05, `another layer is drawn (${before} before)`)
    await page.mouse.click(430, 520)
    await page.waitForSelector('.bubble', { state: 'visible', timeout: 10_000 })
    t.match(await page.locator('.bubble').textContent(), /Évrault/)
    await page.locator('header button[data-copy]').click()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), `${server.address}/wms`)
    t.same(faults, [])
  })

  t.test('a dataset has a page of its own, a telephone shows everything', async t => {
    const { page, faults } = await open(browser, server.address, 'fr')
    await page.setViewportSize({ width: 390, height: 844 })
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= 390'), 'nothing sticks out')
    await page.locator('article[data-layer="parcelles"] h2 a').click()
    await page.waitForSelector('body[data-ready="true"]')
    t.match(page.url(), /\/datasets\/parcelles\/$/)
    t.equal(await page.locator('article').count(), 1)
    t.match(await page.locator('table').textContent(), /contenance/)
    t.same(faults, [])
  })
})
