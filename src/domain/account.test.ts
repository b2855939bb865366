import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkUsername, networkOf, ROLES, roleAllows } from './account.ts'
import { isRefusal } from './errors.ts'

describe('roles', () => {
  test('each allows what the ones before it do, and no more', () => {
    for (const [held, heldRole] of ROLES.entries())
      for (const [needed, neededRole] of ROLES.entries()) expect(roleAllows(heldRole, neededRole)).toBe(held >= needed)
  })
})

describe('usernames', () => {
  test.each(['admin', 'nguyễn.văn-a', '王小明', 'a', '7', 'first.last+tag@example.org', 'x'.repeat(50)])(
    '%s will do',
    (name) => {
      expect(checkUsername(name)).toBe(name.normalize('NFC'))
    },
  )

  test.each([
    ['', 'nothing'],
    ['   ', 'spaces'],
    ['a b', 'a space'],
    ['a\u0000b', 'NUL'],
    ['..', 'a path'],
    ['a/b', 'a slash'],
    ["admin'--", 'a quote'],
    ['<b>', 'markup'],
    ['=1+1', 'a formula'],
    ['a\u200bb', 'a zero-width space'],
    ['\u202eadmin', 'a bidi mark'],
    ['a\ud800', 'half a surrogate pair'],
    ['😀', 'emoji only'],
    ['x'.repeat(51), '51 characters'],
    ['x'.repeat(10_000), '10,000 characters'],
  ])('%j is refused: %s', (name) => {
    expect(() => checkUsername(name)).toThrow('field-invalid')
  })

  test('the same name typed with other combinations of accents is the same name', () => {
    expect(checkUsername('nguyễn'.normalize('NFD'))).toBe('nguyễn'.normalize('NFC'))
  })

  test('anything is either refused or stored clean', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          const name = checkUsername(text)
          expect(name).toBe(name.normalize('NFC').trim())
          expect(checkUsername(name)).toBe(name)
        } catch (error) {
          expect(isRefusal(error, 'field-invalid')).toBe(true)
        }
      }),
    )
  })
})

describe('networks', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('%s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
