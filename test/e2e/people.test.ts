import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import { CONSOLE, type ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { type EnrolledPerson, enrolGroup, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

let server: ServerUnderTest
let browser: Browser
let people: readonly EnrolledPerson[]

beforeAll(async () => {
  server = await startSite()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** A page at the list, with the group enrolled anew. */
async function openList(expected?: RegExp) {
  await server.nhandien.operations.remove.everything({ people: true, confirmed: true }, CONSOLE)
  people = await enrolGroup(server)
  const opened = await openPage(browser, server.url, expected === undefined ? {} : { expected })
  await signIn(opened.page, server, 'editor')
  await opened.page.goto('/#/people')
  await opened.page.locator('tbody tr').first().waitFor()
  return opened
}

const namesIn = async (page: Page) => await page.locator('tbody [data-row-link]').allTextContents()
const person = (index: number): EnrolledPerson => {
  const found = people[index]
  if (found === undefined) throw new Error(`nobody is enrolled at ${index}`)
  return found
}

describe('the list of people', () => {
  test('finds as one types, without accents, and keeps what it shows in the address', async () => {
    const { page, context, complaints } = await openList()
    await page.getByRole('searchbox').fill('dang van')
    await expect.poll(async () => await namesIn(page)).toEqual([person(1).name])
    expect(page.url()).toContain('q=dang+van')
    await page.reload()
    await expect.poll(async () => await namesIn(page)).toEqual([person(1).name])
    await page.getByRole('searchbox').fill('không có ai')
    await page.getByText('Không tìm thấy “không có ai”').waitFor()
    await page.getByRole('button', { name: 'Xem tất cả' }).click()
    await page.getByRole('button', { name: 'Tên', exact: true }).click()
    const sorted = [person(1).name, person(0).name, person(2).name]
    await expect.poll(async () => await namesIn(page)).toEqual(sorted)
    await page.goBack()
    await expect.poll(async () => await namesIn(page)).not.toEqual(sorted)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('is used without a mouse', async () => {
    const { page, context } = await openList()
    await page.keyboard.press('/')
    await page.keyboard.type('tran')
    await expect.poll(async () => await namesIn(page)).toEqual([person(2).name])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: person(2).name }).waitFor()
    await page.getByRole('link', { name: 'Danh sách người' }).last().click()
    await expect.poll(async () => await page.getByRole('searchbox').inputValue()).toBe('tran')
    await context.close()
  })
})

describe('the page of a person', () => {
  test('is edited in place, and shows the same after a reload', async () => {
    const { page, context, complaints } = await openList()
    await page.goto(`/#/people/${person(0).id}`)
    await page.getByRole('button', { name: 'Sửa Nơi ở' }).click()
    await page.getByRole('textbox', { name: 'Nơi ở' }).fill('Cần Thơ')
    await page.keyboard.press('Enter')
    await page.getByText('Cần Thơ').waitFor()
    await page.getByRole('button', { name: 'Sửa Tuổi' }).click()
    await page.getByRole('textbox', { name: 'Tuổi' }).fill('77')
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByText('Cần Thơ').waitFor()
    expect(await page.getByText('77').count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('takes photos, says what is wrong with others, moves one and splits one off', async () => {
    const { page, context } = await openList(/status of (409|415)/)
    await page.goto(`/#/people/${person(0).id}`)
    const files = [upload('nhom.jpg', groupPhoto(4)), upload('hong.jpg', Buffer.from('no photo'))]
    await page.locator('input[type=file]').setInputFiles(files)
    await page.getByText('Đã thêm 1 ảnh.').waitFor()
    await page.getByText('Định dạng ảnh không được hỗ trợ').waitFor()
    await page.locator('main input[type=checkbox]').nth(1).check()
    await page.getByRole('button', { name: 'Chuyển sang người khác' }).click()
    await page.getByRole('textbox', { name: 'Chuyển cho ai?' }).fill('dang')
    await page.getByRole('option', { name: person(1).name }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Chuyển sang người khác' }).click()
    await page.getByText(`Đã chuyển 1 ảnh cho ${person(1).name}.`).waitFor()
    await page.goto(`/#/people/${person(1).id}`)
    await page.getByText('2 ảnh', { exact: true }).waitFor()
    await page.locator('main input[type=checkbox]').nth(1).check()
    await page.getByRole('button', { name: 'Tách thành người mới' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Tách Riêng')
    await page.getByRole('dialog').getByRole('button', { name: 'Tách thành người mới' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tách Riêng' }).waitFor()
    await context.close()
  })

  test('is merged with another after both were shown, and set apart again', async () => {
    const { page, context, complaints } = await openList()
    await page.goto(`/#/people/${person(0).id}`)
    await page.getByRole('button', { name: 'Gộp với người khác' }).click()
    await page.getByRole('textbox', { name: 'Gộp với ai?' }).fill('dang')
    await page.getByRole('option', { name: person(1).name }).click()
    await page.getByRole('radio', { name: person(1).name }).check()
    await page.getByText(`${person(1).name} sẽ có 2 ảnh.`).waitFor()
    await page.getByRole('button', { name: 'Gộp', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: person(1).name }).waitFor()
    const { browse } = server.nhandien.operations
    expect((await browse.imagesOf(person(1).id)).imageIds).toHaveLength(2)
    await page.getByRole('button', { name: 'Hoàn tác' }).click()
    await page.getByText(`Đã tách lại ${person(0).name}.`).waitFor()
    expect((await browse.imagesOf(person(0).id)).person).toMatchObject({ name: person(0).name, age: 30 })
    expect(complaints).toEqual([])
    await context.close()
  })

  test('is removed only when the name was typed, and then is no more', async () => {
    const { page, context } = await openList(/status of 404/)
    await page.goto(`/#/people/${person(2).id}`)
    await page.getByRole('button', { name: 'Xóa người này' }).click()
    const dialog = page.getByRole('dialog')
    const remove = dialog.getByRole('button', { name: 'Xóa người này' })
    await dialog.getByRole('textbox').fill('Trần')
    expect(await remove.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill(person(2).name.toLowerCase())
    await remove.click()
    await expect.poll(async () => await namesIn(page)).toHaveLength(2)
    await page.goto(`/#/people/${person(2).id}`)
    await page.getByText('Không có người này').waitFor()
    await context.close()
  })

  test('shows nothing to change to those who may not', async () => {
    const { context } = await openList()
    const { page, context: other, complaints } = await openPage(browser, server.url, { language: 'en' })
    await page.goto(`/#/people/${person(0).id}`)
    await page.getByText('Sign in to see the stored photos.').waitFor()
    expect(await page.getByRole('button', { name: /Edit|Remove|Merge/ }).count()).toBe(0)
    expect(await page.locator('main input').count()).toBe(0)
    expect(complaints).toEqual([])
    await other.close()
    await context.close()
  })
})
