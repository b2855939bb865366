import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerMisconfigured } from '../domain/errors.ts'
import { keyLine, newKey, parseKeys } from './key.ts'
import { addKey, keyFileRing, makeKeyFile } from './key-ring.ts'

const AT = new Date('2026-03-01T08:00:00Z')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhandien-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a key is the same wherever it stands, and tells nothing of itself by its id', () => {
  const [one, two] = [newKey(), newKey()]
  const keys = parseKeys(`# a comment\n ${keyLine(one)} # and one more\r\n\n${keyLine(two)},`, 'x')
  expect(keys.map(({ id }) => id)).toEqual([one.id, two.id])
  expect(one.id).toMatch(/^[0-9a-f]{16}$/)
  expect(one.id).not.toBe(two.id)
})

test.each([
  ['nothing', ''],
  ['comments only', '# none\n'],
  ['a short key', Buffer.alloc(31, 7).toString('base64')],
  ['a long key', Buffer.alloc(33, 7).toString('base64')],
  ['a password', 'correct horse battery staple'],
  ['hexadecimal', '07'.repeat(32)],
])('%s is refused without being repeated', (_, text) => {
  const refused = () => parseKeys(text, 'ENCRYPTION_KEY')
  expect(refused).toThrow(ServerMisconfigured)
  expect(refused).toThrow(/^ENCRYPTION_KEY.*keys generate/)
  if (text !== '') expect(refused).not.toThrow(text.slice(2))
})

test('a key file is for its owner alone, and is not made over another', () => {
  const path = join(folder, 'made.key')
  const key = makeKeyFile(path, AT)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe(`# ${key.id}, made 2026-03-01\n${keyLine(key)}\n`)
  expect(() => makeKeyFile(path, AT)).toThrow('EEXIST')
})

test('a key that is added is used by who has read the file before', () => {
  const path = join(folder, 'added.key')
  const first = makeKeyFile(path, AT)
  const ring = keyFileRing(path)
  expect(ring.current().id).toBe(first.id)
  const second = addKey(path, AT)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(ring.key(second.id)?.id).toBe(second.id)
  expect(ring.current().id).toBe(second.id)
  expect(ring.key(first.id)?.id).toBe(first.id)
})

test('a key is added without taking the file from its owner', () => {
  const path = join(folder, 'owned.key')
  makeKeyFile(path, AT)
  chmodSync(path, 0o640)
  // Only root may give a file away.
  if (process.getuid?.() === 0) chownSync(path, 12_345, 54_321)
  const { uid, gid, mode } = statSync(path)
  addKey(path, AT)
  expect(statSync(path)).toMatchObject({ uid, gid, mode })
})

test('a key file that is spoilt or gone later does not take the keys away', () => {
  const path = join(folder, 'spoilt.key')
  const key = makeKeyFile(path, AT)
  const ring = keyFileRing(path)
  writeFileSync(path, 'rubbish')
  expect(ring.key('0'.repeat(16))).toBeUndefined()
  rmSync(path)
  expect(ring.key('0'.repeat(16))).toBeUndefined()
  expect(ring.current().id).toBe(key.id)
  expect(() => keyFileRing(path)).toThrow(ServerMisconfigured)
})
