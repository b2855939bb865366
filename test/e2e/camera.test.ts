import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { type EnrolledPerson, enrolGroup, NAMES } from './enrolled-people.ts'
import { startSite } from './site.ts'

const FRAMES = 30

let server: ServerUnderTest
let browser: Browser
let folder: string

beforeAll(async () => {
  server = await startSite()
  const [person] = await enrolGroup(server)
  folder = await mkdtemp(join(tmpdir(), 'nhandien-camera-'))
  const camera = join(folder, 'camera.mjpeg')
  await writeFile(camera, await film(person))
  browser = await openBrowser({ camera })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the camera shows: somebody sitting still. Frames of MJPEG are JPEGs one after the other. */
async function film(person: EnrolledPerson | undefined): Promise<Buffer> {
  const frame = await sharp(person?.photo)
    .resize(640, 480, { fit: 'contain', background: '#556070' })
    .jpeg({ quality: 92 })
    .toBuffer()
  return Buffer.concat(Array<Buffer>(FRAMES).fill(frame))
}

test('whoever sits before the camera is named, again and again, with one frame under way at a time', async () => {
  const { page, context, complaints } = await openPage(browser, server.url)
  let underWay = 0
  let mostUnderWay = 0
  let answered = 0
  // A slow network: answers take longer than the pause between frames.
  await page.route('**/query', async (route) => {
    underWay++
    mostUnderWay = Math.max(mostUnderWay, underWay)
    const answer = await route.fetch()
    await new Promise((resolve) => setTimeout(resolve, 300))
    underWay--
    answered++
    await route.fulfill({ response: answer })
  })
  await page.goto('/#/recognise/camera')
  await page.getByRole('button', { name: 'Bật máy ảnh' }).click()
  await page.getByRole('switch', { name: 'Nhận diện liên tục' }).check()
  await page.getByText('1 khuôn mặt, nhận ra 1').waitFor()
  await page.getByRole('listitem').getByText(NAMES[0]).waitFor()
  await expect.poll(() => answered, { timeout: 30_000 }).toBeGreaterThan(4)
  expect(mostUnderWay).toBe(1)
  expect(await page.getByRole('listitem').count()).toBe(1)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  expect(complaints).toEqual([])
  await context.close()
})

test('a photo can be taken and is recognised like any other', async () => {
  const { page, context, complaints } = await openPage(browser, server.url, { language: 'en', colours: 'dark' })
  await page.goto('/')
  await page.getByRole('button', { name: 'Take a photo' }).click()
  await page.getByRole('button', { name: 'Turn the camera on' }).click()
  await page.getByRole('button', { name: 'Take a photo' }).click()
  await page.getByRole('img', { name: 'The photo camera.jpg' }).waitFor()
  await page.getByText('Knows 1 of 1 face').waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('a camera that is not allowed or not there is explained', async () => {
  const blind = await openBrowser()
  try {
    const { page } = await openPage(blind, server.url)
    await page.goto('/#/recognise/camera')
    await page.getByRole('button', { name: 'Bật máy ảnh' }).click()
    await page.getByText('Không tìm thấy máy ảnh').waitFor()
    await page.getByRole('button', { name: 'Thử lại' }).waitFor()
  } finally {
    await blind.close()
  }
})
