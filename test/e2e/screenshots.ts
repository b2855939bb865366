import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test } from 'vitest'
import { groupPhoto } from '../http/photos.ts'
import { DESKTOP, openBrowser, openPage, PHONE } from './browser.ts'
import { type EnrolledPerson, enrolGroup, upload } from './enrolled-people.ts'
import { signIn, startSite } from './site.ts'

/** One thing to look at: the place, and what is done there before the picture is taken. */
interface Sight {
  readonly name: string
  readonly place: string
  readonly role?: 'editor' | 'admin'
  readonly act?: (page: Page, people: readonly EnrolledPerson[]) => Promise<void>
}

async function choosePhoto(page: Page, ...numbers: readonly number[]): Promise<void> {
  const files = numbers.map((number) => upload(`photo-${number}.jpg`, groupPhoto(number)))
  await page.locator('input[type=file]').first().setInputFiles(files)
}

const SIGHTS: readonly Sight[] = [
  { name: 'sign-in', place: '/auth.html?reason=expired#/people' },
  { name: 'recognise-empty', place: '/' },
  {
    name: 'recognise-photo',
    place: '/',
    role: 'editor',
    act: async (page) => {
      await choosePhoto(page, 1)
      await page.locator('ol li img').first().waitFor()
    },
  },
  {
    name: 'recognise-unknown',
    place: '/',
    role: 'editor',
    act: async (page) => {
      await choosePhoto(page, 5)
      await page.locator('ol li img').first().waitFor()
    },
  },
  {
    name: 'recognise-enrol',
    place: '/',
    role: 'editor',
    act: async (page) => {
      await choosePhoto(page, 5)
      await page.getByRole('button', { name: /Thêm người này|Enrol this/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'recognise-list',
    place: '/',
    act: async (page) => {
      await choosePhoto(page, 1, 2, 3, 4, 5, 6)
      await page.getByText(/6 trong 6|6 of 6/).waitFor()
    },
  },
  {
    name: 'recognise-compare',
    place: '/#/recognise/compare',
    act: async (page, people) => {
      for (const person of people.slice(0, 2)) {
        await page.locator('input[type=file]').first().setInputFiles(upload('a.jpg', person.photo))
        await page.locator('figure img').first().waitFor()
      }
      await page.locator('h2').waitFor()
    },
  },
  { name: 'camera', place: '/#/recognise/camera' },
  { name: 'enrol', place: '/#/enrol', role: 'editor' },
  { name: 'enrol-refused', place: '/#/enrol' },
  { name: 'people', place: '/#/people', role: 'editor' },
  { name: 'person', place: '/#/people/1', role: 'editor' },
  {
    name: 'monitor',
    place: '/#/monitor',
    act: async (page) => await page.locator('dl').first().waitFor(),
  },
  { name: 'enrol-folder', place: '/#/enrol/folder', role: 'editor' },
  {
    name: 'enrol-checked',
    place: '/#/enrol',
    role: 'editor',
    act: async (page) => {
      await choosePhoto(page, 4, 6)
      await page.locator('li[aria-label] [data-tone]').nth(1).waitFor()
    },
  },
  ...['accounts', 'audit', 'models', 'gallery', 'reset'].map(
    (part): Sight => ({ name: `admin-${part}`, place: `/#/admin/${part}`, role: 'admin' }),
  ),
  { name: 'help', place: '/#/help' },
]

test('every page, on a desk and on a phone, by day and by night', async () => {
  const folder = process.env.SCREENSHOTS ?? (await mkdtemp(join(tmpdir(), 'nhandien-screenshots-')))
  await mkdir(folder, { recursive: true })
  const server = await startSite()
  const people = await enrolGroup(server)
  const browser = await openBrowser()
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE }))
    for (const [colours, language] of [
      ['light', 'vi'],
      ['dark', 'en'],
    ] as const) {
      const { page, context } = await openPage(browser, server.url, { viewport, colours, language })
      for (const { name, place, role, act } of SIGHTS) {
        await page.goto('/auth.html')
        await page.evaluate('sessionStorage.clear()')
        if (role !== undefined) await signIn(page, server, role)
        await page.goto(place)
        await page.locator('h1').first().waitFor()
        await act?.(page, people)
        await page.waitForLoadState('networkidle')
        await page.screenshot({ path: join(folder, `${name}-${size}-${colours}-${language}.png`) })
      }
      await context.close()
    }
  await browser.close()
  await server.close()
  console.log(`Look at ${folder}`)
})
