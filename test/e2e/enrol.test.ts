import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import { CONSOLE, type ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { type EnrolledPerson, enrolGroup, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

let server: ServerUnderTest
let browser: Browser
let people: readonly EnrolledPerson[]
let folder: string

beforeAll(async () => {
  server = await startSite()
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'nhandien-import-'))
})
beforeEach(async () => {
  await server.nhandien.operations.remove.everything({ people: true, confirmed: true }, CONSOLE)
  people = await enrolGroup(server)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

async function openEnrol(place: string, expected = /status of (409|415|422)/) {
  const opened = await openPage(browser, server.url, { expected })
  await signIn(opened.page, server, 'editor')
  await opened.page.goto(place)
  await opened.page.locator('input[type=file]').waitFor({ state: 'attached' })
  return opened
}

const named = async (name: string) =>
  (await server.nhandien.operations.browse.listPeople(name, { page: 1, pageSize: 10 })).rows

/** The first person's face in another file. */
async function retaken(): Promise<Buffer> {
  return await sharp(people[0]?.photo).jpeg({ quality: 70 }).toBuffer()
}

describe('enrolling one person', () => {
  test('advises on every photo before anything is stored, and stores those that are fit', async () => {
    const { page, context, complaints } = await openEnrol('/#/enrol')
    const dark = await sharp(groupPhoto(6)).linear(0.05).jpeg().toBuffer()
    const files = [
      upload('nhom.jpg', groupPhoto(4)),
      upload('toi.jpg', dark),
      upload('hong.jpg', Buffer.from('no photo')),
    ]
    await page.locator('input[type=file]').setInputFiles(files)
    const cards = page.locator('form li[aria-label]')
    await cards.nth(0).getByText('Tốt').waitFor()
    await cards.nth(0).getByText('bấm vào người cần thêm').waitFor()
    await cards.nth(1).locator('[data-tone=bad]').first().waitFor()
    await cards.nth(2).getByText('Định dạng ảnh không được hỗ trợ').waitFor()
    expect(await named('Người Mới')).toEqual([])
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).click()
    await page.getByText('Hãy nhập tên.').waitFor()
    // Not the one that the server would take: the face that is pressed is the one that is enrolled.
    const faces = cards.nth(0).getByRole('button', { name: /^Khuôn mặt/ })
    const other = faces.and(page.locator('[aria-pressed=false]')).first()
    const number = Number(((await other.getAttribute('aria-label')) ?? '').replace(/\D/g, ''))
    await other.click()
    await page.getByRole('textbox', { name: 'Tên' }).fill('Người Mới')
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).click()
    await page.getByRole('heading', { name: 'Đã thêm Người Mới' }).waitFor()
    const [added] = await named('Người Mới')
    const { faces: found } = await server.nhandien.operations.identify(Buffer.from(groupPhoto(4)), {})
    expect(found[number - 1]?.match?.person.classId).toBe(added?.classId)
    await page.keyboard.press('Enter')
    expect(await page.getByRole('textbox', { name: 'Tên' }).inputValue()).toBe('')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows who a face belongs to already, and leaves the choice', async () => {
    const { page, context } = await openEnrol('/#/enrol')
    await page.locator('input[type=file]').setInputFiles(upload('lai.jpg', await retaken()))
    await page.getByRole('textbox', { name: 'Tên' }).fill('Ai Đó')
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).click()
    const choice = page.getByRole('alert').filter({ hasText: people[0]?.name ?? '' })
    await choice.getByRole('img', { name: people[0]?.name ?? '' }).waitFor()
    expect(await named('Ai Đó')).toEqual([])
    await choice.getByRole('button', { name: /^Cùng người/ }).click()
    await page.getByRole('heading', { name: `Đã thêm ${people[0]?.name}` }).waitFor()
    expect(await named(people[0]?.name ?? '')).toMatchObject([{ imageCount: 2 }])
    await context.close()
  })

  test('what was entered survives a session that ends', async () => {
    const { page, context } = await openEnrol('/#/enrol', /status of 401/)
    await page.getByRole('textbox', { name: 'Tên' }).fill('Còn Nguyên')
    await page.locator('input[type=file]').setInputFiles(upload('moi.jpg', groupPhoto(6)))
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).waitFor()
    await page.evaluate("sessionStorage.setItem('authToken', 'gone')")
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).click()
    await page.waitForURL(/auth\.html/)
    const token = await server.tokenOf('editor')
    await page.evaluate(
      `sessionStorage.setItem('authToken', '${token}'); sessionStorage.setItem('username', 'the-editor')`,
    )
    await page.goto('/#/enrol')
    await expect.poll(async () => await page.getByRole('textbox', { name: 'Tên' }).inputValue()).toBe('Còn Nguyên')
    await page.getByRole('button', { name: 'Thêm với 1 ảnh' }).waitFor()
    await context.close()
  })
})

describe('importing a folder', () => {
  test('enrols everybody, can be paused and resumed, and says what one has to look at', async () => {
    const photos: Record<string, Buffer> = {
      'Bùi Sáu/1.jpg': groupPhoto(6),
      'Bùi Sáu/hong.jpg': Buffer.from('no photo'),
      'Đã Có/1.jpg': await retaken(),
      'Cao_Tư_1.jpg': groupPhoto(4),
      'Vũ Năm.jpg': groupPhoto(5),
      'ghi chú.txt': Buffer.from('no photo'),
    }
    for (const [path, bytes] of Object.entries(photos)) {
      await mkdir(join(folder, path, '..'), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
    const { page, context } = await openEnrol('/#/enrol/folder')
    await page.locator('input[type=file]').setInputFiles(folder)
    await page.getByText('4 người, 5 ảnh').waitFor()
    await page.getByRole('button', { name: 'Bắt đầu' }).click()
    await page.getByRole('button', { name: 'Tạm dừng' }).click()
    await page.getByRole('button', { name: 'Tiếp tục' }).click()
    await page.getByText('Đã xong cả 5 ảnh').waitFor()
    const row = (name: string) => page.locator('tbody tr').filter({ hasText: name })
    await row('Cao Tư').getByText('Xong').waitFor()
    await row('Bùi Sáu').getByText('Thiếu ảnh').waitFor()
    await row('Bùi Sáu').getByText('hong.jpg: Định dạng ảnh không được hỗ trợ').waitFor()
    await row('Đã Có')
      .getByRole('button', { name: `Thêm vào ${people[0]?.name}` })
      .click()
    await row('Đã Có').getByText('Xong').waitFor()
    expect(await named('Đã Có')).toEqual([])
    expect(await named(people[0]?.name ?? '')).toMatchObject([{ imageCount: 2 }])
    for (const name of ['Bùi Sáu', 'Cao Tư', 'Vũ Năm']) expect(await named(name)).toMatchObject([{ imageCount: 1 }])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Xuất kết quả CSV' }).click()
    expect((await download).suggestedFilename()).toBe('ket-qua-them-nguoi.csv')
    await context.close()
  })
})
