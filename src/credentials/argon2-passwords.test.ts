import { hash as argon2 } from '@node-rs/argon2'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../domain/errors.ts'
import { argon2Passwords } from './argon2-passwords.ts'

const passwords = await argon2Passwords()
const MATCHES = { matches: true, outdated: false }
const MATCHES_OUTDATED = { matches: true, outdated: true }

describe('new passwords', () => {
  test('are Argon2id of the wanted cost, each with its own salt', async () => {
    const [first, second] = await Promise.all([passwords.hash('tre xanh'), passwords.hash('tre xanh')])
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(first).not.toBe(second)
    expect(await passwords.verify(first, 'tre xanh')).toEqual(MATCHES)
  })

  test.each(['tre xan', 'tre xanhh', 'Tre xanh', '', 'tre xanh\u0000'])('%j is not "tre xanh"', async (wrong) => {
    expect((await passwords.verify(await passwords.hash('tre xanh'), wrong)).matches).toBe(false)
  })

  test('are the same however the keyboard composes them', async () => {
    const stored = await passwords.hash('mật khẩu'.normalize('NFC'))
    expect(await passwords.verify(stored, 'mật khẩu'.normalize('NFD'))).toEqual(MATCHES)
  })

  test('nothing is cut off: the end of a long one counts', async () => {
    const long = 'x'.repeat(200)
    const stored = await passwords.hash(`${long}a`)
    expect((await passwords.verify(stored, `${long}b`)).matches).toBe(false)
    expect((await passwords.verify(stored, `${long}a`)).matches).toBe(true)
  })
})

describe('adopted values', () => {
  test.each(['secret123', 'có dấu', ' spaces ', '$', '$money$', '{brace}', "' OR 1=1 --"])(
    'plain %j',
    async (stored) => {
      expect(await passwords.verify(stored, stored)).toEqual(MATCHES_OUTDATED)
      expect((await passwords.verify(stored, `${stored}x`)).matches).toBe(false)
      expect((await passwords.verify(stored, '')).matches).toBe(false)
    },
  )

  test('plain ones are the same however they were composed', async () => {
    expect(await passwords.verify('mật khẩu'.normalize('NFD'), 'mật khẩu'.normalize('NFC'))).toEqual(MATCHES_OUTDATED)
  })

  test.each(['2a', '2b', '2y'] as const)('bcrypt $%s$', async (version) => {
    const stored = (await bcrypt('tre xanh', 4)).replace(/^\$2b/, `$${version}`)
    expect(stored.startsWith(`$${version}$`)).toBe(true)
    expect(await passwords.verify(stored, 'tre xanh')).toEqual(MATCHES_OUTDATED)
    expect((await passwords.verify(stored, 'tre xanj')).matches).toBe(false)
  })

  test.each([
    { memoryCost: 8_192, timeCost: 2, parallelism: 1 },
    { memoryCost: 19_456, timeCost: 1, parallelism: 1 },
    { memoryCost: 19_456, timeCost: 2, parallelism: 2 },
  ])('Argon2id with other parameters %j', async (cost) => {
    expect(await passwords.verify(await argon2('tre xanh', cost), 'tre xanh')).toEqual(MATCHES_OUTDATED)
  })

  test.each([
    ['', 'an empty value'],
    ['$1$salt$qJH7.N4xYta3aEG/dfqo/0', 'MD5 crypt'],
    ['$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.', 'SHA-512 crypt'],
    ['$argon2id$v=19$m=4294967295,t=4294967295,p=255$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo', 'an Argon2 bomb'],
    ['$argon2id$broken', 'broken Argon2'],
    ['$2y$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz0123456', 'a bcrypt bomb'],
    ['$2y$10$short', 'broken bcrypt'],
  ])('%j matches nothing, least of all itself: %s', async (stored) => {
    expect((await passwords.verify(stored, stored)).matches).toBe(false)
    expect((await passwords.verify(stored, 'anything')).matches).toBe(false)
  })

  test('no account matches nothing', async () => {
    expect((await passwords.verify(null, '')).matches).toBe(false)
    expect((await passwords.verify(null, 'nobody has this password')).matches).toBe(false)
  })
})

describe('a crowd at the door', () => {
  test('some are checked, the rest is refused at once as overloaded, and the next one is served', async () => {
    const crowd = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.verify('x', 'x')))
    const served = crowd.filter(({ status }) => status === 'fulfilled')
    const refused = crowd.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(served).toHaveLength(34)
    expect(refused).toHaveLength(166)
    expect(refused.every((reason) => isRefusal(reason, 'overloaded'))).toBe(true)
    expect(await passwords.verify('x', 'x')).toEqual(MATCHES_OUTDATED)
  })
})

test('random passwords differ and fit the rules of any account', () => {
  const made = new Set(Array.from({ length: 100 }, () => passwords.random()))
  expect(made.size).toBe(100)
  for (const password of made) expect(password).toMatch(/^([a-hj-km-np-tv-z2-9]{4}-){4}[a-hj-km-np-tv-z2-9]{4}$/)
})
