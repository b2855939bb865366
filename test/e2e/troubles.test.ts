import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import type { ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { enrolGroup, upload } from './enrolled-people.ts'
import { type Gate, openGate } from './gate.ts'
import { startSite } from './site.ts'

const EXPECTED = /ERR_|status of (404|502|503)/
const REFUSAL = { success: false, error: 'Máy chủ đang quá tải; hãy thử lại sau.', code: 'overloaded', request_id: 'x' }

let server: ServerUnderTest
let gate: Gate
let browser: Browser

beforeAll(async () => {
  server = await startSite()
  await enrolGroup(server)
  gate = await openGate(server.url)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await gate?.close()
  await server?.close()
})

test('a server that stops is noticed, and when it is back the photo is recognised', async () => {
  const { page, context } = await openPage(browser, gate.url, { expected: EXPECTED })
  await page.clock.install()
  await page.goto('/')
  await page.getByText('Kéo ảnh vào đây').waitFor()
  gate.shut()
  await page.locator('input[type=file]').setInputFiles(upload('nhóm.jpg', groupPhoto(1)))
  await page.getByText('Đang nhận diện').waitFor()
  // It tries a few times by itself, waiting longer each time.
  for (let attempt = 0; attempt < 4; attempt++) {
    await page.clock.runFor(10_000)
    await page.evaluate('new Promise((done) => setTimeout(done, 0))').catch(() => undefined)
  }
  await page.getByText('Không kết nối được với máy chủ').waitFor()
  gate.open()
  await page.getByRole('button', { name: 'Thử lại' }).first().click()
  await page.getByText('Nhận ra 3 trong 3 khuôn mặt').waitFor()
  await context.close()
})

test('monitoring says so when the server can’t be asked, and goes on when it can', async () => {
  const { page, context } = await openPage(browser, gate.url, { language: 'en', expected: EXPECTED })
  await page.goto('/#/monitor')
  await page.getByText('Healthy', { exact: true }).waitFor()
  gate.shut()
  await page.getByText('The server can’t be reached.').waitFor()
  gate.open()
  await page.getByText('The server can’t be reached.').waitFor({ state: 'detached' })
  await context.close()
})

test('an overloaded server is asked again after the time it names', async () => {
  const { page, context } = await openPage(browser, server.url, { expected: EXPECTED })
  let asked = 0
  await page.route('**/query', async (route) => {
    asked++
    if (asked > 1) return await route.continue()
    await route.fulfill({ status: 503, json: { ...REFUSAL, details: { retry_after_seconds: 1 } } })
  })
  await page.goto('/')
  await page.locator('input[type=file]').setInputFiles(upload('nhóm.jpg', groupPhoto(1)))
  await page.getByText('Nhận ra 3 trong 3 khuôn mặt').waitFor()
  expect(asked).toBe(2)
  await context.close()
})

test('over a slow network the page shows that it works, and shows the answer once', async () => {
  const { page, context, complaints } = await openPage(browser, server.url)
  const network = await context.newCDPSession(page)
  await page.goto('/')
  await page.getByText('Kéo ảnh vào đây').waitFor()
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 300,
    downloadThroughput: 60_000,
    uploadThroughput: 40_000,
  })
  await page.locator('input[type=file]').setInputFiles(upload('nhóm.jpg', groupPhoto(1)))
  await page.getByRole('status').getByText('Đang nhận diện').waitFor()
  await page.getByText('Nhận ra 3 trong 3 khuôn mặt').waitFor()
  expect(await page.getByRole('status').getByText('Đang nhận diện').count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})

test('a chunk that is no longer served is explained', async () => {
  const { page, context } = await openPage(browser, server.url, { expected: /.*/ })
  await page.route('**/assets/page-*.js', async (route) => await route.fulfill({ status: 404, body: '' }))
  await page.goto('/#/help')
  await page.getByText('Trang này không hiển thị được').waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Tải lại' }).click()
  await page.getByRole('heading', { level: 1, name: 'Trợ giúp' }).waitFor()
  await context.close()
})
