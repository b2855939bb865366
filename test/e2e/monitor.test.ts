import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import type { ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { enrolGroup } from './enrolled-people.ts'
import { startSite } from './site.ts'

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

async function query(): Promise<void> {
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(groupPhoto(1))]), 'a.jpg')
  const answer = await fetch(`${server.url}/query`, { method: 'POST', body: form })
  expect(answer.status).toBe(200)
}

test('figures change without a reload', async () => {
  const { page, context, complaints } = await openPage(browser, server.url)
  await page.goto('/#/monitor')
  await page.getByText('Hoạt động tốt').waitFor()
  await page.getByText('Khớp với dữ liệu', { exact: true }).waitFor()
  const row = page.getByRole('row').filter({ hasText: 'identify' })
  expect(await row.count()).toBe(0)
  await query()
  await query()
  await row.getByRole('cell', { name: '2', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Tạm dừng' }).click()
  expect(complaints).toEqual([])
  await context.close()
})

test('what fails is named, in words and in colour', async () => {
  const { page, context } = await openPage(browser, server.url, { language: 'en' })
  let failing: readonly string[] = []
  let strained: readonly string[] = ['workers']
  let status = 'degraded'
  await page.route('**/health/detailed', async (route) => {
    const real: Record<string, unknown> = await (await route.fetch()).json()
    await route.fulfill({ json: { ...real, status, failing, strained } })
  })
  await page.goto('/#/monitor')
  await page.getByText('Degraded', { exact: true }).waitFor()
  await page.getByText('To be looked at: photo workers.').waitFor()
  expect(await page.locator('[data-status=degraded]').count()).toBe(1)
  status = 'unhealthy'
  failing = ['database', 'models']
  strained = []
  await page.getByText('To be looked at: database and models.').waitFor()
  expect(await page.locator('[data-status=unhealthy]').count()).toBe(1)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
})
