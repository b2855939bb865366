import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, type ServerUnderTest } from '../http/server-under-test.ts'
import { openBrowser, openPage } from './browser.ts'
import { type EnrolledPerson, enrolGroup } from './enrolled-people.ts'
import { startSite } from './site.ts'

/*
 * The page of the system before this one, reduced to its calls: the same addresses, field names and ways of sending,
 * and what it read from the answers. It came from another origin than the server, so it needs CORS_ORIGINS.
 */
const OLD_PAGE = `<!doctype html><meta charset="utf-8"><title>old</title>`

let server: ServerUnderTest
let browser: Browser
let host: Server
let origin: string
let people: readonly EnrolledPerson[]

beforeAll(async () => {
  host = createServer((_request, response) => response.end(OLD_PAGE))
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${portOf(host.address())}`
  server = await startSite({ options: { corsOrigins: [origin] } })
  people = await enrolGroup(server)
  await server.tokenOf('editor')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  host?.close()
})

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the host has no port')
  return address.port
}

/** Runs the old page's script in it; `api` is where it calls, `photo()` what the person chose. */
async function inOldPage(page: Page, script: string): Promise<unknown> {
  const photo = people[1]?.photo.toString('base64')
  return await page.evaluate(`(async () => {
    const api = ${JSON.stringify(server.url)}
    const photo = () => new File([Uint8Array.from(atob('${photo}'), (c) => c.charCodeAt(0))], 'anh.jpg', { type: 'image/jpeg' })
    const signIn = async () => {
      const answer = await fetch(api + '/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'the-editor', password: ${JSON.stringify(PASSWORD)} }) })
      const data = await answer.json()
      sessionStorage.setItem('authToken', data.token)
      return { Authorization: 'Bearer ' + data.token }
    }
    ${script}
  })()`)
}

test('recognises with the field image and reads the best match at the top', async () => {
  const { page, context } = await openPage(browser, origin)
  await page.goto(origin)
  const seen = await inOldPage(
    page,
    `const form = new FormData()
     form.append('image', photo())
     const data = await (await fetch(api + '/query', { method: 'POST', body: form })).json()
     const top = await (await fetch(api + '/query_top5', { method: 'POST', body: form })).json()
     return [typeof data.class_id, data.nguoi.ten, data.score > 0.9, top.results.length, top.results[0].nguoi.noio]`,
  )
  expect(seen).toEqual(['string', people[1]?.name, true, 3, 'Đà Nẵng'])
  await context.close()
})

test('signs in, adds, edits and deletes as the old forms did', async () => {
  const { page, context } = await openPage(browser, origin)
  await page.goto(origin)
  const seen = await inOldPage(
    page,
    `const headers = await signIn()
     const add = new FormData()
     add.append('image', photo()); add.append('ten', 'Bản Sao'); add.append('tuoi', '41'); add.append('gioitinh', 'true')
     add.append('noio', 'Huế'); add.append('image_path', 'anh.jpg'); add.append('force', 'true')
     const added = await (await fetch(api + '/add_embedding', { method: 'POST', headers, body: add })).json()
     const edit = new FormData()
     edit.append('class_id', added.class_id); edit.append('ten', 'Bản Sao Hai'); edit.append('gioitinh', 'false')
     const edited = await (await fetch(api + '/edit_embedding', { method: 'POST', headers, body: edit })).json()
     const list = await (await fetch(api + '/list_nguoi?query=ban%20sao&page=1&page_size=15')).json()
     const gone = new FormData()
     gone.append('class_id', added.class_id)
     const deleted = await (await fetch(api + '/delete_class', { method: 'POST', headers, body: gone })).json()
     const status = await (await fetch(api + '/index_status')).json()
     return [added.success, added.nguoi.gioitinh, edited.nguoi, list.results.total, list.results.nguoi_list[0].so_anh,
       deleted.message, deleted.audit_info.performed_by, status.num_vectors]`,
  )
  expect(seen).toEqual([
    true,
    'Nam',
    { class_id: expect.any(Number), ten: 'Bản Sao Hai', tuoi: 41, gioitinh: 'Nữ', noio: 'Huế' },
    1,
    1,
    'Class deleted successfully',
    'the-editor',
    3,
  ])
  await context.close()
})

test('an error is a sentence, and 401 is what sends it to sign in', async () => {
  const { page, context } = await openPage(browser, origin, { expected: /status of 4/ })
  await page.goto(origin)
  const seen = await inOldPage(
    page,
    `const wrong = await fetch(api + '/login', { method: 'POST', body: new URLSearchParams({ username: 'a', password: 'b' }) })
     const bare = await fetch(api + '/delete_image', { method: 'POST', headers: { Authorization: 'Bearer nope-nope-nope-nope' } })
     return [wrong.status, (await wrong.json()).detail, bare.status, typeof (await bare.json()).error]`,
  )
  expect(seen).toEqual([401, 'Tên đăng nhập hoặc mật khẩu không đúng.', 401, 'string'])
  await context.close()
})
