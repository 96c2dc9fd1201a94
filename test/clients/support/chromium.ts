import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { unlessAll } from '../../support/programs.js'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))

/** For the `skip` option of tests that need a browser. */
export const withoutChromium: string | false = unlessAll(program ? false : 'Chromium is not installed')

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Milliseconds that anything in a browser may take; only what fails takes them. */
export const patience = 180_000

/** A headless browser; with `webgl`, one that draws by software. */
export const startChromium = ({ webgl = false } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: program,
    timeout: patience,
    args: [...flags, ...(webgl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu'])],
  })

export interface WatchedPage {
  readonly page: Page
  /** What went wrong: words in the console, answers of 400 and more, requests to anywhere but `homes`. */
  readonly faults: string[]
  /** Addresses asked for, but data and blobs. */
  readonly asked: string[]
}

/** A page whose console and requests are watched: both have to stay clean, and at home. */
export async function watchedPage(
  browser: Browser,
  homes: readonly string[],
  { locale = 'en', width = 1400, height = 900 }: { locale?: string; width?: number; height?: number } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale, viewport: { width, height }, permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const faults: string[] = []
  const asked: string[] = []
  page.on('console', message => ['error', 'warning'].includes(message.type()) && faults.push(message.text()))
  page.on('pageerror', error => faults.push(String(error)))
  page.on('request', request => {
    if (/^(data|blob):/.test(request.url())) return
    asked.push(request.url())
    if (!homes.some(home => request.url().startsWith(`${home}/`))) faults.push(`asked ${request.url()}`)
  })
  page.on('response', response => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`))
  return { page, faults, asked }
}
