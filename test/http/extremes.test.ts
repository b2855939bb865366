import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EnrolAnswer } from '../../src/http/wire/change.ts'
import type { PeopleAnswer } from '../../src/http/wire/listing.ts'
import { type Call, call } from './call.ts'
import { type Contract, openContract } from './contract.ts'
import { startServer } from './server-under-test.ts'

/** What is written like a number and is none that an id can be. */
const NO_IDS = [
  ...['-1', '0', '-0', '1.5', '1e3', '0x1', '0b1', '1_0', '+1', '1 ', ' 1', '1;2', '1,2', 'NaN', 'Infinity', '١'],
  ...[
    '9007199254740992',
    '18446744073709551616',
    '9'.repeat(99),
    '1\u0000',
    '😀',
    '__proto__',
    "1' OR '1'='1",
    '%',
    '_',
  ],
]
/** Ids that could be, and are nobody's. */
const UNUSED_IDS = ['2147483647', '2147483000']

let contract: Contract
beforeAll(async () => {
  contract = await openContract(await startServer())
  await contract.somebody('Người Ở Lại')
})
afterAll(async () => await contract.server.close())

const get = async (path: string) => await contract.as('admin', path, { method: 'GET' })
const url = encodeURIComponent

describe('ids that are none', () => {
  const calls: readonly (readonly [string, (id: string) => Promise<{ status: number }>])[] = [
    ['GET /get_image_ids_by_class', (id) => get(`/get_image_ids_by_class?class_id=${url(id)}`)],
    ['GET /get_image_ids_by_class/…', (id) => get(`/get_image_ids_by_class/${url(id)}`)],
    ['GET /image/…', (id) => get(`/image/${url(id)}`)],
    ['GET /search_embeddings', (id) => get(`/search_embeddings?query=${url(id)}`)],
    ['DELETE /delete_class/…', (id) => contract.as('editor', `/delete_class/${url(id)}`, { method: 'DELETE' })],
    ...(['json', 'form', 'multipart'] as const).flatMap((encoding) => [
      [`/delete_class as ${encoding}`, (id: string) => send('/delete_class', { class_id: id }, encoding)] as const,
      [`/delete_image as ${encoding}`, (id: string) => send('/delete_image', { image_id: id }, encoding)] as const,
      [
        `/edit_embedding as ${encoding}`,
        (id: string) => send('/edit_embedding', { class_id: id, tuoi: 1 }, encoding),
      ] as const,
    ]),
  ]
  const send = async (path: string, fields: Record<string, unknown>, encoding: NonNullable<Call['encoding']>) =>
    await contract.as('editor', path, { fields, encoding })

  test.each(calls)('%s refuses them, and knows nobody by those that are free', async (_name, ask) => {
    // Blanks around a number are how people paste it.
    for (const id of NO_IDS.filter((each) => each.trim() !== '1')) expect((await ask(id)).status, id).toBe(400)
    for (const id of UNUSED_IDS) expect([200, 404], id).toContain((await ask(id)).status)
  })

  test.each([[[1]], [{ id: 1 }], [true], [1.5], [-1], [2 ** 53], [1e300]])('JSON %j is none either', async (id) => {
    for (const path of ['/delete_class', '/delete_image', '/edit_embedding']) {
      const fields = path === '/delete_image' ? { image_id: id } : { class_id: id, tuoi: 1 }
      expect((await send(path, fields, 'json')).status).toBe(400)
    }
  })

  test('and nobody was changed or removed by any of them', async () => {
    const { results } = (await get('/list_nguoi')).body as PeopleAnswer
    expect(results).toMatchObject({ total: 1, nguoi_list: [{ ten: 'Người Ở Lại', tuoi: null, so_anh: 1 }] })
  })
})

describe('pages that are none', () => {
  const LISTS = ['/list_nguoi', '/search_embeddings', '/audit_logs'] as const

  test.each(LISTS)('%s refuses them', async (path) => {
    for (const value of ['0', '-1', '1.5', '1e3', 'x', '9007199254740993', '9'.repeat(99), '1 or 1=1'])
      for (const field of ['page', 'page_size'])
        expect((await get(`${path}?${field}=${url(value)}`)).status, `${field}=${value}`).toBe(400)
    for (const size of ['101', '1000000']) expect((await get(`${path}?page_size=${size}`)).status, size).toBe(400)
  })

  test.each(LISTS)('%s has nothing on a page far beyond the last', async (path) => {
    const { status, body } = await get(`${path}?page=1000000000&page_size=100`)
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('Người Ở Lại')
  })

  test.each(LISTS)('%s takes the same parameter given twice for a mistake', async (path) => {
    expect((await get(`${path}?page=1&page=2`)).status).toBe(400)
  })
})

