import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Where Debian, Ubuntu, Fedora and Arch put it; elsewhere CHROMIUM_PATH says. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** For one thing to appear on a machine that is busy with other work. */
const WAIT_MS = 30_000

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface BrowserWish {
  /** A .y4m or .mjpeg file that the camera shows; without one there is no camera. */
  readonly camera?: string
}

/** @throws where there is no Chromium: the pages can't be tested without a browser */
export async function openBrowser({ camera }: BrowserWish = {}): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH ?? '', ...PLACES].find((path) => path !== '' && existsSync(path))
  if (executablePath === undefined)
    throw new Error(
      'The pages are tested in Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
    )
  const cameraArgs =
    camera === undefined
      ? []
      : [
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          `--use-file-for-fake-video-capture=${camera}`,
        ]
  return await chromium.launch({ executablePath, headless: true, args: [...QUIET, ...cameraArgs] })
}

export const DESKTOP = { width: 1360, height: 860 }
export const PHONE = { width: 390, height: 844 }
export const TABLET = { width: 820, height: 1180 }

export interface PageWish {
  readonly language?: 'vi' | 'en'
  readonly colours?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Complaints of the page that the test provokes itself. */
  readonly expected?: RegExp
}

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page complained of: faults, broken policies, files not found. A test should find none. */
  readonly complaints: readonly string[]
}

/** A page of a browser that has never been here, in one language and one set of colours. */
export async function openPage(browser: Browser, url: string, wish: PageWish = {}): Promise<OpenPage> {
  const { language = 'vi', colours = 'light', viewport = DESKTOP, expected } = wish
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'vi' ? 'vi-VN' : 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: colours,
    viewport,
    reducedMotion: 'reduce',
    permissions: ['camera', 'clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const complaints: string[] = []
  const complain = (text: string) => {
    if (expected?.test(text) !== true) complaints.push(text)
  }
  page.on('pageerror', (error) => complain(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complain(`${message.text()} ${message.location().url}`)
  })
  return { page, context, complaints }
}
