import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES, type Role, roleAllows } from '../../src/domain/account.ts'
import type { Access } from '../../src/http/authenticate.ts'
import { PATHS } from '../../src/http/wire/paths.ts'
import { call, expectError } from './call.ts'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

/** The contract's table: every call, and the least that whoever makes it must be. */
const TABLE: readonly (readonly [method: string, path: string, access: Access])[] = [
  ['POST', '/query', 'public'],
  ['POST', '/query_top5', 'public'],
  ['POST', '/detect', 'public'],
  ['POST', '/verify', 'public'],
  ['POST', '/embed', 'editor'],
  ['POST', '/add_embedding', 'editor'],
  ['PUT', '/edit_embedding', 'editor'],
  ['POST', '/edit_embedding', 'editor'],
  ['POST', '/move_image', 'editor'],
  ['POST', '/merge_people', 'editor'],
  ['POST', '/split_person', 'editor'],
  ['DELETE', '/delete_image', 'editor'],
  ['POST', '/delete_image', 'editor'],
  ['DELETE', '/delete_class', 'editor'],
  ['POST', '/delete_class', 'editor'],
  ['DELETE', '/delete_class/:class_id', 'editor'],
  ['POST', '/reset_index', 'admin'],
  ['GET', '/list_nguoi', 'public'],
  ['GET', '/search_embeddings', 'public'],
  ['GET', '/get_image_ids_by_class', 'public'],
  ['GET', '/get_image_ids_by_class/:class_id', 'public'],
  ['GET', '/image/:image_id', 'viewer'],
  ['GET', '/audit_logs', 'admin'],
  ['GET', '/audit_logs/export', 'admin'],
  ['GET', '/models', 'admin'],
  ['POST', '/gallery/verify', 'admin'],
  ['POST', '/gallery/rebuild', 'admin'],
  ['POST', '/gallery/snapshot', 'admin'],
  ['GET', '/index_status', 'public'],
  ['GET', '/vector_info', 'public'],
  ['GET', '/health', 'open'],
  ['GET', '/health/live', 'open'],
  ['GET', '/health/ready', 'open'],
  ['GET', '/health/detailed', 'open'],
  ['GET', '/metrics', 'public'],
  ['GET', '/docs', 'public'],
  ['GET', '/openapi.json', 'public'],
  ['POST', '/auth/login', 'open'],
  ['POST', '/login', 'open'],
  ['POST', '/auth/logout', 'viewer'],
  ['GET', '/auth/status', 'viewer'],
  ['POST', '/auth/register', 'admin'],
  ['POST', '/register', 'admin'],
  ['POST', '/auth/password', 'viewer'],
  ['GET', '/accounts', 'admin'],
  ['PATCH', '/accounts/:username', 'admin'],
  ['DELETE', '/accounts/:username', 'admin'],
]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const CALLERS = ['nobody', ...ROLES] as const
type Caller = (typeof CALLERS)[number]

const concrete = (path: string) => path.replace(/:\w+/, '2147483647')

function mayCall(caller: Caller, access: Access, publicAccess: boolean): boolean {
  const needed: Role | null =
    access === 'open' || (access === 'public' && publicAccess) ? null : access === 'public' ? 'viewer' : access
  if (needed === null) return true
  return caller !== 'nobody' && roleAllows(caller, needed)
}

describe.each([
  { publicAccess: true, name: 'on' },
  { publicAccess: false, name: 'off' },
])('with public access $name', ({ publicAccess }) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await startServer({ options: { publicAccess } })
  })
  afterAll(async () => await server.close())

  test('the table knows every address there is', () => {
    expect(new Set(TABLE.map(([, path]) => path))).toEqual(new Set(Object.values(PATHS)))
  })

  for (const caller of CALLERS)
    test(`${caller} may call what the table says and nothing else, by any verb`, async () => {
      for (const path of Object.values(PATHS)) {
        // A token for each address, since one of them ends it.
        const headers: Record<string, string> =
          caller === 'nobody' ? {} : { authorization: `Bearer ${await server.tokenOf(caller)}` }
        for (const method of METHODS) {
          const rows = TABLE.filter(
            (row) => row[1] === path && (row[0] === method || (row[0] === 'GET' && method === 'HEAD')),
          )
          const row = rows[0]
          const answered = await call(server.url, concrete(path), { method, headers, encoding: 'query' })
          const what = `${caller} ${method} ${path}`
          if (row === undefined) {
            expect(answered.status, what).toBe(path === PATHS.docs ? 404 : 405)
            if (method !== 'HEAD') expectError(answered, path === PATHS.docs ? 'route-not-found' : 'method-not-allowed')
            else expect(answered.body).toBe('')
            if (path !== PATHS.docs) expect(answered.headers.get('allow')).toContain('OPTIONS')
          } else if (mayCall(caller, row[2], publicAccess)) {
            expect([401, 403, 404, 405, 500], what).not.toContain(
              answered.status === 404 && path.includes(':') ? 0 : answered.status,
            )
          } else if (method !== 'HEAD') {
            expectError(answered, caller === 'nobody' ? 'token-missing' : 'forbidden')
          } else expect(answered.status, what).toBe(caller === 'nobody' ? 401 : 403)
        }
      }
    })
})
