import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONSOLE, PASSWORD, type ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { enrolGroup } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

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

async function openAdmin(section: string, wish: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(browser, server.url, wish)
  await signIn(opened.page, server, 'admin')
  await opened.page.goto(`/#/admin/${section}`)
  return opened
}

describe('accounts', () => {
  test('are made, promoted, locked, given a password and removed', async () => {
    const { page, context, complaints } = await openAdmin('accounts', { expected: /status of 409/ })
    await page.getByRole('button', { name: 'Thêm tài khoản' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Tên đăng nhập' }).fill('quay-1')
    await dialog.getByLabel('Mật khẩu').first().fill(PASSWORD)
    await dialog.getByRole('radio').nth(1).check()
    await dialog.getByRole('button', { name: 'Thêm tài khoản' }).click()
    await page.getByText('Đã tạo tài khoản quay-1.').waitFor()
    const { accounts, door } = server.nhandien.operations
    const account = async () => (await accounts.list()).find(({ username }) => username === 'quay-1')
    expect(await account()).toMatchObject({ role: 'editor', disabled: false })

    await page.getByLabel('Quyền của quay-1').selectOption('viewer')
    await expect.poll(async () => (await account())?.role).toBe('viewer')
    const act = async (name: string) => {
      await page.getByRole('button', { name: 'Thao tác với quay-1' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await act('Khóa')
    await page.getByText('Đã khóa').waitFor()
    await act('Mở khóa')
    await expect.poll(async () => (await account())?.disabled).toBe(false)
    await act('Đặt mật khẩu')
    await dialog.getByLabel('Mật khẩu mới cho quay-1').fill(`${PASSWORD}-2`)
    await dialog.getByRole('button', { name: 'Đặt mật khẩu' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect((await door.signIn('quay-1', `${PASSWORD}-2`, CONSOLE)).token).toBeTruthy()
    await act('Xóa tài khoản')
    await dialog.getByRole('textbox').fill('quay-1')
    await dialog.getByRole('button', { name: 'Xóa tài khoản' }).click()
    await page.getByText('Đã xóa tài khoản quay-1.').waitFor()
    expect(await account()).toBeUndefined()

    // Nobody can lock all administrators out.
    await server.nhandien.operations.accounts.change('admin', { role: 'viewer' }, CONSOLE)
    await page.getByLabel('Quyền của the-admin').selectOption('viewer')
    await page.getByText('quản trị viên cuối cùng').waitFor()
    await server.nhandien.operations.accounts.change('admin', { role: 'admin' }, CONSOLE)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the audit log', () => {
  test('is filtered, keeps its filters in the address, and is taken away as a file', async () => {
    const { page, context, complaints } = await openAdmin('audit', { language: 'en' })
    await page.getByLabel('Action').selectOption('add_embedding')
    await page.getByText('3 rows').waitFor()
    await page.reload()
    await page.getByText('3 rows').waitFor()
    expect(await page.locator('tbody tr').count()).toBe(3)
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export CSV' }).click()
    const text = await readFile(await (await downloading).path(), 'utf8')
    expect(text.split('\r\n').filter((line) => line.includes('add_embedding'))).toHaveLength(3)
    await page.getByRole('textbox', { name: 'Who' }).fill('nobody-of-that-name')
    await page.getByText('No row matches the filters').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('models and gallery', () => {
  test('tell the pack in use with its licence, and look after the gallery', async () => {
    const { page, context, complaints } = await openAdmin('models')
    const { pack } = server.nhandien.operations.report
    const active = page.getByRole('region', { name: pack.name })
    await active.getByText('Đang dùng').waitFor()
    await active.getByText(pack.licence, { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Chỉ mục khuôn mặt' }).click()
    await page.getByText('Khớp với cơ sở dữ liệu').waitFor()
    await page.getByRole('button', { name: 'Kiểm tra' }).click()
    await page.getByText('Đã so 3 đặc trưng: tất cả đều khớp.').waitFor()
    await page.getByRole('button', { name: 'Dựng lại' }).click()
    await page.getByText('Đã dựng lại; sửa 0 đặc trưng.').waitFor()
    await page.getByRole('button', { name: 'Lưu xuống đĩa' }).click()
    await page.getByText(/^Đã lưu /).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('reset', () => {
  test('asks for the words, and names a backup that is there', async () => {
    const { page, context, complaints } = await openAdmin('reset')
    await page.getByText('Hiện có 3 người và 3 ảnh.').waitFor()
    await page.getByRole('radio').nth(1).check()
    await page.getByRole('button', { name: 'Xóa dữ liệu' }).click()
    const dialog = page.getByRole('dialog')
    const go = dialog.getByRole('button', { name: 'Xóa dữ liệu' })
    expect(await go.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('Xóa dữ liệu')
    await go.click()
    await page.getByText('Đã xóa 3 ảnh và 3 người.').waitFor()
    const backup = await page.getByText(/\.jsonl/).textContent()
    expect(await readdir(join(server.dataDir, 'backups'))).toContain(backup)
    expect(complaints).toEqual([])
    await context.close()
  })
})
