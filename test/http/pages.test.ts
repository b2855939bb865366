import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

const FOLDER = fileURLToPath(new URL('../../dist/web', import.meta.url))
const assets = readdirSync(join(FOLDER, 'assets')).filter((name) => !/\.(br|gz)$/.test(name))
const script = assets.find((name) => /^index-.*\.js$/.test(name)) ?? ''

describe('the pages', () => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await startServer({ options: { pages: FOLDER, publicAccess: false } })
  })
  afterAll(async () => await server.close())

  test.each(['/', '/auth.html'])('%s is a document that nobody keeps, open to everybody', async (path) => {
    const answer = await fetch(server.url + path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('permissions-policy')).toContain('microphone=()')
    const html = await answer.text()
    expect(html).not.toMatch(/<script>|<style|https?:|\son\w+=/)
    for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await fetch(server.url + file)).status, file).toBe(200)
  })

  test('a policy lets in no script and no style but the built ones and what carries the nonce of this answer', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const answer = await fetch(server.url)
        const policy = answer.headers.get('content-security-policy') ?? ''
        expect(policy).toContain("default-src 'none'")
        expect(policy).toContain("script-src 'self';")
        expect(policy).not.toMatch(/unsafe|\*|data:|https?:/)
        const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? []
        expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
        expect(await answer.text()).toContain(`<meta name="csp-nonce" content="${nonce}"`)
        return nonce
      }),
    )
    expect(new Set(nonces).size).toBe(2)
  })

  test('files are kept for a year, sent compressed, and known again', async () => {
    const url = `${server.url}/assets/${script}`
    const answer = await fetch(url, { headers: { 'accept-encoding': 'br' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('vary')).toMatch(/accept-encoding/i)
    expect(answer.headers.get('content-type')).toMatch(/^(text|application)\/javascript/)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(readFileSync(join(FOLDER, 'assets', script)))
    expect(brotliDecompressSync(readFileSync(join(FOLDER, 'assets', `${script}.br`)))).toEqual(
      readFileSync(join(FOLDER, 'assets', script)),
    )
    const etag = answer.headers.get('etag') ?? ''
    // Without a word on caching, fetch would ask for a fresh answer by itself.
    const known = { 'accept-encoding': 'br', 'if-none-match': etag, 'cache-control': 'max-age=60' }
    const again = await fetch(url, { headers: known })
    expect([again.status, (await again.text()).length]).toEqual([304, 0])
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })

  test('HEAD tells the same without a body', async () => {
    for (const path of ['/', '/auth.html', `/assets/${script}`]) {
      const head = await fetch(server.url + path, { method: 'HEAD' })
      const get = await fetch(server.url + path)
      await get.arrayBuffer()
      expect([path, head.status, await head.text()]).toEqual([path, 200, ''])
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
    }
  })

  test('what is not there is answered as everywhere else', async () => {
    const paths = [
      ...['/index.html', '/assets/', '/assets/none.js', '/people', '/manifest.json', '/assets/..%2findex.html'],
      ...['/assets/..%2f..%2fmain.js', '/assets/%2e%2e/manifest.json', '/assets/x%00.js', `/assets/${script}%2f..`],
    ]
    for (const path of paths) {
      const answer = await fetch(server.url + path)
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/json; charset=utf-8',
      ])
      expect(await answer.json()).toMatchObject({ success: false, code: 'route-not-found' })
    }
    const post = await fetch(server.url, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })
})
