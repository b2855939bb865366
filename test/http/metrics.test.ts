import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from './call.ts'
import { type Metric, parseExposition } from './exposition.ts'
import { groupPhoto } from './photos.ts'
import { openFront, PASSWORD, type ServerUnderTest, startServer } from './server-under-test.ts'

let server: ServerUnderTest
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => await server.close())

async function read(): Promise<ReadonlyMap<string, Metric>> {
  const response = await fetch(`${server.url}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parseExposition(await response.text())
}

/** The sum of the samples with these labels. */
function sum(metrics: ReadonlyMap<string, Metric>, name: string, labels: Readonly<Record<string, string>> = {}) {
  const [, owner = name] = /^(.*)_(?:count|sum)$/.exec(name) ?? []
  const metric = metrics.get(name) ?? metrics.get(owner)
  if (metric === undefined) throw new Error(`there is no ${name}`)
  return metric.samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((total, { value }) => total + value, 0)
}

test('the metrics of a server at rest are sound', async () => {
  const metrics = await read()
  expect(sum(metrics, 'nhandien_workers')).toBe(1)
  expect(sum(metrics, 'nhandien_database_up')).toBe(1)
  expect(sum(metrics, 'nhandien_database_latency_seconds')).toBeGreaterThan(0)
  expect(sum(metrics, 'nhandien_gallery_lag_seconds')).toBeLessThan(60)
  expect(sum(metrics, 'nhandien_disk_free_bytes')).toBeGreaterThan(0)
  expect(sum(metrics, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  expect(metrics.get('nhandien_info')?.samples[0]?.labels).toMatchObject({ database: 'sqlite' })
})

test('requests are counted by what they asked for and how they ended, photos by stage', async () => {
  await call(server.url, '/query', { files: [['file', groupPhoto(1)]] })
  await call(server.url, '/query', { files: [['file', new TextEncoder().encode('no photo')]] })
  await call(server.url, '/nowhere/%22%0Anhandien_evil%201', { method: 'GET' })
  await call(server.url, '/health/live', { method: 'GET' })
  const identified = { operation: 'identify', method: 'POST' }
  await expect.poll(async () => sum(await read(), 'nhandien_requests_total', { operation: 'unknown' })).toBe(1)
  const metrics = await read()
  expect(sum(metrics, 'nhandien_requests_total', { ...identified, status: '200' })).toBe(1)
  expect(sum(metrics, 'nhandien_requests_total', { ...identified, status: '415' })).toBe(1)
  expect(sum(metrics, 'nhandien_requests_total')).toBe(3)
  expect(sum(metrics, 'nhandien_refusals_total', { operation: 'identify', code: 'image-unsupported' })).toBe(1)
  expect(sum(metrics, 'nhandien_photos_refused_total', { code: 'image-unsupported' })).toBe(1)
  expect(sum(metrics, 'nhandien_request_duration_seconds_count', { operation: 'identify' })).toBe(2)
  for (const stage of ['wait', 'decode', 'detect', 'landmarks', 'align', 'embed'])
    expect(sum(metrics, 'nhandien_stage_duration_seconds_count', { stage })).toBe(1)
  expect(sum(metrics, 'nhandien_stage_duration_seconds_sum', { stage: 'embed' })).toBeGreaterThan(0)
  expect(sum(metrics, 'nhandien_photo_faces_sum')).toBe(3)
  expect(sum(metrics, 'nhandien_gallery_search_duration_seconds_count')).toBe(3)
})

test('they ask for their own token where one is set, and for no other', async () => {
  const front = await openFront(server.nhandien, { metricsToken: 'of-the-scraper', publicAccess: false })
  const status = async (headers: Record<string, string>) =>
    (await call(front.url, '/metrics', { method: 'GET', headers })).status
  expect(await status({})).toBe(401)
  expect(await status({ authorization: 'Bearer of-the-scrape' })).toBe(401)
  expect(await status({ authorization: `Bearer ${await server.tokenOf('admin')}` })).toBe(401)
  expect(await status({ authorization: 'Bearer of-the-scraper' })).toBe(200)
  await front.app.close()
})

test('nothing in them is about a person, an account or an address', async () => {
  const token = await server.tokenOf('editor')
  const form = { token, fields: { ten_nguoi: 'Lò Thị Én' }, files: [['file', groupPhoto(2), 'én.jpg']] as const }
  expect((await call(server.url, '/add_embedding', form)).status).toBe(200)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  for (const secret of ['Lò Thị Én', 'én.jpg', 'the-editor', token, PASSWORD, '127.0.0.1', server.dataDir])
    expect(text).not.toContain(secret)
})
