import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import type { ServerUnderTest } from '../http/server-under-test.ts'
import { DESKTOP, openBrowser, openPage, PHONE, TABLET } from './browser.ts'
import { enrolGroup, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Every page, with what must be there before it counts as shown. */
const PLACES = [
  ['/auth.html', 'button[type=submit]'],
  ['/#/recognise', 'main h1'],
  ['/#/recognise/camera', 'main h1'],
  ['/#/recognise/compare', 'main h1'],
  ['/#/enrol', 'main h1'],
  ['/#/enrol/folder', 'main h2'],
  ['/#/people', 'tbody tr'],
  ['/#/people/1', 'main dl'],
  ['/#/monitor', 'main dl'],
  ['/#/admin', 'tbody tr'],
  ['/#/admin/audit', 'tbody tr'],
  ['/#/admin/models', 'main dl'],
  ['/#/admin/gallery', 'main dl'],
  ['/#/admin/reset', 'main h2'],
  ['/#/help', 'main h1'],
] as const

let server: ServerUnderTest
let browser: Browser

beforeAll(async () => {
  server = await startSite()
  await enrolGroup(server)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** What axe complains of, with where. */
async function complaintsOf(page: Page): Promise<readonly string[]> {
  // The policy of the pages lets no script in; the protocol of the browser is not bound by it.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE)
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
        id + ': ' + help + ' at ' + target.join(' ') + ' (' + failureSummary.replaceAll('\\n', ' ') + ')')))`,
  )
  return Array.isArray(found) ? found.map(String) : ['axe answered nothing']
}

const sidewaysScroll = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

describe.each([
  { language: 'vi', colours: 'light', viewport: DESKTOP },
  { language: 'en', colours: 'dark', viewport: PHONE },
  { language: 'vi', colours: 'dark', viewport: TABLET },
] as const)('in $language, $colours, $viewport.width pixels wide', (wish) => {
  test('nothing stands in anybody’s way on any page', async () => {
    const { page, context, complaints } = await openPage(browser, server.url, {
      ...wish,
      expected: /status of (404|401)/,
    })
    await signIn(page, server, 'admin')
    const problems: string[] = []
    for (const [place, ready] of PLACES) {
      await page.goto(place)
      await page.locator(ready).first().waitFor()
      problems.push(...(await complaintsOf(page)).map((problem) => `${place} ${problem}`))
      const sideways = await page.evaluate(sidewaysScroll)
      if (sideways !== 0) problems.push(`${place} scrolls sideways by ${String(sideways)} pixels`)
    }
    expect(problems).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('nor on a photo with its faces, nor in the dialog that enrols one', async () => {
    const { page, context } = await openPage(browser, server.url, wish)
    await signIn(page, server, 'editor')
    await page.goto('/')
    await page.locator('input[type=file]').setInputFiles(upload('a.jpg', groupPhoto(6)))
    await page.getByRole('listitem').first().locator('img').waitFor()
    expect(await complaintsOf(page)).toEqual([])
    await page.getByRole('button', { name: /Thêm người này|Enrol this person/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await complaintsOf(page)).toEqual([])
    await context.close()
  })
})

test('everything can be reached and used with the keyboard alone', async () => {
  const { page, context } = await openPage(browser, server.url)
  await page.goto('/')
  await page.getByText('Kéo ảnh vào đây').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').textContent()).toBe('Tới nội dung chính')
  await page.keyboard.press('Enter')
  expect(await page.locator(':focus').getAttribute('id')).toBe('main')
  await page.locator('input[type=file]').setInputFiles(upload('a.jpg', groupPhoto(1)))
  const face = page.getByRole('button', { name: /^Khuôn mặt 2/ })
  await face.waitFor()
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').getAttribute('aria-label'))?.startsWith('Khuôn mặt 2') === true) break
  }
  const outline = await face.evaluate('(element) => getComputedStyle(element).outlineStyle')
  expect(outline).not.toBe('none')
  await page.keyboard.press('Space')
  await expect.poll(async () => await face.getAttribute('aria-pressed')).toBe('true')
  await context.close()
})

test('language and colours are changed at a click and remembered', async () => {
  const { page, context } = await openPage(browser, server.url, { language: 'vi', colours: 'light' })
  await page.goto('/#/help')
  await page.getByRole('button', { name: 'VI: English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Help' }).waitFor()
  await page.getByRole('button', { name: 'Dark colours' }).click()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Help' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  expect(await page.title()).toBe('Help · nhandien')
  await context.close()
})
