import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import { CONSOLE, type ServerUnderTest } from '../http/server-under-test.ts'
import { type OpenPage, openBrowser, openPage, type PageWish, PHONE } from './browser.ts'
import { type EnrolledPerson, enrolGroup, NAMES, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

const WAIT = { timeout: 30_000 }

let server: ServerUnderTest
let browser: Browser
let people: readonly EnrolledPerson[]

beforeAll(async () => {
  server = await startSite()
  people = await enrolGroup(server)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function open(wish: PageWish & { readonly editor?: boolean } = {}): Promise<OpenPage> {
  const opened = await openPage(browser, server.url, wish)
  if (wish.editor === true) await signIn(opened.page, server, 'editor')
  return opened
}

async function choose(page: Page, ...files: readonly ReturnType<typeof upload>[]): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles(files)
}

/** The middle of every named box, as shares of the photo. */
async function boxCentres(page: Page): Promise<Record<string, readonly [number, number]>> {
  const photo = await page.getByRole('img', { name: /^(Ảnh|The photo)/ }).boundingBox()
  const centres: Record<string, readonly [number, number]> = {}
  for (const name of NAMES) {
    const box = await page.getByRole('button', { name }).boundingBox()
    if (photo !== null && box !== null)
      centres[name] = [
        (box.x + box.width / 2 - photo.x) / photo.width,
        (box.y + box.height / 2 - photo.y) / photo.height,
      ]
  }
  return centres
}

describe('a photo', () => {
  test('shows a box and a name on every face, and the nearest people of the one that is clicked', async () => {
    const { page, context, complaints } = await open({ editor: true })
    await page.goto('/')
    await choose(page, upload('nhóm.jpg', groupPhoto(1)))
    await page.getByText('Nhận ra 3 trong 3 khuôn mặt').waitFor()
    for (const [index, name] of NAMES.entries()) {
      await page.getByRole('button', { name: `: ${name}` }).click()
      await page.getByRole('heading', { level: 2, name }).waitFor()
      const candidates = page.getByRole('listitem')
      await expect.poll(async () => await candidates.count(), WAIT).toBe(NAMES.length)
      await candidates.first().getByText(name).waitFor()
      await candidates
        .first()
        .getByText(/Độ giống: 0,\d{3}, ngưỡng 0,930|Độ giống: 1,000, ngưỡng 0,930/)
        .waitFor()
      await candidates.first().locator(`img[alt="${people[index]?.name}"]`).waitFor()
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  test('of 12 megapixels, lying on its side as phones save them, is shown and boxed upright', async () => {
    const plain = await sharp(groupPhoto(1)).resize({ width: 4032 }).jpeg({ quality: 80 }).toBuffer()
    const lying = await sharp(plain).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 80 }).toBuffer()
    const { page, context } = await open({ language: 'en', viewport: PHONE })
    const centres: Record<string, readonly [number, number]>[] = []
    for (const photo of [plain, lying]) {
      await page.goto('/')
      await page.reload()
      await choose(page, upload('phone.jpg', photo))
      await page.getByText('Knows 3 of 3 faces').waitFor()
      centres.push(await boxCentres(page))
    }
    for (const name of NAMES) {
      const [upright, turned] = centres.map((one) => one[name] ?? [0, 0])
      expect(turned?.[0]).toBeCloseTo(upright?.[0] ?? -1, 1)
      expect(turned?.[1]).toBeCloseTo(upright?.[1] ?? -1, 1)
    }
    await context.close()
  })

  test('may be dropped or pasted, and others may not see stored faces', async () => {
    const { page, context, complaints } = await open()
    await page.goto('/')
    await page.getByText('Kéo ảnh vào đây').waitFor()
    const hand = (kind: 'drop' | 'paste') =>
      page.evaluate(
        `(async () => {
          const bytes = Uint8Array.from(atob('${people[0]?.photo.toString('base64')}'), (c) => c.charCodeAt(0))
          const data = new DataTransfer()
          data.items.add(new File([bytes], '${kind}.jpg', { type: 'image/jpeg' }))
          window.dispatchEvent('${kind}' === 'drop'
            ? new DragEvent('drop', { dataTransfer: data, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: data, cancelable: true }))
        })()`,
      )
    await hand('drop')
    await page.getByRole('img', { name: 'Ảnh drop.jpg' }).waitFor()
    await page.getByRole('heading', { level: 2, name: NAMES[0] }).waitFor()
    await hand('paste')
    await page.getByRole('img', { name: 'Ảnh paste.jpg' }).waitFor()
    await page.getByText('Đăng nhập để xem ảnh đã lưu').waitFor()
    expect(await page.getByRole('listitem').first().locator('img').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Thêm người này' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('several photos', () => {
  test('become a list that can be filtered, opened and taken away as CSV', async () => {
    const { page, context } = await open({ expected: /status of 4(15|22)/ })
    await page.goto('/')
    const blank = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#789' } })
      .jpeg()
      .toBuffer()
    await choose(
      page,
      upload('=một.jpg', people[0]?.photo ?? Buffer.alloc(0)),
      upload('nhóm lạ.jpg', groupPhoto(2)),
      upload('trống.jpg', blank),
      upload('hỏng.jpg', Buffer.from('this is no photo')),
    )
    await page.getByText('Đã xong 4 trong 4 ảnh').waitFor()
    const rows = page.getByRole('region', { name: 'Kết quả' }).getByRole('listitem')
    expect(await rows.count()).toBe(4)
    await page.getByText('Không tìm thấy khuôn mặt nào trong ảnh.').waitFor()
    await page.getByText('Định dạng ảnh không được hỗ trợ').waitFor()

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Xuất CSV' }).click()
    const download = await saving
    expect(download.suggestedFilename()).toBe('ket-qua-nhan-dien.csv')
    const lines: Record<string, string>[] = parse(await readFile(await download.path(), 'utf8'), {
      bom: true,
      columns: true,
    })
    expect(lines.map((line) => line.tệp)).toEqual([
      "'=một.jpg",
      ...Array(3).fill('nhóm lạ.jpg'),
      'trống.jpg',
      'hỏng.jpg',
    ])
    expect(lines[0]).toMatchObject({ 'khuôn mặt': '1', mã: String(people[0]?.id), tên: NAMES[0], ngưỡng: '0.93' })

    await page.getByText('Người lạ 1').click()
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByText('Tất cả 4').click()
    await page.getByLabel('Lọc theo tên hoặc tệp').fill('nguyen thi anh')
    await expect.poll(async () => await rows.count(), WAIT).toBe(1)
    await rows.first().getByRole('button').click()
    await page.getByRole('heading', { level: 2, name: NAMES[0] }).waitFor()
    await page.getByRole('button', { name: 'Về danh sách' }).click()
    await page.getByRole('button', { name: 'Làm lại từ đầu' }).click()
    await page.getByText('Kéo ảnh vào đây').waitFor()
    await context.close()
  })
})

describe('an unknown face', () => {
  test('is enrolled in two clicks and a name, and recognised at once', async () => {
    const { page, context, complaints } = await open({ editor: true, language: 'en' })
    await page.goto('/')
    await choose(page, upload('strangers.jpg', groupPhoto(5)))
    await page.getByText('Knows 0 of 5 faces').waitFor()
    await page.getByRole('button', { name: 'Enrol this person' }).click()
    await page.getByRole('dialog').getByLabel(/^Name/).fill('Phạm Thị Mới')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Knows 1 of 5 faces').waitFor()
    await page.getByRole('heading', { level: 2, name: 'Phạm Thị Mới' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('that somebody enrolled meanwhile is shown beside what is stored, with the choice', async () => {
    const { page, context } = await open({ editor: true, expected: /status of 409/ })
    await page.goto('/')
    await choose(page, upload('lạ.jpg', groupPhoto(4)))
    await page.getByText('Nhận ra 0 trong 4 khuôn mặt').waitFor()
    await page.getByRole('button', { name: 'Thêm người này' }).click()
    const { enrol } = server.nhandien.operations
    const meanwhile = { name: 'Hoàng Đến Trước' }
    await enrol(
      { photos: [{ bytes: Buffer.from(groupPhoto(4)), label: 'x' }], fields: meanwhile, strict: false, force: false },
      CONSOLE,
    )
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Tên/).fill('Ai Đó')
    await dialog.getByRole('button', { name: 'Lưu' }).click()
    await dialog.getByText('Khuôn mặt này đã có trong danh sách: Hoàng Đến Trước').waitFor()
    await expect.poll(() => dialog.getByRole('alert').locator('img').count()).toBe(2)
    await dialog.getByRole('button', { name: 'Cùng người: thêm ảnh cho Hoàng Đến Trước' }).click()
    await page.getByRole('heading', { level: 2, name: 'Hoàng Đến Trước' }).waitFor()
    await context.close()
  })
})

test('two photos are compared', async () => {
  const { page, context, complaints } = await open()
  await page.goto('/#/recognise/compare')
  const [first, second] = people
  await choose(page, upload('một.jpg', first?.photo ?? Buffer.alloc(0)))
  await page.getByRole('img', { name: 'Ảnh một.jpg' }).waitFor()
  await choose(page, upload('hai.jpg', second?.photo ?? Buffer.alloc(0)))
  await page.getByRole('heading', { name: 'Hai người khác nhau' }).waitFor()
  await page.getByRole('button', { name: 'Ảnh khác' }).last().click()
  await choose(page, upload('nhỏ.jpg', await sharp(first?.photo).resize(300).jpeg().toBuffer()))
  await page.getByRole('heading', { name: 'Cùng một người' }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})
