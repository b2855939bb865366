import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../http/call.ts'
import { groupPhoto } from '../http/photos.ts'
import { PASSWORD, startLimited } from './limited-server.ts'

const COUNTER = new URL('count-connections.mjs', import.meta.url).href
/** No name to look up: the address that Node itself listens on is one already. */
const ALLOWED = /^lookup "127\.0\.0\.1"$/

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-offline-'))
})
afterAll(async () => await rm(folder, { recursive: true }))

async function attemptsOf(
  name: string,
  environment: Readonly<Record<string, string>>,
  work: (url: string) => Promise<void>,
) {
  const file = join(folder, name)
  const server = await startLimited({
    nodeOptions: ['--import', COUNTER],
    environment: { ...environment, ATTEMPTS_FILE: file },
  })
  try {
    await work(server.url)
  } finally {
    await server.close()
  }
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.filter((line) => !ALLOWED.test(line))
}

test('from its start to its end the server tries to reach nobody', async () => {
  const attempts = await attemptsOf('all', {}, async (url) => {
    const { body } = await call(url, '/auth/login', {
      encoding: 'json',
      fields: { username: 'admin', password: PASSWORD },
    })
    const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : ''
    const files = [['file', groupPhoto(1)]] as const
    expect((await call(url, '/add_embedding', { token, fields: { ten_nguoi: 'An' }, files })).status).toBe(200)
    expect((await call(url, '/query', { files })).status).toBe(200)
    for (const path of ['/', '/docs', '/openapi.json', '/health/ready', '/health/detailed', '/metrics', '/list_nguoi'])
      expect((await call(url, path, { method: 'GET', token })).status, path).toBeLessThan(500)
    expect((await call(url, '/reset_index', { token, fields: { scope: 'all', confirm: true } })).status).toBe(200)
  })
  expect(attempts).toEqual([])
})

test('an attempt would be seen, in a worker thread too', async () => {
  const seen = join(folder, 'seen')
  const worker = join(folder, 'worker.mjs')
  const main = join(folder, 'main.mjs')
  await writeFile(worker, "import net from 'node:net'; net.connect(1, '127.0.0.1').on('error', () => {})")
  await writeFile(main, `import { Worker } from 'node:worker_threads'; new Worker(${JSON.stringify(worker)})`)
  spawnSync(process.execPath, ['--import', COUNTER, main], { env: { ...process.env, ATTEMPTS_FILE: seen } })
  expect(readFileSync(seen, 'utf8')).toContain('connect')
})
