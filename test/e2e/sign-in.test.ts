import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import { CONSOLE, PASSWORD, type ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage, type PageWish } from './browser.ts'
import { enrolGroup, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

const REFUSED = /status of (401|409|423)/
let server: ServerUnderTest
let browser: Browser

beforeAll(async () => {
  server = await startSite()
  await server.tokenOf('editor')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function open(wish: PageWish = {}) {
  return await openPage(browser, server.url, { expected: REFUSED, ...wish })
}

describe('signing in', () => {
  test('leads back to where one was, and keeps what the contract says', async () => {
    const { page, context, complaints } = await open()
    await page.goto('/#/help')
    await page.getByRole('link', { name: 'Đăng nhập' }).click()
    await page.waitForURL('**/auth.html#/help')
    await page.getByLabel('Tên đăng nhập').fill('the-editor')
    await page.getByLabel('Mật khẩu', { exact: true }).fill('sai-mật-khẩu')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor()
    await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Đăng nhập' }).click()
    await page.getByRole('heading', { level: 1, name: 'Trợ giúp' }).waitFor()
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/#/help')
    const stored = await page.evaluate(
      "['authToken', 'username', 'isLoggedIn'].map((key) => sessionStorage.getItem(key))",
    )
    expect(stored).toEqual([expect.stringMatching(/^[\w-]{40,}$/), 'the-editor', 'true'])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('no other place can be named to lead to', async () => {
    const { page, context } = await open()
    await page.goto('/auth.html?back=https://example.org#//example.org/')
    await page.getByLabel('Tên đăng nhập').fill('the-editor')
    await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Không có trang này').waitFor()
    expect(new URL(page.url()).origin).toBe(server.url)
    await context.close()
  })

  test('a locked account is told how long, and may go on when that is over', async () => {
    const { page, context } = await open({ language: 'en' })
    await page.clock.install()
    await page.goto('/auth.html')
    await page.getByLabel('Username').fill('nobody-here')
    const button = page.getByRole('button', { name: 'Sign in' })
    for (let attempt = 1; attempt <= 6; attempt++) {
      await page.getByLabel('Password', { exact: true }).fill(`wrong ${attempt}`)
      const answered = page.waitForResponse('**/auth/login')
      await button.click()
      if ((await answered).status() === 423) break
    }
    await page.getByText(/locked for a while .* Try again in \d+ sec/).waitFor()
    expect(await button.isDisabled()).toBe(true)
    await page.clock.fastForward('20:00')
    await page.getByText('You can try to sign in again.').waitFor()
    expect(await button.isDisabled()).toBe(false)
    await context.close()
  })

  test('signing out ends the session on the server too', async () => {
    const { page, context } = await open()
    const token = await signIn(page, server, 'editor')
    await page.goto('/')
    await page.getByRole('button', { name: 'the-editor' }).click()
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click()
    await page.getByText('Bạn đã đăng xuất.').waitFor()
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
    const { status } = await fetch(`${server.url}/auth/status`, { headers: { authorization: `Bearer ${token}` } })
    expect(status).toBe(401)
    await context.close()
  })

  test('the password can be changed, with the old one', async () => {
    const changed = 'ba-cái-thuyền-giấy-22'
    await server.nhandien.operations.accounts.create({ username: 'lan', password: PASSWORD, role: 'viewer' }, CONSOLE)
    const { page, context } = await open()
    await page.goto('/auth.html')
    await page.getByLabel('Tên đăng nhập').fill('lan')
    await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'lan' }).click()
    await page.getByRole('menuitem', { name: 'Đổi mật khẩu' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Mật khẩu hiện tại').fill('không-phải-nó')
    await dialog.getByLabel(/^Mật khẩu mới/).fill(changed)
    await dialog.getByLabel('Nhập lại mật khẩu mới').fill('khác')
    await dialog.getByText('Hai lần nhập chưa giống nhau').waitFor()
    await dialog.getByLabel('Nhập lại mật khẩu mới').fill(changed)
    await dialog.getByRole('button', { name: 'Đổi mật khẩu' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Mật khẩu hiện tại').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Đổi mật khẩu' }).click()
    await page.getByText('Đã đổi mật khẩu.').waitFor()
    await expect(server.nhandien.operations.door.signIn('lan', changed, CONSOLE)).resolves.toMatchObject({
      username: 'lan',
    })
    await context.close()
  })
})

describe('a session that ends', () => {
  test('in mid-work leads to the page for signing in and back to the same work', async () => {
    await enrolGroup(server)
    const { page, context } = await open()
    const token = await signIn(page, server, 'editor')
    await page.goto('/#/recognise')
    await page.locator('input[type=file]').setInputFiles(upload('nhóm.jpg', groupPhoto(2)))
    await page.getByRole('button', { name: 'Thêm người này' }).click()
    await page.getByLabel('Tên', { exact: false }).first().fill('Lê Thị Mới')
    await page.getByLabel('Nơi ở').fill('Hội An')
    await server.nhandien.operations.door.signOut(token, CONSOLE)
    await page.getByRole('button', { name: 'Lưu' }).click()
    await page.waitForURL('**/auth.html?reason=expired#/recognise')
    await page.getByText('những gì bạn đang nhập dở vẫn được giữ').waitFor()
    await page.getByLabel('Tên đăng nhập').fill('the-editor')
    await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await dialog.getByLabel('Nơi ở').inputValue()).toBe('Hội An')
    await dialog.getByRole('button', { name: 'Lưu' }).click()
    await page.getByText('Đã thêm Lê Thị Mới.').waitFor()
    // What was kept is gone once it was taken.
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await context.close()
  })

  test('pages that need a role say so', async () => {
    const { page, context } = await open({ language: 'en' })
    await page.goto('/#/enrol')
    await page.getByText('Sign in first').waitFor()
    await signIn(page, server, 'viewer')
    await page.goto('/#/enrol')
    await page.getByText('Your role is “viewer”; this page needs “editor”.').waitFor()
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
    await context.close()
  })
})

test('where everything needs an account, the pages lead to the one for signing in', async () => {
  const closed = await startSite({ options: { publicAccess: false } })
  const { page, context } = await openPage(browser, closed.url)
  try {
    await page.goto('/#/monitor')
    await page.waitForURL('**/auth.html?reason=required#/monitor')
    await page.getByText('Cần đăng nhập để xem trang này.').waitFor()
  } finally {
    await context.close()
    await closed.close()
  }
})