describe('text that means something elsewhere', () => {
  const TEXTS = [
    ...[
      "'; DROP TABLE nguoi; --",
      '" OR ""="',
      '%',
      '_',
      '\\',
      '=1+1',
      '@SUM(A1)',
      '\u202egnp',
      'a\u200bb',
      '😀'.repeat(20),
    ],
    ...['<script>alert(1)</script>', '{{7*7}}', '../../etc/passwd', 'CON', 'null', 'undefined', '__proto__'],
  ]

  test.each(TEXTS)('%j comes back as it went in, and finds itself alone', async (text) => {
    await contract.somebody('Người Khác')
    const { classId } = await contract.somebody(text)
    const { body } = await get(`/list_nguoi?query=${url(text)}`)
    const { results } = body as PeopleAnswer
    expect(results.nguoi_list.filter(({ class_id }) => class_id !== classId)).toEqual([])
    expect(results.nguoi_list).toMatchObject([{ class_id: classId, ten: text }])
    await contract.startOver()
  })

  test.each(['a\u0000b', 'a\r\nb', '\u001b[31mred', '\ud800', ' ', 'x'.repeat(101)])('%j is no name', async (text) => {
    const wish = { fields: { ten_nguoi: text }, files: [['file', contract.stranger()] as const] }
    const { status } = await contract.as('editor', '/add_embedding', wish)
    // What is sent as a form has its surrogates and line ends mended on the way.
    if (status === 200) expect(text).toMatch(/^\ud800$|\n/)
    else expect(status).toBeOneOf([400, 422])
    await contract.startOver()
  })
})

describe('at the same time', () => {
  test('the same request many times enrols one person with one image', async () => {
    await contract.startOver()
    const files = [['file', contract.stranger()] as const]
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => contract.as('editor', '/add_embedding', { fields: { ten_nguoi: 'Một' }, files })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(new Set(answers.map(({ body }) => (body as EnrolAnswer).image_id)).size).toBe(1)
    expect((await get('/list_nguoi')).body).toMatchObject({ results: { total: 1, nguoi_list: [{ so_anh: 1 }] } })
  })

  test('one face under many names is one person', async () => {
    await contract.startOver()
    const files = [['file', contract.stranger()] as const]
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        contract.as('editor', '/add_embedding', { fields: { ten_nguoi: `Tên ${at}` }, files }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)])
  })

  test('two editors lose nothing of each other, and enrolments while the person goes are whole or refused', async () => {
    await contract.startOver()
    const { classId } = await contract.somebody('Chung')
    const edit = async (fields: Record<string, unknown>) =>
      (await contract.as('editor', '/edit_embedding', { fields: { class_id: classId, ...fields }, encoding: 'json' }))
        .status
    expect(await Promise.all([edit({ tuoi: 40 }), edit({ noi_o: 'Huế' })])).toEqual([200, 200])
    expect((await get('/list_nguoi')).body).toMatchObject({ results: { nguoi_list: [{ tuoi: 40, noio: 'Huế' }] } })
    const photos = [contract.stranger(), contract.stranger(), contract.stranger()]
    const outcomes = await Promise.all([
      ...photos.map((photo) =>
        contract.as('editor', '/add_embedding', {
          fields: { class_id: classId, force: true },
          files: [['file', photo]],
        }),
      ),
      contract.as('editor', '/delete_class', { fields: { class_id: classId } }),
    ])
    for (const { status } of outcomes) expect(status).toBeOneOf([200, 404])
    const { body } = await get('/index_status')
    expect(body).toMatchObject({ num_vectors: 0, num_image_ids: 0, num_class_ids: 0, status: 'healthy' })
  })

  test('whoever is enrolled during a reset is there afterwards, or gone as a whole', async () => {
    await contract.startOver()
    const photos = Array.from({ length: 5 }, () => contract.stranger())
    const token = await contract.server.tokenOf('admin')
    const outcomes = await Promise.all([
      ...photos.map((photo, at) =>
        contract.as('editor', '/add_embedding', {
          fields: { ten_nguoi: `Đợt ${at}`, force: true },
          files: [['file', photo]],
        }),
      ),
      call(contract.url, '/reset_index', { token, fields: { scope: 'all', confirm: true } }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    const { results } = (await get('/list_nguoi')).body as PeopleAnswer
    expect(outcomes[5]?.body).toMatchObject({ people_deleted: 5 - results.total })
    expect(results.nguoi_list.every(({ so_anh }) => so_anh === 1)).toBe(true)
    expect((await get('/index_status')).body).toMatchObject({
      num_vectors: results.total,
      num_class_ids: results.total,
    })
  })
})
