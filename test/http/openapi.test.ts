import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATHS } from '../../src/http/wire/paths.ts'
import { call } from './call.ts'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

let server: ServerUnderTest
let text: string
beforeAll(async () => {
  server = await startServer()
  text = await (await fetch(`${server.url}/openapi.json`)).text()
})
afterAll(async () => await server.close())

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null

function* objectsIn(value: Json): Generator<{ readonly [key: string]: Json }> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as { readonly [key: string]: Json }
  for (const inner of Object.values(value)) yield* objectsIn(inner)
}

// After a wanted change: npx vitest run test/http/openapi.test.ts -u
test('the document is what it was', async () => {
  await expect(`${JSON.stringify(JSON.parse(text), null, 2)}\n`).toMatchFileSnapshot('./openapi.snapshot.json')
})

test('every address of the contract is in it, and every reference leads somewhere', () => {
  const document = JSON.parse(text)
  expect(document.openapi).toBe('3.1.0')
  const undocumented = new Set<string>([PATHS.docs, PATHS.openapi])
  const paths = Object.values(PATHS).filter((path) => !undocumented.has(path))
  expect(Object.keys(document.paths).sort()).toEqual(paths.map((path) => path.replace(/:(\w+)/, '{$1}')).sort())
  for (const { $ref } of objectsIn(document))
    if (typeof $ref === 'string') {
      const target = $ref
        .replace('#/', '')
        .split('/')
        .reduce((at, key) => at?.[key], document)
      expect(target, $ref).toBeDefined()
    }
})

test('every operation has an id of its own, a summary, an answer and errors with examples', () => {
  const document = JSON.parse(text)
  const ids: string[] = []
  for (const [path, methods] of Object.entries<Record<string, Record<string, never>>>(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const what = `${method} ${path}`
      ids.push(String(operation.operationId))
      expect(operation.summary, what).toBeTruthy()
      const responses: Record<string, { content: Record<string, { examples?: object }> }> = operation.responses ?? {}
      expect(
        Object.keys(responses).some((status) => status.startsWith('2')),
        what,
      ).toBe(true)
      for (const [status, response] of Object.entries(responses))
        if (Number(status) >= 400)
          expect(
            Object.keys(response.content['application/json']?.examples ?? {}).length,
            `${what} ${status}`,
          ).toBeGreaterThan(0)
    }
  expect(new Set(ids).size).toBe(ids.length)
})

test('the pages show it without any other host', async () => {
  const page = await call(server.url, '/docs', { method: 'GET' })
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = String(page.body)
  expect(html).not.toMatch(/https?:\/\//)
  expect(html).not.toMatch(/<script>/)
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => String(match[1]))
  expect(assets.length).toBeGreaterThan(4)
  for (const asset of assets) expect((await call(server.url, asset, { method: 'GET' })).status, asset).toBe(200)
})
